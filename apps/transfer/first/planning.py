"""What an import would do, whole, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from apps.companies.models import Company
from apps.config.models import DateFormat
from apps.transfer.first import chart, journal, people, questions
from apps.transfer.first.cells import flag, line
from apps.transfer.first.chart import Chart
from apps.transfer.first.desk import Desk
from apps.transfer.first.here import look
from apps.transfer.first.journal import Journal
from apps.transfer.first.people import People
from apps.transfer.first.questions import NewQuestion
from apps.transfer.first.report import Findings
from apps.transfer.first.source import OldBooks
from ledger.balances import saldo


@dataclass(frozen=True)
class Plan:
    """What comes, and what was found."""

    people: People
    chart: Chart
    journal: Journal
    questions: list[NewQuestion]
    findings: Findings


def plan(books: OldBooks, company: Company | None, source: str) -> Plan:
    """Return what would become of each row in the company, or in a new one."""
    here, findings = look(company, source), Findings()
    if books.others:
        findings.remark("", "others", value=", ".join(books.others))
    for lacking in books.lacking:
        findings.remark(lacking.partition(".")[0], "lacking", value=lacking)
    desk = Desk(here, findings, timezone.localtime(), _month_first(books, findings))
    coming = people.plan(books["users"], desk)
    accounts = chart.plan(books["accounts"], desk)
    recorded = journal.plan(books, desk, coming, accounts)
    _compare_balances(books, desk, accounts, recorded)
    asked = questions.plan(books["chat_queries"], desk, coming)
    return Plan(coming, accounts, recorded, asked, findings)


def _month_first(books: OldBooks, findings: Findings) -> bool:
    """Return whether the old system wrote months before days; tell in which mode it worked."""
    row = next(iter(books["config"]), None)
    if row is None:
        return False
    business = flag(row.cells.get("system_mode"), "emp busi", "educ")
    value = "business" if business else "educational"
    findings.note(row, "mode", value=value, currency=line(row.cells.get("currency")) or "ARS")
    return line(row.cells.get("date_format")).upper() == DateFormat.MDY


def _compare_balances(books: OldBooks, desk: Desk, accounts: Chart, recorded: Journal) -> None:
    """Note each balance that the old system stored and its own transactions do not bear out.

    Only where all of an account's transactions come now: a second import brings a part.
    """
    if desk.here.before("transactions"):
        return
    sums = journal.moved(recorded)
    natures = {code: new.nature for code, new in accounts.new.items()}
    by_key = {account.pk: account.nature for account in desk.here.accounts.values()} | accounts.turned
    for row in books["accounts"]:
        which = accounts.which.get(row.key)
        if which is None or "saldo" not in row.cells:
            continue
        nature = natures[which] if isinstance(which, str) else by_key.get(which, True)
        found = saldo(*sums.get(which, (0, 0)), debit_nature=nature)
        stored = row.cells["saldo"]
        if stored not in {found, str(found)}:
            desk.findings.note(row, "saldo_differs", stored=stored, found=found)
