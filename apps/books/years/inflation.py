"""The working of the adjustment for inflation.

What a non-monetary account brought into the year stands in the money of the December before, as the
last closing left it; what it moved in a month, in the money of that month. The closing month is December.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from fractions import Fraction

from django.db.models import Q

from apps.accounts.queries import accounts_of
from apps.books.errors import IndicesMissing, NoSuchAccountNamed
from apps.books.models import INDEX_SCALE, PriceIndex
from apps.books.reports.figures import Figures
from apps.books.years.queries import STEPS, Year
from apps.companies.models import Company
from apps.trans.balances import EVERY_STATUS, Moved, without
from apps.trans.models import TransactionKind
from ledger.closing import IndexMissing, Movement, Restated, adjust, restate
from ledger.entries import Line
from ledger.spans import month_start
from ledger.statements import MEMORANDUM

# The entries of a year's end that the adjustment does not see: all but the adjustments at closing.
_UNSEEN = frozenset(STEPS) - {TransactionKind.ADJUSTMENT}


def working(company: Company, year: Year) -> list[Restated]:
    """Return each movement of the year in closing money, in order of account and month. Raises IndicesMissing."""
    try:
        return restate(_movements(company, year), indices(company), month_start(year.last))
    except IndexMissing as error:
        raise IndicesMissing(error.months) from error


def entry_lines(company: Company, restated: list[Restated]) -> list[Line]:
    """Return the lines of the adjustment; NoSuchAccountNamed where the chart has no RECPAM."""
    recpam = _named(company, "recpam")
    if recpam is None:
        raise NoSuchAccountNamed("RECPAM")
    capital, adjustment = _named(company, "capital social"), _named(company, "ajuste de capital")
    instead = {capital: adjustment} if capital is not None and adjustment is not None else {}
    return adjust(restated, recpam, instead)


def indices(company: Company) -> dict[dt.date, Fraction]:
    """Return the value of each month, the company's own before that for all."""
    rows = PriceIndex.objects.filter(Q(company=None) | Q(company=company)).order_by()
    found = {(month, own is not None): value for month, own, value in rows.values_list(
        "month", "company_id", "ten_thousandths"
    )}
    return {
        month: Fraction(found.get((month, True)) or found[month, False], INDEX_SCALE)
        for month in {month for month, _own in found}
    }


def _movements(company: Company, year: Year) -> Iterator[Movement]:
    accounts = accounts_of(company).filter(monetary=False, postable=True).exclude(kind=MEMORANDUM)
    figures = Figures(company, EVERY_STATUS, accounts)
    keys = set(accounts.values_list("pk", flat=True)) - {_named(company, "recpam")}
    december = month_start(year.first - dt.timedelta(days=1))
    ends = _of_year_end(figures, year)
    opening = without(figures.moved(None, year.first - dt.timedelta(days=1)), ends.pop(december, {}))
    months = figures.by_month(year.first, year.last)
    spans = {december: opening} | {month: without(moved, ends.get(month, {})) for month, moved in months.items()}
    for account in sorted(keys):
        for origin, moved in spans.items():
            debits, credits_ = moved.get(account, (0, 0))
            yield Movement(account, origin, debits - credits_)


def _of_year_end(figures: Figures, year: Year) -> dict[dt.date, Moved]:
    """Return what unseen entries moved, by month: in January the apertura, in December the rest.

    Before the year only cierre and apertura are taken out: earlier adjustments and results belong to
    what was brought in.
    """
    books = {TransactionKind.CLOSING, TransactionKind.OPENING}
    before = year.first - dt.timedelta(days=1)
    return {
        month_start(before): figures.of_kinds(books, None, before),
        month_start(year.first): figures.of_kinds(_UNSEEN, year.first, year.first),
        month_start(year.last): figures.of_kinds(_UNSEEN, year.last, year.last),
    }


def _named(company: Company, words: str) -> int | None:
    """Return the first active account whose name holds the words."""
    rows = accounts_of(company).filter(postable=True, status=True, search_text__contains=words)
    return rows.order_by("code").values_list("pk", flat=True).first()
