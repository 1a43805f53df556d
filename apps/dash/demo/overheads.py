"""What it costs to keep the shop open: rent, services, insurance, freight, petty cash, counts."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from apps.dash.demo.accounts import Acc
from apps.dash.demo.books import Area, Books
from apps.dash.demo.days import ends_month, is_working_day, month_name
from apps.dash.demo.parties import ACCOUNTANT, CARRIER, INSURER, LANDLORD
from apps.dash.demo.rates import INCOME_TAX_WITHHOLDING_RENT, VAT, VAT_UTILITIES, WHOLE, grown, share
from apps.dash.demo.stock import MONTHLY_INFLATION, Stock
from apps.dash.demo.treasury import Priority, Treasury

FRIDAY = 4
PAID_AFTER_DAYS = 7
PREMIUM = 96_000_00
PREMIUM_MONTHS = 6
OPENING_PREMIUM_MONTHS = 3
COUNT_MONTHS = (6, 12)


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill that comes every month on day `number`; `swing` is how far it varies, in ten-thousandths."""

    number: int
    code: Acc
    legend: str
    net: int
    vat: int
    swing: int = 0
    withholding: int = 0


BILLS = (
    Bill(3, Acc.RENT, f"Alquiler del local, {LANDLORD}", 1_180_000_00, VAT, withholding=INCOME_TAX_WITHHOLDING_RENT),
    Bill(8, Acc.UTILITIES, "Energía eléctrica, Edesur", 264_350_00, VAT_UTILITIES, swing=1800),
    Bill(11, Acc.TELEPHONE, "Teléfono e internet, Telecom", 88_400_00, VAT_UTILITIES, swing=200),
    Bill(14, Acc.FEES, f"Honorarios {ACCOUNTANT}", 295_000_00, VAT),
    Bill(17, Acc.CLEANING, "Servicio de limpieza, Brillo S.R.L.", 198_000_00, VAT),
    Bill(20, Acc.ADVERTISING, "Publicidad en radio y redes", 140_000_00, VAT, swing=3000),
    Bill(24, Acc.REPAIRS, "Mantenimiento del vehículo de reparto", 105_000_00, VAT, swing=4000),
)


class Overheads:
    """The administration's routine."""

    def __init__(self, books: Books, stock: Stock, treasury: Treasury, rng: random.Random) -> None:
        self._books, self._stock, self._treasury, self._rng = books, stock, treasury, rng
        self._level = WHOLE  # prices against the first month's
        self._premium = PREMIUM

    def opening(self) -> dict[Acc, int]:
        """Return what is paid in advance."""
        return {Acc.PREPAID_INSURANCE: PREMIUM * OPENING_PREMIUM_MONTHS}

    def work(self, day: dt.date) -> None:
        """Record the day's bills; on Fridays also the week's freight and small expenses."""
        for bill in BILLS:
            if bill.number == day.day:
                self._receive(bill, day)
        if day.weekday() == FRIDAY and is_working_day(day):
            self._receive(Bill(0, Acc.FREIGHT, f"Fletes de la semana, {CARRIER}", 165_000_00, VAT, swing=2500), day)
            self._petty_cash(day)

    def close_day(self, day: dt.date) -> None:
        """At the end of the month: insurance, the cash count, twice a year the stock count."""
        if ends_month(day):
            self._insurance(day)
            self._count_cash(day)
            if day.month in COUNT_MONTHS:
                self._count_stock(day)
            self._level = grown(self._level, MONTHLY_INFLATION)

    def _priced(self, amount: int, swing: int = 0) -> int:
        return share(amount, self._level + self._rng.randint(-swing, swing))

    def _receive(self, bill: Bill, day: dt.date) -> None:
        net = self._priced(bill.net, bill.swing)
        vat, withheld = share(net, bill.vat), share(net, bill.withholding)
        due = net + vat - withheld
        note = " menos retención de ganancias" if withheld else ""
        self._books.record(
            Area.EXPENSES, day, f"{bill.legend}, {month_name(day)}{note}",
            debits=[(bill.code, net), (Acc.VAT_CREDIT, vat)],
            credits=[(Acc.SUNDRY_CREDITORS, due), (Acc.WITHHELD_BY_US, withheld)],
        )
        self._treasury.owe(
            day + dt.timedelta(days=PAID_AFTER_DAYS), Acc.SUNDRY_CREDITORS, due,
            f"Pago {bill.legend}, {month_name(day)}", priority=Priority.OTHERS, area=Area.EXPENSES,
        )

    def _petty_cash(self, day: dt.date) -> None:
        fuel, paper = self._priced(74_000_00, 2500), self._priced(19_500_00, 4000)
        travel = self._priced(12_000_00, 3000) // 100_00 * 100_00
        vat = share(fuel + paper, VAT)
        total = fuel + paper + travel + vat
        if self._books.balance(Acc.CASH) >= total:
            self._books.record(
                Area.EXPENSES, day, "Rendición de gastos menores: combustible, papelería y viáticos",
                debits=[(Acc.FUEL, fuel), (Acc.STATIONERY, paper), (Acc.TRAVEL, travel), (Acc.VAT_CREDIT, vat)],
                credits=[(Acc.CASH, total)],
            )

    def _insurance(self, day: dt.date) -> None:
        if not self._books.balance(Acc.PREPAID_INSURANCE):
            policy = f"Póliza semestral, {INSURER}"
            self._receive(Bill(0, Acc.PREPAID_INSURANCE, policy, PREMIUM * PREMIUM_MONTHS, VAT), day)
            self._premium = -(-self._books.balance(Acc.PREPAID_INSURANCE) // PREMIUM_MONTHS)
        month = min(self._premium, self._books.balance(Acc.PREPAID_INSURANCE))
        self._books.record(
            Area.EXPENSES, day, f"Seguro devengado {month_name(day)}",
            debits=[(Acc.INSURANCE, month)], credits=[(Acc.PREPAID_INSURANCE, month)],
        )

    def _count_cash(self, day: dt.date) -> None:
        missing = self._rng.randint(-900, 600) * 10_00
        if 0 < missing <= self._books.balance(Acc.CASH):
            self._books.record(
                Area.TREASURY, day, "Arqueo de caja: faltante",
                debits=[(Acc.CASH_SHORTAGES, missing)], credits=[(Acc.CASH, missing)],
            )

    def _count_stock(self, day: dt.date) -> None:
        lost = 0
        for product, units in self._stock.units.items():
            if broken := min(self._rng.randint(0, 3), units):
                lost += self._stock.take(product, broken)
        if lost:
            self._books.record(
                Area.CLOSING, day, "Recuento físico de mercaderías: faltante de inventario",
                debits=[(Acc.STOCK_DIFFERENCES, lost)], credits=[(Acc.MERCHANDISE, lost)],
            )
