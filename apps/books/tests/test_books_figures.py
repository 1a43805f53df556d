"""What the reports read, against sums of the lines themselves, for any range and state."""

from __future__ import annotations

import datetime as dt
import itertools
import random

import pytest

from apps.accounts.queries import accounts_of
from apps.books.reports.asking import Asked
from apps.books.reports.figures import Figures
from apps.books.reports.mayor import mayor_report
from apps.books.reports.position import position_report
from apps.books.reports.results import results_report
from apps.books.reports.trial import trial_report
from apps.trans.actions import close_transactions, post_transactions, verify_transactions
from apps.trans.balances import together
from apps.trans.models import Entry
from ledger.entries import Draft, Line

pytestmark = pytest.mark.django_db
DAYS = ["2025-11-20", "2025-12-31", "2026-01-01", "2026-01-15", "2026-01-31", "2026-02-17", "2026-03-31"]
RANGES = [tuple(map(dt.date.fromisoformat, pair)) for pair in itertools.combinations_with_replacement(DAYS, 2)]
STATES = [{0, 1, 2}, {0}, {1}, {2}, {0, 2}, {1, 2}]


@pytest.fixture
def lines(company, codes, teacher):
    """A hundred transactions in five months, in all states; return their lines: day, status, account, net."""
    dice, accounts = random.Random(11), sorted(codes[code] for code in (
        "11101", "11301", "11601", "12306", "21101", "22101", "31101", "41101", "42101", "51101", "53201",
    ))
    drafts = []
    for number in range(100):
        debited, credited = dice.sample(accounts, 2)
        amount, day = dice.randrange(1, 10**9), dt.date(2025, 11, 1) + dt.timedelta(days=dice.randrange(151))
        drafts.append(Draft(day, str(number), (Line(debited, debit=amount), Line(credited, credit=amount))))
    keys = [posted.pk for posted in post_transactions(drafts, acting_user=teacher, company=company)]
    verify_transactions(keys[30:], acting_user=teacher, company=company)
    close_transactions(keys[45:], acting_user=teacher, company=company)
    rows = Entry.objects.values_list("date", "transaction__status", "account_id", "debit", "credit")
    return [(day, status, account, debit - credit) for day, status, account, debit, credit in rows]


def nets(lines, first, last, statuses):
    found = {}
    for day, status, account, net in lines:
        if (first is None or day >= first) and day <= last and status in statuses:
            found[account] = found.get(account, 0) + net
    return {account: net for account, net in found.items() if net}


@pytest.mark.parametrize("statuses", STATES, ids=str)
def test_figures_are_the_sums_of_the_lines(company, lines, statuses):
    figures = Figures(company, frozenset(statuses))
    for first, last in RANGES:
        moved = {key: debits - credits_ for key, (debits, credits_) in figures.moved(first, last).items()}
        assert {key: net for key, net in moved.items() if net} == nets(lines, first, last, statuses), (first, last)
        by_month = figures.by_month(first, last)
        for month, found in by_month.items():
            end = (month.replace(day=28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
            wanted = nets(lines, max(first, month), min(last, end), statuses)
            assert {key: sides[0] - sides[1] for key, sides in found.items() if sides[0] != sides[1]} == wanted
        assert together(by_month.values()) == figures.moved(first, last)


@pytest.mark.parametrize("statuses", STATES[:3], ids=str)
def test_reports_agree_with_the_lines_and_with_one_another(company, codes, lines, statuses):
    names = {pk: code for code, pk in codes.items()}
    for first, last in RANGES[::3]:
        asked = Asked(first, last, statuses=frozenset(statuses))
        trial = trial_report(company, asked)
        left = {row["code"]: row["saldo_deudor"] - row["saldo_acreedor"] for row in trial.rows}
        wanted = {names[key]: net for key, net in nets(lines, None, last, statuses).items()}
        assert {code: net for code, net in left.items() if net} == wanted
        mayor = {row["code"]: row for row in mayor_report(company, asked).rows}
        assert {code: row["saldo"] for code, row in mayor.items() if row["saldo"]} == {
            account.code: net if account.nature else -net
            for account in accounts_of(company).filter(code__in=wanted) for net in [wanted[account.code]]
        }
        position, results = position_report(company, asked).totals, results_report(company, asked).totals
        assert position["activo"] == position["pasivo_y_patrimonio_neto"]
        assert position["resultado"] == results["resultado"] == -sum(
            net for key, net in nets(lines, first, last, statuses).items() if names[key][0] in "45"
        )
