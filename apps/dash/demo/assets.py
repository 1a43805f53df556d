"""What lasts: fixed assets with their depreciation, and the loan that paid for some."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from apps.dash.demo.accounts import Acc
from apps.dash.demo.books import Area, Books
from apps.dash.demo.days import ends_month, is_banking_day, month_name
from apps.dash.demo.parties import LENDER
from apps.dash.demo.rates import VAT_REDUCED, WHOLE, share
from apps.dash.demo.treasury import Priority, Treasury

LOAN = 18_000_000_00
LOAN_MONTHS = 36
LOAN_MONTHLY_RATE = 290
INSTALMENT_DAY = 10
COMPUTER = 1_420_000_00
COMPUTER_BOUGHT = (3, 12)


@dataclass(slots=True)
class FixedAsset:
    """A thing used for `months`, of which `used` are behind it; straight line, no residual value."""

    code: Acc
    depreciation: Acc
    expense: Acc
    cost: int
    months: int
    used: int = 0

    def depreciated(self) -> int:
        """Return the depreciation so far."""
        return self.cost * min(self.used, self.months) // self.months

    def pass_month(self) -> int:
        """Use it for a month more and return that month's depreciation."""
        before = self.depreciated()
        self.used += 1
        return self.depreciated() - before


def instalment(principal: int, months: int, rate: int) -> int:
    """Return the constant instalment of a French loan, rounded up so that the last one is not larger."""
    monthly = Fraction(rate, WHOLE)
    exact = principal * monthly / (1 - (1 + monthly) ** -months)
    return -(-exact.numerator // exact.denominator)


class Assets:
    """The inventory of fixed assets and the bank loan."""

    def __init__(self, books: Books, treasury: Treasury) -> None:
        self._books, self._treasury = books, treasury
        self._assets = [
            FixedAsset(Acc.VEHICLES, Acc.VEHICLES_DEPRECIATION, Acc.VEHICLES_EXPENSE, 31_500_000_00, 60, 14),
            FixedAsset(Acc.FITTINGS, Acc.FITTINGS_DEPRECIATION, Acc.FITTINGS_EXPENSE, 9_240_000_00, 120, 38),
            FixedAsset(Acc.FURNITURE, Acc.FURNITURE_DEPRECIATION, Acc.FURNITURE_EXPENSE, 4_860_000_00, 120, 38),
            FixedAsset(Acc.COMPUTERS, Acc.COMPUTERS_DEPRECIATION, Acc.COMPUTERS_EXPENSE, 2_750_000_00, 36, 17),
        ]
        self._instalment = instalment(LOAN, LOAN_MONTHS, LOAN_MONTHLY_RATE)
        self._loan_due = False

    def opening(self) -> dict[Acc, int]:
        """Return costs, depreciation so far and the loan, split into what is due within a year and later."""
        opening: dict[Acc, int] = {}
        for asset in self._assets:
            opening[asset.code], opening[asset.depreciation] = asset.cost, -asset.depreciated()
        soon = self._principal_within_a_year(LOAN)
        return opening | {Acc.LOAN: -soon, Acc.LOAN_LONG_TERM: soon - LOAN}

    def work(self, day: dt.date) -> None:
        """Pay the instalment when it is due and there is money; buy a computer each March."""
        if (day.month, day.day) == COMPUTER_BOUGHT:
            self._buy_computer(day)
        if day.day == INSTALMENT_DAY:
            self._loan_due = True
        if self._loan_due and is_banking_day(day):
            self._pay_instalment(day)

    def close_day(self, day: dt.date) -> None:
        """Depreciate at the end of the month; at the end of the year bring the loan's next one forward."""
        if ends_month(day):
            spent: Counter[tuple[Acc, Acc]] = Counter()
            for asset in self._assets:
                spent[asset.expense, asset.depreciation] += asset.pass_month()
            self._books.record(
                Area.ASSETS, day, f"Amortización de bienes de uso {month_name(day)}",
                debits=[(expense, amount) for (expense, _accumulated), amount in spent.items()],
                credits=[(accumulated, amount) for (_expense, accumulated), amount in spent.items()],
            )
        if (day.month, day.day) == (12, 31):
            self._bring_loan_forward(day)

    def _buy_computer(self, day: dt.date) -> None:
        vat = share(COMPUTER, VAT_REDUCED)
        self._books.record(
            Area.ASSETS, day, "Compra de una notebook s/factura A 0007-00018832, cuenta corriente 30 días",
            debits=[(Acc.COMPUTERS, COMPUTER), (Acc.VAT_CREDIT, vat)],
            credits=[(Acc.SUNDRY_CREDITORS, COMPUTER + vat)],
        )
        self._treasury.owe(
            day + dt.timedelta(days=30), Acc.SUNDRY_CREDITORS, COMPUTER + vat, "Pago de la notebook",
            priority=Priority.OTHERS, area=Area.ASSETS,
        )
        self._assets.append(
            FixedAsset(Acc.COMPUTERS, Acc.COMPUTERS_DEPRECIATION, Acc.COMPUTERS_EXPENSE, COMPUTER, 36)
        )

    def _outstanding(self) -> int:
        return self._books.owed(Acc.LOAN) + self._books.owed(Acc.LOAN_LONG_TERM)

    def _principal(self, outstanding: int) -> int:
        return min(self._instalment - share(outstanding, LOAN_MONTHLY_RATE), outstanding)

    def _principal_within_a_year(self, outstanding: int) -> int:
        left = outstanding
        for _month in range(12):
            left -= self._principal(left)
        return outstanding - left

    def _pay_instalment(self, day: dt.date) -> None:
        outstanding = self._outstanding()
        principal, interest = self._principal(outstanding), share(outstanding, LOAN_MONTHLY_RATE)
        vat = share(interest, VAT_REDUCED)
        if outstanding and self._books.balance(Acc.BANK) < principal + interest + vat:
            return
        self._loan_due = False
        if outstanding:
            self._books.record(
                Area.ASSETS, day, f"Cuota del préstamo {LENDER}, {month_name(day)}",
                debits=[(Acc.LOAN, principal), (Acc.BANK_INTEREST, interest), (Acc.VAT_CREDIT, vat)],
                credits=[(Acc.BANK, principal + interest + vat)],
            )

    def _bring_loan_forward(self, day: dt.date) -> None:
        moved = self._principal_within_a_year(self._outstanding()) - self._books.owed(Acc.LOAN)
        if moved > 0:
            self._books.record(
                Area.CLOSING, day, "Reclasificación del préstamo que vence en el próximo ejercicio",
                debits=[(Acc.LOAN_LONG_TERM, moved)], credits=[(Acc.LOAN, moved)],
            )
