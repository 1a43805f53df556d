"""`verify_ledger` names exactly what was done to the books behind the guards' back."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from apps.common import guards
from apps.common.db import MONEY_MAX
from apps.trans import actions
from apps.trans.models import Transaction
from apps.trans.tests.raw_books import sql
from apps.trans.verification import Finding, verify_ledger
from ledger.entries import Draft, Line

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


class Books:
    """A pending, a verified, a closed and a reversed transaction, recorded by the actions."""

    def __init__(self, company, user, chart, foreign=None) -> None:
        self.company, self.user, self.chart, self.foreign = company, user, chart, foreign
        self.who = {"acting_user": user, "company": company}
        self.pending, self.verified, self.closed, self.reversed = (self.post() for _each in range(4))
        ids = [row.pk for row in (self.verified, self.closed, self.reversed)]
        actions.verify_transactions(ids, **self.who)
        actions.close_transactions(ids[1:], **self.who)
        self.mirror = actions.reverse_transaction(self.reversed.pk, reason="error", date=DAY, **self.who)

    def post(self) -> Transaction:
        lines = (Line(self.chart["caja"].pk, debit=100), Line(self.chart["ventas"].pk, credit=100))
        return actions.post_transaction(Draft(DAY, "Venta", lines), **self.who)

    @property
    def names(self) -> dict[str, Any]:
        """Return keys by the names that the table of tampering uses."""
        rows = {name: getattr(self, name).pk for name in ("pending", "verified", "closed", "reversed", "mirror")}
        accounts = {key: account.pk for key, account in self.chart.items()}
        entries = {
            f"{name}_{side}": getattr(self, name).entries.get(**{side: 100}).pk
            for name in ("pending", "verified", "closed", "reversed", "mirror") for side in ("debit", "credit")
        }
        owners = {"company": self.company.pk, "user": self.user.pk, "ajena": self.foreign.pk}
        return rows | accounts | entries | owners | {"line": entries["pending_debit"]}


@pytest.fixture
def books(company, teacher, chart, other_chart) -> Books:
    return Books(company, teacher, chart, foreign=other_chart["caja"])


def tampered(statements: list[str], names: dict[str, Any]) -> list[Finding]:
    """Return what is found after statements that no guard and no CHECK looks at; then undo them."""
    with transaction.atomic():
        connection.check_constraints()
        guards.uninstall(connection)
        _switch_checks(on=False)
        for statement in statements:
            sql(statement.format(**names))
        _switch_checks(on=True)
        if connection.vendor == "postgresql":
            connection.check_constraints()
        guards.install(connection)
        found = verify_ledger()
        transaction.set_rollback(True)
    return found


def _switch_checks(*, on: bool) -> None:
    if connection.vendor == "sqlite":
        sql(f"PRAGMA ignore_check_constraints = {'OFF' if on else 'ON'}")
    elif not on:
        for table, constraint in (
            ("transaction_entries", "entries_one_positive_side"),
            ("transactions", "transactions_number_when_closed"),
            ("transactions", "transactions_reversal_linked"),
            ("transactions", "transactions_unique_number"),
        ):
            sql(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


sqlite, postgresql = pytest.mark.sqlite, pytest.mark.postgresql

# What is done, then each finding: code, subject, expected, found. Any digest is written "...".
TAMPERING = [
    pytest.param(
        ["UPDATE accounts SET debits = debits + 1 WHERE acc_id = {caja}"],
        ["account_debits {caja} 400 401"],
        id="an account's debits",
    ),
    pytest.param(
        ["UPDATE accounts SET credits = 0 WHERE acc_id = {ventas}"],
        ["account_credits {ventas} 400 0"],
        id="an account's credits",
    ),
    pytest.param(
        ["UPDATE account_months SET credits = credits - 1 WHERE account_id = {ventas}"],
        ["month_credits {ventas}/2026-03 400 399"],
        id="a month's credits",
    ),
    pytest.param(
        ["DELETE FROM account_months WHERE account_id = {caja}"],
        ["month_debits {caja}/2026-03 400 0", "month_credits {caja}/2026-03 100 0"],
        id="a month lost",
    ),
    pytest.param(
        ["INSERT INTO account_months (account_id, month, debits, credits) VALUES ({iva}, '2026-01-01', 5, 0)"],
        ["month_debits {iva}/2026-01 0 5"],
        id="a month of nothing",
    ),
    pytest.param(
        ["UPDATE transaction_tallies SET count = 7 WHERE status = 0"],
        ["tally {user}/2026-03/0 1 7"],
        id="a tally",
    ),
    pytest.param(
        ["UPDATE transaction_entries SET debit = 90 WHERE entr_id = {line}"],
        [
            "unbalanced {pending} 90 100", "control_total {pending} 90 100", "account_debits {caja} 390 400",
            "month_debits {caja}/2026-03 390 400", "content_changed {pending} ... ...",
        ],
        id="a line's amount",
    ),
    pytest.param(
        [
            "UPDATE transaction_entries SET debit = debit * 9, credit = credit * 9 WHERE transaction_id = {closed}",
            "UPDATE transactions SET total = 900 WHERE trans_id = {closed}",
            "UPDATE accounts SET debits = debits + 800 WHERE acc_id = {caja}",
            "UPDATE accounts SET credits = credits + 800 WHERE acc_id = {ventas}",
            "UPDATE account_months SET debits = debits + 800 WHERE account_id = {caja}",
            "UPDATE account_months SET credits = credits + 800 WHERE account_id = {ventas}",
        ],
        ["content_changed {closed} ... ..."],
        id="a closed transaction and all that follows from it",
    ),
    pytest.param(
        ["UPDATE transactions SET legend = 'otra' WHERE trans_id = {closed}"],
        ["content_changed {closed} ... ..."],
        id="a closed legend",
    ),
    pytest.param(
        ["UPDATE transactions SET total = 101 WHERE trans_id = {pending}"],
        ["control_total {pending} 100 101"],
        id="a control total",
    ),
    pytest.param(
        ["UPDATE transactions SET entries_count = 3 WHERE trans_id = {pending}"],
        ["lines_count {pending} 2 3"],
        id="a count of lines",
    ),
    pytest.param(
        ["DELETE FROM transaction_entries WHERE transaction_id = {pending}"],
        [
            "control_total {pending} 0 100", "lines_count {pending} 0 2", "account_debits {caja} 300 400",
            "account_credits {ventas} 300 400", "month_debits {caja}/2026-03 300 400",
            "month_credits {ventas}/2026-03 300 400", "content_changed {pending} ... ...",
        ],
        id="lines lost",
    ),
    pytest.param(
        ["DELETE FROM transaction_entries WHERE transaction_id = {closed}",
         "DELETE FROM transactions WHERE trans_id = {closed}"],
        [
            "account_debits {caja} 300 400", "account_credits {ventas} 300 400",
            "month_debits {caja}/2026-03 300 400", "month_credits {ventas}/2026-03 300 400",
            "tally {user}/2026-03/2 2 3", "number_missing 2026 1 None", "content_missing {closed} None None",
        ],
        id="a closed transaction deleted",
    ),
    pytest.param(
        ["UPDATE transaction_entries SET debit = 0, credit = 0 WHERE entr_id = {line}"],
        [
            "unbalanced {pending} 0 100", "control_total {pending} 0 100", "line_sides {line} None 0 / 0",
            "account_debits {caja} 300 400", "month_debits {caja}/2026-03 300 400", "content_changed {pending} ... ...",
        ],
        id="a line of nothing",
    ),
    pytest.param(
        ["UPDATE transaction_entries SET debit = 100.5 WHERE entr_id = {line}"],
        ["line_sides {line} None 100.5 / 0", "content_changed {pending} ... ..."],
        id="half a centavo", marks=sqlite,
    ),
    pytest.param(
        ["UPDATE transaction_entries SET date = '2026-03-09' WHERE entr_id = {line}"],
        ["line_date {line} 2026-03-02 2026-03-09"],
        id="a line's date",
    ),
    pytest.param(
        ["UPDATE transaction_entries SET account_id = {ajena} WHERE entr_id = {line}"],
        [
            "line_account_foreign {line} None {ajena}", "account_debits {caja} 300 400",
            "account_debits {ajena} 100 0", "month_debits {caja}/2026-03 300 400", "month_debits {ajena}/2026-03 100 0",
            "content_changed {pending} ... ...",
        ],
        id="another company's account",
    ),
    pytest.param(
        ["UPDATE accounts SET postable = NOT postable WHERE acc_id = {ventas}"],
        [f"line_account_heading {{{line}}} None {{ventas}}" for line in (
            "pending_credit", "verified_credit", "closed_credit", "reversed_credit", "mirror_debit")],
        id="a used account made a heading",
    ),
    pytest.param(
        ["UPDATE accounts SET parent_id = {ajena} WHERE acc_id = {caja}"],
        ["account_parent_foreign {caja} None {ajena}"],
        id="another company's heading",
    ),
    pytest.param(
        ["UPDATE transaction_entries SET account_id = 999999 WHERE entr_id = {line}"],
        [
            "line_account_missing {line} None 999999", "account_debits {caja} 300 400", "account_debits 999999 100 0",
            "month_debits {caja}/2026-03 300 400", "month_debits 999999/2026-03 100 0",
            "content_changed {pending} ... ...",
        ],
        id="an account that is not", marks=sqlite,
    ),
    pytest.param(
        ["UPDATE transaction_entries SET transaction_id = 999999 WHERE entr_id = {line}"],
        [
            "unbalanced {pending} 0 100", "control_total {pending} 0 100", "lines_count {pending} 1 2",
            "line_lost {line} None 999999", "account_debits {caja} 300 400", "month_debits {caja}/2026-03 300 400",
            "content_changed {pending} ... ...",
        ],
        id="a line of no transaction", marks=sqlite,
    ),
    pytest.param(
        ["UPDATE transactions SET date = '2026-02-31' WHERE trans_id = {pending}",
         "UPDATE transaction_entries SET date = '2026-02-31' WHERE transaction_id = {pending}"],
        [
            "date_invalid {pending} None 2026-02-31", "month_debits {caja}/2026-02 100 0",
            "month_debits {caja}/2026-03 300 400", "month_credits {ventas}/2026-02 100 0",
            "month_credits {ventas}/2026-03 300 400", "tally {user}/2026-02/0 1 0", "tally {user}/2026-03/0 0 1",
        ],
        id="the 31st of February", marks=sqlite,
    ),
    pytest.param(
        ["UPDATE transactions SET unsealed_id = 1 WHERE trans_id = {pending}"],
        [
            "unsealed {pending} None None", "account_debits {caja} 300 400", "account_credits {ventas} 300 400",
            "month_debits {caja}/2026-03 300 400", "month_credits {ventas}/2026-03 300 400",
            "tally {user}/2026-03/0 0 1",
        ],
        id="one left unsealed", marks=sqlite,
    ),
    pytest.param(
        ["INSERT INTO books_passes (company_id, unsealed_id) VALUES ({company}, 1)"],
        ["pass_left  None None"],
        id="a pass left behind", marks=sqlite,
    ),
    pytest.param(
        ["UPDATE transactions SET number = 9 WHERE trans_id = {mirror}"],
        [*[f"number_missing 2026 {number} None" for number in range(3, 9)], "counter 2026 9 3",
         "number_changed {mirror} 3 9"],
        id="a number",
    ),
    pytest.param(
        ["UPDATE transactions SET number = 2 WHERE trans_id = {mirror}"],
        ["number_repeated 2026 None 2", "counter 2026 2 3", "number_changed {mirror} 3 2"],
        id="a number twice", marks=postgresql,
    ),
    pytest.param(
        [
            "UPDATE transactions SET number = 9 WHERE trans_id = {closed}",
            "UPDATE transactions SET number = 1 WHERE trans_id = {reversed}",
            "UPDATE transactions SET number = 2 WHERE trans_id = {closed}",
        ],
        ["number_changed {closed} 1 2", "number_changed {reversed} 2 1"],
        id="two numbers exchanged",
    ),
    pytest.param(
        ["UPDATE transaction_counters SET last = 5"],
        ["counter 2026 3 5"],
        id="the counter",
    ),
    pytest.param(
        ["UPDATE transactions SET fiscal_year = 2025 WHERE trans_id = {mirror}"],
        ["number_missing 2025 1 None", "number_missing 2025 2 None", "counter 2025 3 0", "counter 2026 2 3",
         "number_year {mirror} 2026 2025"],
        id="a number's year",
    ),
    pytest.param(
        ["UPDATE transactions SET status = 1 WHERE trans_id = {closed}"],
        ["tally {user}/2026-03/1 2 1", "tally {user}/2026-03/2 2 3", "number_state {closed} None 1"],
        id="a closed one opened",
    ),
    pytest.param(
        ["UPDATE transactions SET kind = 'standard' WHERE trans_id = {mirror}"],
        ["reversal_kind {mirror} None {reversed}"],
        id="a reversal's kind",
    ),
    pytest.param(
        ["UPDATE transactions SET reverses_id = {closed} WHERE trans_id = {mirror}"],
        ["reversal_changed {mirror} {reversed} {closed}"],
        id="an original like the other",
    ),
    pytest.param(
        ["UPDATE transactions SET reverses_id = {verified} WHERE trans_id = {mirror}"],
        ["reversal_of_open {mirror} None {verified}", "reversal_changed {mirror} {reversed} {verified}"],
        id="an original that is not closed",
    ),
    pytest.param(
        ["UPDATE transactions SET reverses_id = 999999 WHERE trans_id = {mirror}"],
        ["reversal_lost {mirror} None 999999", "reversal_unlike {mirror} 999999 None",
         "reversal_changed {mirror} {reversed} 999999"],
        id="an original that is not", marks=sqlite,
    ),
    pytest.param(
        ["UPDATE audit_events SET detail = '{{}}' WHERE subject = 'transaction' AND subject_id = '{pending}'"],
        ["chain_event_changed 1", "content_unrecorded {pending} None None"],
        id="the trail of one transaction",
    ),
    pytest.param(
        ["DELETE FROM audit_events WHERE seq = 5"],
        ["chain_event_missing 6"],
        id="an event lost",
    ),
    pytest.param(
        ["UPDATE audit_chains SET seq = 99"],
        ["chain_last_missing 10"],
        id="the head of the trail",
    ),
]


@pytest.mark.parametrize(("statements", "expected"), TAMPERING)
def test_tampering_is_named(statements, expected, books):
    found = tampered(statements, books.names)
    assert sorted(map(spelled, found)) == sorted(line.format(**books.names) for line in expected)
    assert all(str(finding) for finding in found)


def spelled(finding: Finding) -> str:
    if finding.code.startswith("chain_"):
        return f"{finding.code} {finding.subject}"
    figures = ["..." if len(str(figure)) == 64 else str(figure) for figure in (finding.expected, finding.found)]
    return f"{finding.code} {finding.subject} {' '.join(figures)}"


def test_untouched_books_are_right(books):
    assert verify_ledger() == []


def test_a_guard_taken_away_is_named(books):
    connection.check_constraints()
    sql("DROP TRIGGER transactions_seal" + (" ON transactions" if connection.vendor == "postgresql" else ""))
    (finding,) = verify_ledger()
    assert finding.code == "guard_missing"
    assert "transactions_seal" in finding.found


def test_sums_beyond_64_bits_are_exact(books):
    found = tampered([f"UPDATE transaction_entries SET debit = {MONEY_MAX} WHERE debit > 0"], books.names)
    sums = {(finding.code, finding.subject): finding.expected for finding in found}
    assert sums["account_debits", str(books.chart["caja"].pk)] == 4 * MONEY_MAX


def test_one_companys_faults_are_not_anothers(books, outsider, other_company, other_chart):
    theirs = Books(other_company, outsider, other_chart)
    guards.uninstall(connection)
    sql("UPDATE accounts SET debits = 0 WHERE acc_id = %s", theirs.chart["caja"].pk)
    guards.install(connection)
    assert verify_ledger(books.company) == []
    assert [finding.code for finding in verify_ledger(other_company)] == ["account_debits"]


def test_erased_books_are_right(books):
    actions.erase_company_books(books.company, acting_user=books.user)
    assert verify_ledger() == []


def test_deleted_and_edited_transactions_are_right(books):
    actions.delete_transaction(books.pending.pk, **books.who)
    actions.toggle_status(books.verified.pk, **books.who)
    actions.edit_transaction(books.verified.pk, actions.Change(legend="Otra", date=dt.date(2026, 5, 1)), **books.who)
    assert verify_ledger() == []


# --- The command ------------------------------------------------------------------------------------------


def run(**options: Any) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_ledger", stdout=out, **options)
    except SystemExit as stop:
        return int(stop.code), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def faulty(books) -> Books:
    connection.check_constraints()
    guards.uninstall(connection)
    sql("UPDATE accounts SET debits = 7 WHERE acc_id = %s", books.chart["caja"].pk)
    guards.install(connection)
    return books


def test_the_command_ends_well_on_right_books(books):
    assert run()[0] == 0
    assert json.loads(run(json=True)[1]) == {"ok": True, "findings": []}


def test_the_command_fails_and_names_each_fault(faulty):
    code, text = run()
    assert code == 1
    assert f"account_debits [{faulty.company.pk}]" in text.replace("empresa ", "").replace("company ", "")


def test_the_command_reports_as_json(faulty):
    code, text = run(json=True, company=faulty.company.pk)
    (finding,) = json.loads(text)["findings"]
    assert code == 1
    assert (finding["code"], finding["expected"], finding["found"]) == ("account_debits", 400, 7)


def test_the_command_refuses_an_unknown_company(books):
    with pytest.raises(CommandError, match="999999999"):
        call_command("verify_ledger", company=999999999)
