"""What each step of a closing would record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.accounts.queries import accounts_of
from apps.books.errors import (
    NoSuchAccountNamed,
    NothingToClose,
    ResultsNotZero,
    StepBlocked,
    YearNotBooked,
)
from apps.books.reports.figures import RESULT_ACCOUNT, Figures, account_asked, chart_of
from apps.books.years import inflation
from apps.books.years.queries import Year, standing, unclosed
from apps.common.text import fold
from apps.companies.models import Company
from apps.trans.actions.rows import drafts_of
from apps.trans.balances import EVERY_STATUS
from apps.trans.models import TransactionKind
from ledger.closing import Restated, close_books, close_results, cost_of_sales, open_books
from ledger.entries import Draft, Line
from ledger.statements import EXPENSE, INCOME


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller adds to a step.

    Of an adjustment its lines, or the stock that was counted (centavos); a legend; of the closing of
    results the account that takes them, by code or number.
    """

    lines: tuple[Line, ...] = ()
    legend: str = ""
    final_stock: int | None = None
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
    return Proposal(Draft(year.date_of(step), legend_of(step, year, wish), tuple(lines)), restated)


_Proposed = tuple[Sequence[Line], Sequence[Restated]]


def _adjustment(company: Company, year: Year, wish: Wish) -> _Proposed:
    _must_be_open(company, year)
    return (wish.lines if wish.final_stock is None else _cost_of_sales(company, year, wish.final_stock)), ()


def _cost_of_sales(company: Company, year: Year, final_stock: int) -> list[Line]:
    stock, cost = (_account(company, words) for words in ("Mercaderías", "Costo de mercaderías vendidas"))
    chart = chart_of(company)
    headings = [node.acc_id for node in chart.nodes.values() if not node.postable and fold(node.name) == "compras"]
    purchases = {key for heading in headings for key in chart.under(heading)}
    nets = _nets(company, year.last, accounts_of(company).filter(pk__in={*purchases, stock}))
    return cost_of_sales(
        {key: net for key, net in nets.items() if key in purchases}, nets.get(stock, 0), final_stock,
        stock_account=stock, cost_account=cost,
    )


def _account(company: Company, name: str) -> int:
    """Return the active account with this name, blind to case and accents; NoSuchAccountNamed."""
    rows = accounts_of(company).filter(postable=True, status=True, search_text__endswith=fold(name)).order_by("code")
    for key, found in rows.values_list("pk", "name"):
        if fold(found) == fold(name):  # and not Compras de mercaderías
            return key
    raise NoSuchAccountNamed(name)


def _inflation(company: Company, year: Year, _wish: Wish) -> _Proposed:
    _must_be_open(company, year)
    restated = inflation.working(company, year)
    return inflation.entry_lines(company, restated), restated


def _results(company: Company, year: Year, wish: Wish) -> _Proposed:
    _must_be_booked(company, year)
    if standing(company, year, TransactionKind.CLOSING):
        raise StepBlocked(_("The books of the year are closed already."))
    return close_results(_nets(company, year.last, _results_of(company)), _result_account(company, wish)), ()


def _closing(company: Company, year: Year, _wish: Wish) -> _Proposed:
    _must_be_booked(company, year)
    before = Year(year.number - 1)
    if standing(company, before, TransactionKind.CLOSING) and not standing(company, before, TransactionKind.OPENING):
        raise StepBlocked(_("The books of the year before are closed and were not opened again in this one."))
    if _nets(company, year.last, _results_of(company)):
        raise ResultsNotZero
    return close_books(_nets(company, year.last, accounts_of(company))), ()


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


def _results_of(company: Company) -> QuerySet[Account]:
    return accounts_of(company).filter(kind__in=[INCOME, EXPENSE])


def _nets(company: Company, day: dt.date, accounts: QuerySet[Account]) -> dict[int, int]:
    """Return debe - haber of each account on a day; zeros left out."""
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


def legend_of(step: TransactionKind, year: Year, wish: Wish) -> str:
    """Return the legend of a step's entry, the caller's where there is one."""
    texts = {
        TransactionKind.ADJUSTMENT: _("Adjustment at the closing of fiscal year %(year)d"),
        TransactionKind.INFLATION: _("Adjustment for inflation of fiscal year %(year)d"),
        TransactionKind.RESULTS: _("Closing of the results of fiscal year %(year)d"),
        TransactionKind.CLOSING: _("Closing of the books of fiscal year %(year)d"),
        TransactionKind.OPENING: _("Opening of the books of fiscal year %(year)d"),
    }
    text = texts[step] if wish.final_stock is None else _("Cost of sales by difference of inventory, %(year)d")
    return wish.legend or text % {"year": year.date_of(step).year}
