"""The journal of Distribuidora La Esquina S.R.L., from its opening balance on."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

from apps.dash.demo.accounts import Acc
from apps.dash.demo.assets import Assets
from apps.dash.demo.books import Area, Books, JournalEntry
from apps.dash.demo.closing import Closing
from apps.dash.demo.collections import Collections
from apps.dash.demo.days import days_from, ends_month
from apps.dash.demo.overheads import Overheads
from apps.dash.demo.payroll import Payroll
from apps.dash.demo.purchases import Purchases
from apps.dash.demo.sales import Sales
from apps.dash.demo.stock import Stock
from apps.dash.demo.taxes import Taxes
from apps.dash.demo.treasury import Treasury

COMPANY_NAME = "Distribuidora La Esquina S.R.L."
PACE = 6.0
PACE_MIN, PACE_MAX = 1.0, 200.0
YEARS_MAX = 3
SEED = "la-esquina"
_OPENING = {
    Acc.CASH: 845_300_00, Acc.BANK: 16_728_415_62, Acc.DEPOSITS: 1_180_000_00,
    Acc.CAPITAL: -24_000_000_00, Acc.LEGAL_RESERVE: -1_650_000_00,
}


def generate(start: dt.date, end: dt.date, *, pace: float = PACE, seed: str = SEED) -> tuple[JournalEntry, ...]:
    """Return the journal of the days from `start`, the first of a month, to `end`, both included.

    `pace` is how many invoices are made out on an average working day; the company's size does not
    depend on it. The same arguments give the same journal, and a later `end` only adds to it.
    Raises ValueError when an argument is out of bounds.
    """
    if start.day != 1 or not start <= end or end.year - start.year > YEARS_MAX:
        raise ValueError(f"from the first of a month, at most {YEARS_MAX} years: {start} - {end}")
    if not PACE_MIN <= pace <= PACE_MAX:
        raise ValueError(f"pace between {PACE_MIN} and {PACE_MAX}: {pace}")
    books = Books()
    company = _Company(books, pace=pace, seed=seed)
    company.open(start)
    for day in days_from(start, end):
        company.live(day)
    return tuple(books.entries)


class _Company:
    """The desks, and the order in which they work."""

    def __init__(self, books: Books, *, pace: float, seed: str) -> None:
        def chance(desk: str) -> random.Random:
            # A stream of its own for each desk: a change in one does not shuffle the others.
            return random.Random(f"{seed}:{desk}")  # noqa: S311 - a story, not a secret

        self._books, self._stock = books, Stock()
        treasury = Treasury(books, chance("treasury"))
        self._treasury = treasury
        self._collections = Collections(books, treasury, chance("collections"))
        self._sales = Sales(books, self._stock, treasury, self._collections, chance("sales"), pace=pace)
        self._purchases = Purchases(books, self._stock, treasury, chance("purchases"))
        self._overheads = Overheads(books, self._stock, treasury, chance("overheads"))
        self._assets = Assets(books, treasury)
        self._payroll = Payroll(books, treasury)
        self._taxes = Taxes(books, treasury)
        self._closing = Closing(books, treasury)

    def open(self, start: dt.date) -> None:
        """Record the opening balance; what the owners left in the company balances it."""
        opening: Counter[Acc] = Counter(_OPENING)
        for balances in (
            self._collections.opening(start), self._purchases.opening(start), self._overheads.opening(),
            self._assets.opening(), self._payroll.opening(start), self._taxes.opening(start),
        ):
            opening.update(balances)
        opening[Acc.RETAINED_EARNINGS] = -sum(opening.values())
        self._books.record(
            Area.CLOSING, start, "Asiento de apertura",
            debits=sorted((code, amount) for code, amount in opening.items() if amount > 0),
            credits=sorted((code, -amount) for code, amount in opening.items() if amount < 0),
        )

    def live(self, day: dt.date) -> None:
        """Let a day pass."""
        for desk in (
            self._closing, self._collections, self._treasury, self._assets, self._payroll, self._taxes,
            self._purchases, self._sales, self._overheads,
        ):
            desk.work(day)
        # Cost of sales before the stock count, everything with IVA before its settlement, the year last.
        for desk in (
            self._sales, self._overheads, self._payroll, self._assets, self._treasury, self._taxes, self._closing,
        ):
            desk.close_day(day)
        if ends_month(day):
            self._stock.raise_prices()
