"""The chart of the first Mosaite."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from apps.accounts.chart import ChartLine, default_chart
from apps.accounts.models import AccountKind
from apps.accounts.placing import KIND_BY_FIRST_DIGIT
from apps.common.text import fold
from apps.transfer.first import cells
from apps.transfer.first.desk import Desk
from apps.transfer.first.source import Row
from ledger.codes import heading_of
from ledger.rules import AccountFacts

NAME_MAX, CODE_MAX = 120, 30
_CODE = re.compile(r"[0-9]+(\.[0-9]+)*")
_DEBIT_KINDS = {AccountKind.ASSET, AccountKind.EXPENSE}


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be created; `active` only once everything is posted."""

    row: Row
    code: str
    name: str
    nature: bool
    active: bool


@dataclass
class Chart:
    """What comes, and which is which: by old key the code of a new account, or the key of one that is here.

    `turned` are accounts here that nobody has used, with the nature that the old books gave them.
    """

    new: dict[str, NewAccount] = field(default_factory=dict)
    which: dict[str, str | int] = field(default_factory=dict)
    facts: dict[str | int, AccountFacts] = field(default_factory=dict)
    aside: set[str] = field(default_factory=set)
    known: list[tuple[Row, int]] = field(default_factory=list)
    turned: dict[int, bool] = field(default_factory=dict)


def plan(rows: Sequence[Row], desk: Desk) -> Chart:
    """Return what comes of the accounts in the file."""
    planner = _Planner(desk)
    for row in rows:
        planner.take(row)
    return planner.chart


class _Planner:
    def __init__(self, desk: Desk) -> None:
        self.chart = Chart()
        self._here = desk.here
        self._findings = desk.findings
        self._defaults = {line.code: line for line in default_chart()}
        self._by_pk = {account.pk: account for account in desk.here.accounts.values()}

    def take(self, row: Row) -> None:
        code, name = cells.key(row.cells.get("code")).replace(" ", ""), cells.line(row.cells.get("name"))
        if before := self._here.before("accounts").get(row.key):
            self._point(row, before.row_id)
        elif not _CODE.fullmatch(code) or len(code) > CODE_MAX:
            self._aside(row, "code_invalid", value=code)
        elif code in self._here.accounts:
            self._meet(row, code, name)
        elif not name:
            self._aside(row, "name_missing")
        elif code in self.chart.new:
            self._share(row, code, name)
        else:
            self._add(row, code, name)

    def _point(self, row: Row, pk: int) -> None:
        self.chart.which[row.key] = pk
        account = self._by_pk.get(pk)
        if account is not None:  # else it was deleted here since
            self.chart.facts[pk] = AccountFacts(account.postable, account.active)

    def _meet(self, row: Row, code: str, name: str) -> None:
        """Bring an account into one that the company has."""
        account, nature = self._here.accounts[code], self._nature(row, code, quiet=True)
        if not account.postable:
            self._aside(row, "code_is_heading", value=code)
            return
        if nature != account.nature and account.used:
            self._aside(row, "nature_differs", value=code)
            return
        if nature != account.nature:
            self.chart.turned[account.pk] = nature
        if fold(name) != fold(account.name):
            self._findings.note(row, "account_known", value=code, here=account.name)
        self._point(row, account.pk)
        self.chart.known.append((row, account.pk))

    def _share(self, row: Row, code: str, name: str) -> None:
        first = self.chart.new[code]
        if (fold(first.name), first.nature) != (fold(name), self._nature(row, code, quiet=True)):
            self._aside(row, "code_repeated", value=code, other=first.row.key)
            return
        self._findings.note(row, "code_shared", other=first.row.key)
        self.chart.which[row.key] = code

    def _add(self, row: Row, code: str, name: str) -> None:
        if len(name) > NAME_MAX:
            self._findings.note(row, "name_cut", max=NAME_MAX)
        active = cells.flag(row.cells.get("status"), "act", "inact")
        nature = self._nature(row, code, quiet=False)
        self.chart.new[code] = NewAccount(row, code, name[:NAME_MAX], nature, active is not False)
        self.chart.which[row.key] = code
        self.chart.facts[code] = AccountFacts(postable=True, active=True)

    def _nature(self, row: Row, code: str, *, quiet: bool) -> bool:
        said = cells.flag(row.cells.get("nature"), "d", "a h")
        if said is not None:
            return said
        if not quiet:
            self._findings.note(row, "nature_assumed")
        line = self._defaults.get(code)
        return line.nature if line else KIND_BY_FIRST_DIGIT.get(code[0]) in _DEBIT_KINDS

    def _aside(self, row: Row, code: str, **figures: Any) -> None:
        self._findings.aside(row, code, **figures)
        self.chart.aside.add(row.key)


def lines_of(accounts: Sequence[NewAccount], standing: Mapping[str, str]) -> list[ChartLine]:
    """Return what is to be planted: the accounts, and headings of the default chart that they fall under.

    `standing` are the headings that the company has: kinds by code.
    """
    defaults = {line.code: line for line in default_chart()}
    own = {account.code for account in accounts}
    known = [code for code, line in defaults.items() if not line.postable and code not in own]
    made = [defaults[code] for code in _needed(own, known, standing)]
    kinds = {line.code: line.kind for line in made} | dict(standing)
    headings = [
        replace(line, parent_code=parent, kind=kinds.get(parent or "", line.kind))
        for line in made for parent in [heading_of(line.code, kinds)]
    ]
    return headings + [_line(account, heading_of(account.code, kinds), kinds, defaults) for account in accounts]


def _needed(codes: set[str], known: Sequence[str], standing: Mapping[str, str]) -> list[str]:
    """Return the known headings above the codes that do not stand yet, from the top down."""
    needed: set[str] = set()
    pending = set(codes)
    while pending:
        above = {heading for code in pending if (heading := heading_of(code, known))}
        pending = above - needed - standing.keys()
        needed |= pending
    return sorted(needed)


def _line(
    account: NewAccount, parent: str | None, kinds: Mapping[str, str], defaults: Mapping[str, ChartLine]
) -> ChartLine:
    like = defaults.get(account.code)
    if like is None or not like.postable or fold(like.name) != fold(account.name):
        like = defaults.get(parent or "")  # of another name: what its heading is
    by_digit = KIND_BY_FIRST_DIGIT.get(account.code[0], AccountKind.MEMORANDUM)
    return ChartLine(
        account.code, account.name, kinds.get(parent or "", by_digit), account.nature, like.liquidity if like else "",
        monetary=bool(like and like.monetary), postable=True, parent_code=parent,
    )
