"""What is settled with the State each month: IVA, Ingresos Brutos, the municipal rate, Ganancias' advances."""

from __future__ import annotations

import datetime as dt

from apps.dash.demo.accounts import Acc
from apps.dash.demo.books import Area, Books
from apps.dash.demo.days import ends_month, is_banking_day, month_name, next_month
from apps.dash.demo.rates import MUNICIPAL_RATE, TURNOVER_TAX, grown, share
from apps.dash.demo.stock import MONTHLY_INFLATION
from apps.dash.demo.treasury import Priority, Treasury

VAT_PAID_ON, TURNOVER_PAID_ON, MUNICIPAL_PAID_ON, WITHHELD_PAID_ON = 20, 15, 12, 10
ADVANCE_DAY = 13
# Ten advances a year; in April and May the year before is settled.
MONTHS_WITHOUT_ADVANCE = (4, 5)
FIRST_ADVANCE = 260_000_00
_OPENING = {Acc.VAT_DUE: 2_480_315_47, Acc.TURNOVER_DUE: 1_062_740_12, Acc.MUNICIPAL_DUE: 287_115_30}


class Taxes:
    """The company's monthly returns."""

    def __init__(self, books: Books, treasury: Treasury) -> None:
        self._books, self._treasury = books, treasury
        self._advance, self._advance_pending = FIRST_ADVANCE, False

    def opening(self, start: dt.date) -> dict[Acc, int]:
        """Return what is owed for the month before `start`, and put it on the list of debts."""
        before = start - dt.timedelta(days=1)
        for code, amount in _OPENING.items():
            self._owe(before, code, amount)
        return {code: -amount for code, amount in _OPENING.items()}

    def work(self, day: dt.date) -> None:
        """Pay the month's advance of Ganancias, on its day or when there is money."""
        if day.day == ADVANCE_DAY and day.month not in MONTHS_WITHOUT_ADVANCE:
            self._advance_pending = True
        if self._advance_pending and is_banking_day(day) and self._books.balance(Acc.BANK) >= self._advance:
            self._advance_pending = False
            self._books.record(
                Area.TAXES, day, "Anticipo de impuesto a las ganancias",
                debits=[(Acc.INCOME_TAX_ADVANCES, self._advance)], credits=[(Acc.BANK, self._advance)],
            )

    def close_day(self, day: dt.date) -> None:
        """At the end of the month, settle it."""
        if ends_month(day):
            self._settle_vat(day)
            self._settle_turnover(day)
            self._owe(day, Acc.WITHHELD_BY_US, self._books.owed(Acc.WITHHELD_BY_US))
            self._advance = grown(self._advance, MONTHLY_INFLATION)

    def _settle_vat(self, day: dt.date) -> None:
        """Empty the accounts of IVA into what is due, or into what is carried to the next month."""
        debit = self._books.owed(Acc.VAT_DEBIT)
        credits_ = [
            (code, self._books.balance(code))
            for code in (Acc.VAT_CREDIT, Acc.VAT_WITHHELD, Acc.VAT_PERCEIVED, Acc.VAT_CARRIED)
        ]
        due = debit - sum(amount for _code, amount in credits_)
        self._books.record(
            Area.TAXES, day, f"Liquidación de IVA {month_name(day)}",
            debits=[(Acc.VAT_DEBIT, debit), (Acc.VAT_CARRIED, max(-due, 0))],
            credits=[*credits_, (Acc.VAT_DUE, max(due, 0))],
        )
        self._owe(day, Acc.VAT_DUE, max(due, 0))

    def _settle_turnover(self, day: dt.date) -> None:
        """Ingresos Brutos and the municipal rate, on the month's sales without IVA."""
        base = -sum(self._moved(code, day) for code in (Acc.SALES, Acc.SALES_RETURNS, Acc.SALES_ALLOWANCES))
        tax, rate = share(base, TURNOVER_TAX), share(base, MUNICIPAL_RATE)
        withheld = min(tax, self._books.balance(Acc.TURNOVER_WITHHELD))
        perceived = min(tax - withheld, self._books.balance(Acc.TURNOVER_PERCEIVED))
        due = tax - withheld - perceived
        if not base:
            return
        self._books.record(
            Area.TAXES, day, f"Liquidación de ingresos brutos {month_name(day)}",
            debits=[(Acc.TURNOVER_TAX, tax)],
            credits=[
                (Acc.TURNOVER_WITHHELD, withheld), (Acc.TURNOVER_PERCEIVED, perceived), (Acc.TURNOVER_DUE, due),
            ],
        )
        self._books.record(
            Area.TAXES, day, f"Tasa de seguridad e higiene {month_name(day)}",
            debits=[(Acc.MUNICIPAL_RATES, rate)], credits=[(Acc.MUNICIPAL_DUE, rate)],
        )
        self._owe(day, Acc.TURNOVER_DUE, due)
        self._owe(day, Acc.MUNICIPAL_DUE, rate)

    def _moved(self, code: Acc, day: dt.date) -> int:
        debited, credited = self._books.moved(code, month=day)
        return debited - credited

    def _owe(self, day: dt.date, code: Acc, amount: int) -> None:
        number, legend = {
            Acc.VAT_DUE: (VAT_PAID_ON, "Pago de IVA"),
            Acc.TURNOVER_DUE: (TURNOVER_PAID_ON, "Pago de ingresos brutos"),
            Acc.MUNICIPAL_DUE: (MUNICIPAL_PAID_ON, "Pago de tasa de seguridad e higiene"),
            Acc.WITHHELD_BY_US: (WITHHELD_PAID_ON, "Depósito de retenciones de ganancias practicadas"),
        }[code]
        self._treasury.owe(
            next_month(day, number), code, amount, f"{legend} {month_name(day)}", priority=Priority.STATE,
            area=Area.TAXES,
        )
