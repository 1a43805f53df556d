"""What is told of an import: what was brought, what was set aside and why, what one should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypedDict

from django.utils.translation import gettext_lazy as _

from apps.transfer.first.source import Row

# Secrets stay where they are: a report is handed about.
_KEPT_OUT = {"password"}

ASIDE = {
    "email_invalid": _("“%(value)s” is no e-mail: nobody could log in with it."),
    "email_repeated": _("User %(other)s has the same e-mail, however it is written: what this one recorded is theirs."),
    "code_invalid": _("“%(value)s” is no account code: use digits, with dots between them if you like."),
    "code_repeated": _("Account %(other)s has the code “%(value)s” too, with another name or nature."),
    "code_is_heading": _("“%(value)s” is a heading of the company: nothing can be posted to it."),
    "nature_differs": _("The company's account “%(value)s” has entries and the opposite nature."),
    "name_missing": _("The account has no name."),
    "date_missing": _("The transaction has no date."),
    "date_unreadable": _("“%(value)s” is no date that can be read without guessing."),
    "date_unreal": _("There is no day “%(value)s”."),
    "date_out_of_range": _("%(value)s: the date must lie between 1900 and 2199."),
    "period_closed": _("%(value)s lies in a period that is closed in this company: reopen it and import again."),
    "no_lines": _("The transaction has no lines."),
    "too_few_lines": _("The transaction has one line only."),
    "too_many_lines": _("The transaction has too many lines."),
    "unbalanced": _("The debits are %(debit)s and the credits %(credit)s."),
    "amount_unreadable": _("Line %(line)s: “%(value)s” is no whole number of centavos."),
    "amount_fraction": _("Line %(line)s: %(value)s has a fraction of a centavo."),
    "amount_too_large": _("An amount is larger than the books can hold."),
    "negative_amount": _("Line %(line)s has a negative amount: on which side it belongs is for you to say."),
    "two_sides": _("Line %(line)s has a debit and a credit."),
    "account_lost": _("Line %(line)s names account “%(value)s”, which is not in the file."),
    "account_aside": _("Line %(line)s names account “%(value)s”, which was set aside."),
    "account_heading": _("Line %(line)s names a heading."),
    "account_inactive": _("Line %(line)s names an account that is inactive in this company: activate it and import"
                          " again."),
    "transaction_lost": _("The line belongs to transaction “%(value)s”, which is not in the file."),
    "transaction_repeated": _("Another transaction of the file has the same number."),
    "line_empty": _("The line has no amount: its transaction was brought without it."),
    "question_missing": _("The question is blank."),
    "asker_lost": _("The question is of user “%(value)s”, who is not in the file."),
    "changed_since": _("The row was brought before, and has been changed in the old books since then."),
}
NOTES = {
    "lacking": _("The file lacks %(value)s."),
    "others": _("Tables of the file that are not brought: %(value)s."),
    "user_known": _("There is a user with this e-mail here already: they keep their name, role and password."),
    "password_unknown": _("The password cannot be brought: the user needs a new one."),
    "name_cut": _("The name was cut to %(max)d characters."),
    "role_unknown": _("“%(value)s” is no role: the user comes as inactive."),
    "status_unknown": _("“%(value)s” is no state."),
    "leader": _("The user has rol 0 and may do everything in this installation."),
    "code_shared": _("Account %(other)s is the same account: they came as one."),
    "account_known": _("The company's account “%(value)s” is called “%(here)s” here, and stays so."),
    "nature_assumed": _("The nature could not be read: it was taken from the code."),
    "saldo_differs": _("The balance stored is %(stored)s, the transactions that came add up to %(found)s."),
    "month_first": _("“%(value)s” was read as month/day: it cannot be day/month."),
    "day_first": _("“%(value)s” was read as day/month: it cannot be month/day."),
    "short_year": _("“%(value)s” was read as %(date)s."),
    "recorder_lost": _("It was recorded by user “%(value)s”, who did not come: it stands under %(other)s."),
    "legend_cut": _("The legend was cut to %(max)d characters: “%(value)s”."),
    "time_unreadable": _("“%(value)s” is no time that can be read: the time of the import stands in its place."),
    "mode": _("The old system worked in %(value)s mode and in %(currency)s; this one stays as it is."),
    "superuser": _("The user was a superuser there; here they are what their role says."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know of a row; set aside where `row` is there, with its `lines` where it has some."""

    table: str
    key: str
    code: str
    figures: Mapping[str, Any]
    row: Mapping[str, Any] | None = None
    lines: tuple[Mapping[str, Any], ...] = ()

    @property
    def text(self) -> str:
        """What happened, in words."""
        return str((NOTES if self.row is None else ASIDE)[self.code]) % self.figures


@dataclass
class Findings:
    """What planning meets, in order."""

    found: list[Finding] = field(default_factory=list)
    _aside: Counter[str] = field(default_factory=Counter)

    def aside(self, row: Row, code: str, *, lines: Sequence[Row] = (), **figures: Any) -> None:
        """Set a row aside, whole."""
        whole = tuple(_shown(line) for line in lines)
        self.found.append(Finding(row.table, row.key, code, figures, _shown(row), whole))
        self._count(self.found[-1], 1)

    def note(self, row: Row, code: str, **figures: Any) -> None:
        """Say something of a row that comes."""
        self.found.append(Finding(row.table, row.key, code, figures))

    def remark(self, table: str, code: str, **figures: Any) -> None:
        """Say something of a table, or of the file."""
        self.found.append(Finding(table, "", code, figures))

    def forget(self, mark: int) -> None:
        """Take back what was found since there were `mark` findings."""
        for finding in self.found[mark:]:
            self._count(finding, -1)
        del self.found[mark:]

    def _count(self, finding: Finding, times: int) -> None:
        if finding.row is not None:
            self._aside[finding.table] += times
            self._aside["transaction_entries"] += times * len(finding.lines)

    def count_aside(self, table: str) -> int:
        """Return how many rows of a table were set aside."""
        return self._aside[table]


def _shown(row: Row) -> dict[str, Any]:
    return {name: "(kept out of the report)" if name in _KEPT_OUT else cell for name, cell in row.cells.items()}


class TableCounts(TypedDict):
    """Rows of one table: found in the file, brought now, here already (or one with another), set aside."""

    found: int
    brought: int
    already: int
    set_aside: int


class ReportWire(TypedDict):
    """The report of an import, or of its rehearsal. Amounts are centavos."""

    file: str
    sha256: str
    company: str
    dry_run: bool
    made_at: str
    counts: dict[str, TableCounts]
    total_brought: int
    set_aside: list[dict[str, Any]]
    notes: list[dict[str, Any]]


def wire(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON holds it."""
    told: dict[str, Any] = {
        "table": finding.table, "key": finding.key, "code": finding.code, "text": finding.text,
    }
    if finding.row is not None:
        told["row"] = dict(finding.row)
    if finding.lines:
        told["lines"] = [dict(line) for line in finding.lines]
    return told
