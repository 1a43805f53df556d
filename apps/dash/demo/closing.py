"""The end of a fiscal year (31 December) and what follows from it."""

from __future__ import annotations

import datetime as dt

from apps.dash.demo.accounts import Acc
from apps.dash.demo.books import Area, Books
from apps.dash.demo.days import is_working_day
from apps.dash.demo.rates import INCOME_TAX, LEGAL_RESERVE, share
from apps.dash.demo.treasury import Priority, Treasury

DOUBTFUL_COVERED = 5000  # ten-thousandths of what doubtful debtors owe
RESULT_ACCOUNTS = ("4", "5")
TAX_PAID_ON = (5, 13)
ASSEMBLY = (4, 28)


class Closing:
    """The accountant, once a year."""

    def __init__(self, books: Books, treasury: Treasury) -> None:
        self._books, self._treasury = books, treasury
        self._last_result = 0

    def work(self, day: dt.date) -> None:
        """Carry last year's result over on the first working day; set the legal reserve aside in April."""
        if self._books.balance(Acc.YEAR_RESULT) and is_working_day(day):
            self._carry_result(day)
        if (day.month, day.day) == ASSEMBLY and self._last_result > 0:
            self._set_aside(day)

    def close_day(self, day: dt.date) -> None:
        """Close the year on its last day, after all other desks."""
        if (day.month, day.day) == (12, 31):
            self._cover_doubtful(day)
            self._charge_income_tax(day)
            self._close_results(day)

    def _cover_doubtful(self, day: dt.date) -> None:
        missing = share(self._books.balance(Acc.DOUBTFUL), DOUBTFUL_COVERED) - self._books.owed(Acc.DOUBTFUL_ALLOWANCE)
        if missing > 0:
            self._books.record(
                Area.CLOSING, day, "Previsión para deudores incobrables",
                debits=[(Acc.BAD_DEBTS, missing)], credits=[(Acc.DOUBTFUL_ALLOWANCE, missing)],
            )

    def _results(self) -> dict[Acc, int]:
        return {
            Acc(code): amount for code, amount in self._books.balances().items() if code.startswith(RESULT_ACCOUNTS)
        }

    def _charge_income_tax(self, day: dt.date) -> None:
        """Provide for Ganancias on the year's profit, less what was advanced and withheld."""
        tax = share(max(-sum(self._results().values()), 0), INCOME_TAX)
        advanced = min(tax, self._books.balance(Acc.INCOME_TAX_ADVANCES))
        withheld = min(tax - advanced, self._books.balance(Acc.INCOME_TAX_WITHHELD))
        due = tax - advanced - withheld
        if not tax:
            return
        self._books.record(
            Area.CLOSING, day, f"Impuesto a las ganancias del ejercicio {day.year}",
            debits=[(Acc.INCOME_TAX, tax)],
            credits=[
                (Acc.INCOME_TAX_ADVANCES, advanced), (Acc.INCOME_TAX_WITHHELD, withheld), (Acc.INCOME_TAX_DUE, due),
            ],
        )
        self._treasury.owe(
            dt.date(day.year + 1, *TAX_PAID_ON), Acc.INCOME_TAX_DUE, due,
            f"Pago del saldo de impuesto a las ganancias {day.year}", priority=Priority.STATE, area=Area.TAXES,
        )

    def _close_results(self, day: dt.date) -> None:
        results = self._results()
        self._last_result = -sum(results.values())
        self._books.record(
            Area.CLOSING, day, f"Refundición de cuentas de resultado del ejercicio {day.year}",
            debits=[
                *((code, -amount) for code, amount in results.items() if amount < 0),
                (Acc.YEAR_RESULT, max(-self._last_result, 0)),
            ],
            credits=[
                *((code, amount) for code, amount in results.items() if amount > 0),
                (Acc.YEAR_RESULT, max(self._last_result, 0)),
            ],
        )

    def _carry_result(self, day: dt.date) -> None:
        profit = self._books.owed(Acc.YEAR_RESULT)
        self._books.record(
            Area.CLOSING, day, "Traslado del resultado del ejercicio anterior a resultados no asignados",
            debits=[(Acc.YEAR_RESULT, max(profit, 0)), (Acc.RETAINED_EARNINGS, max(-profit, 0))],
            credits=[(Acc.RETAINED_EARNINGS, max(profit, 0)), (Acc.YEAR_RESULT, max(-profit, 0))],
        )

    def _set_aside(self, day: dt.date) -> None:
        amount, self._last_result = share(self._last_result, LEGAL_RESERVE), 0
        self._books.record(
            Area.CLOSING, day, "Reserva legal según acta de reunión de socios",
            debits=[(Acc.RETAINED_EARNINGS, amount)], credits=[(Acc.LEGAL_RESERVE, amount)],
        )
