"""What each step of a closing would record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from apps.accounts.queries import accounts_of
from apps.books.errors import (
    NoSuchAccountNamed,
    NothingToClose,
    ResultsNotZero,
    StepBlocked,
    YearNotBooked,
)
from apps.books.reports.figures import RESULT_ACCOUNT, Figures, account_asked
from apps.books.years import inflation
from apps.books.years.queries import Year, standing, unclosed
from apps.companies.models import Company
from apps.trans.actions.rows import drafts_of
from apps.trans.balances import EVERY_STATUS
from apps.trans.models import TransactionKind
from ledger.closing import Restated, close_books, close_results, open_books
from ledger.entries import Draft, Line
from ledger.statements import EXPENSE, INCOME


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller adds to a step: the lines and legend of an adjustment, the account of the result."""

    lines: tuple[Line, ...] = ()
    legend: str = ""
    result_account: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that a step would record, with the working of the adjustment for inflation."""

    draft: Draft
    working: Sequence[Restated] = field(default=())


def propose(company: Company, year: Year, step: TransactionKind, wish: Wish) -> Proposal:
    """Return what a step would record. Read it in the unit or snapshot that uses it.

    Raises StepBlocked and its kin, NothingToClose, NoSuchAccountNamed, IndicesMissing.
    """
    lines, restated = _PROPOSERS[step](company, year, wish)
    if not lines:
        raise NothingToClose
    return Proposal(Draft(year.date_of(step), wish.legend or _legend(step, year), tuple(lines)), restated)


_Proposed = tuple[Sequence[Line], Sequence[Restated]]


def _adjustment(company: Company, year: Year, wish: Wish) -> _Proposed:
    _must_be_open(company, year)
    return wish.lines, ()


def _inflation(company: Company, year: Year, _wish: Wish) -> _Proposed:
    _must_be_open(company, year)
    restated = inflation.working(company, year)
    return inflation.entry_lines(company, restated), restated


def _results(company: Company, year: Year, wish: Wish) -> _Proposed:
    _must_be_booked(company, year)
    if standing(company, year, TransactionKind.CLOSING):
        raise StepBlocked(_("The books of the year are closed already."))
    return close_results(_nets(company, year.last, results=True), _result_account(company, wish)), ()


def _closing(company: Company, year: Year, _wish: Wish) -> _Proposed:
    _must_be_booked(company, year)
    before = Year(year.number - 1)
    if standing(company, before, TransactionKind.CLOSING) and not standing(company, before, TransactionKind.OPENING):
        raise StepBlocked(_("The books of the year before are closed and were not opened again in this one."))
    if _nets(company, year.last, results=True):
        raise ResultsNotZero
    return close_books(_nets(company, year.last, results=False)), ()


def _opening(company: Company, year: Year, _wish: Wish) -> _Proposed:
    closing = standing(company, year, TransactionKind.CLOSING)
    if not closing:
        raise StepBlocked(_("The books of the year are not closed yet."))
    return open_books(drafts_of(closing)[closing[0].pk].lines), ()


_PROPOSERS = {
    TransactionKind.ADJUSTMENT: _adjustment,
    TransactionKind.INFLATION: _inflation,
    TransactionKind.RESULTS: _results,
    TransactionKind.CLOSING: _closing,
    TransactionKind.OPENING: _opening,
}


def _must_be_open(company: Company, year: Year) -> None:
    if standing(company, year, TransactionKind.RESULTS):
        raise StepBlocked(_("The results of the year are closed already: reopen the year first."))


def _must_be_booked(company: Company, year: Year) -> None:
    pending, verified = unclosed(company, year)
    if pending or verified:
        raise YearNotBooked(pending, verified)


def _nets(company: Company, day: dt.date, *, results: bool) -> dict[int, int]:
    """Return debe - haber of each account on a day: of results, or of all others; zeros left out."""
    accounts = accounts_of(company)
    kinds = [INCOME, EXPENSE]
    accounts = accounts.filter(kind__in=kinds) if results else accounts.exclude(kind__in=kinds)
    moved = Figures(company, EVERY_STATUS, accounts).moved(None, day)
    return {key: sides[0] - sides[1] for key, sides in sorted(moved.items()) if sides[0] != sides[1]}


def _result_account(company: Company, wish: Wish) -> int:
    if wish.result_account is not None:
        return account_asked(company, wish.result_account) or 0
    rows = accounts_of(company).filter(postable=True, status=True, kind="patrimonio")
    found = rows.filter(search_text__contains=RESULT_ACCOUNT).order_by("code").values_list("pk", flat=True).first()
    if found is None:
        raise NoSuchAccountNamed(_("Result of the fiscal year"))
    return found


def _legend(step: TransactionKind, year: Year) -> str:
    texts = {
        TransactionKind.ADJUSTMENT: _("Adjustment at the closing of fiscal year %(year)d"),
        TransactionKind.INFLATION: _("Adjustment for inflation of fiscal year %(year)d"),
        TransactionKind.RESULTS: _("Closing of the results of fiscal year %(year)d"),
        TransactionKind.CLOSING: _("Closing of the books of fiscal year %(year)d"),
        TransactionKind.OPENING: _("Opening of the books of fiscal year %(year)d"),
    }
    return texts[step] % {"year": year.date_of(step).year}
