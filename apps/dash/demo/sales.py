"""Selling: invoices with IVA by every usual means, allowances, returns, and the goods' cost."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from enum import StrEnum

from apps.dash.demo.accounts import Acc
from apps.dash.demo.books import Area, Books
from apps.dash.demo.collections import Collections, Receivable
from apps.dash.demo.days import SATURDAY, ends_month, is_working_day
from apps.dash.demo.parties import CUSTOMERS, Customer
from apps.dash.demo.rates import VAT, VAT_REDUCED, share
from apps.dash.demo.stock import PRODUCTS, Product, Stock
from apps.dash.demo.treasury import Treasury

DAILY_REVENUE = 2_600_000_00
ALLOWANCE = 500
ALLOWANCE_FROM_TICKETS = 1.6
RETURNS_IN_HUNDRED = 3
# Sales of a month against the average, in hundredths, from January.
SEASON = (88, 90, 98, 99, 97, 98, 101, 97, 100, 103, 106, 123)


class Means(StrEnum):
    """How a customer pays; the value is what the legend says."""

    CASH = "contado"
    WALLET = "billetera virtual"
    CARD = "tarjeta"
    CHEQUE = "cheque"
    ACCOUNT = "cuenta corriente"


_WEIGHTS = {Means.CASH: 30, Means.WALLET: 10, Means.CARD: 14, Means.CHEQUE: 11, Means.ACCOUNT: 35}
_ACCOUNTS = {
    Means.CASH: Acc.CASH, Means.WALLET: Acc.WALLET, Means.CARD: Acc.CARDS, Means.CHEQUE: Acc.CHEQUES,
    Means.ACCOUNT: Acc.RECEIVABLES,
}


@dataclass(frozen=True, slots=True)
class Portion:
    """What an invoice sells at one rate of IVA, in centavos."""

    rate: int
    gross: int
    allowance: int

    @property
    def net(self) -> int:
        """The base of IVA."""
        return self.gross - self.allowance

    @property
    def vat(self) -> int:
        """IVA on the net amount."""
        return share(self.net, self.rate)


Items = dict[Product, int]


class Sales:
    """The counter and the round of deliveries. `pace` is invoices on an average working day."""

    def __init__(
        self, books: Books, stock: Stock, treasury: Treasury, collections: Collections, rng: random.Random,
        *, pace: float,
    ) -> None:
        self._books, self._stock, self._treasury, self._collections = books, stock, treasury, collections
        self._rng, self._pace, self._ticket = rng, pace, round(DAILY_REVENUE / pace)
        self._invoices, self._credit_notes = 1240, 85

    def work(self, day: dt.date) -> None:
        """Sell for a day."""
        if is_working_day(day):
            expected = self._pace * SEASON[day.month - 1] / 100 * (0.6 if day.weekday() == SATURDAY else 1.08)
            for _invoice in range(int(expected + self._rng.random())):
                self._sell(day)

    def close_day(self, day: dt.date) -> None:
        """Record what the goods sold had cost: on Saturdays, and before a month's figures are drawn up."""
        cost = self._stock.sold_cost
        if cost and (day.weekday() == SATURDAY or ends_month(day)):
            self._stock.sold_cost = 0
            self._books.record(
                Area.SALES, day, "Costo de las mercaderías vendidas",
                debits=[(Acc.COST_OF_SALES, cost)], credits=[(Acc.MERCHANDISE, cost)],
            )

    def _sell(self, day: dt.date) -> None:
        items = self._basket()
        if not items:
            return
        means = self._rng.choices(list(_WEIGHTS), list(_WEIGHTS.values()))[0]
        known = means in {Means.CHEQUE, Means.ACCOUNT}
        customer = self._rng.choice(CUSTOMERS) if known else None
        portions = self._portions(items, allowed=known)
        total = sum(portion.net + portion.vat for portion in portions)
        self._invoices += 1
        self._record(day, portions, total, means, customer)
        for product, units in items.items():
            self._stock.sold_cost += self._stock.take(product, units)
        if customer and means is Means.CHEQUE:
            due = day + dt.timedelta(days=self._rng.choice((0, 15, 30)))
            self._treasury.keep_cheque(due, total, customer.name)
        if customer and means is Means.ACCOUNT:
            self._on_account(day, customer, portions, total)

    def _basket(self) -> Items:
        wanted = self._ticket * self._rng.triangular(0.3, 2.1, 0.6)
        drawn = self._rng.choices(PRODUCTS, [product.weight for product in PRODUCTS], k=self._rng.randint(1, 4))
        items = {}
        for product in dict.fromkeys(drawn):
            units = max(1, round(wanted / len(set(drawn)) / self._stock.price(product)))
            if available := min(units, self._stock.units[product]):
                items[product] = available
        return items

    def _portions(self, items: Items, *, allowed: bool) -> list[Portion]:
        gross = dict.fromkeys((VAT, VAT_REDUCED), 0)
        for product, units in items.items():
            gross[product.vat] += units * self._stock.price(product)
        rate = ALLOWANCE if allowed and sum(gross.values()) >= ALLOWANCE_FROM_TICKETS * self._ticket else 0
        return [Portion(vat, amount, share(amount, rate)) for vat, amount in gross.items() if amount]

    def _record(
        self, day: dt.date, portions: list[Portion], total: int, means: Means, customer: Customer | None
    ) -> None:
        buyer = f"a {customer.name}, {means}" if customer else means.value
        terms = f" {customer.days} días" if customer and means is Means.ACCOUNT else ""
        self._books.record(
            Area.SALES, day, f"Venta s/factura {self._invoice(bool(customer))} {buyer}{terms}",
            debits=[
                (_ACCOUNTS[means], total),
                (Acc.SALES_ALLOWANCES, sum(portion.allowance for portion in portions)),
            ],
            credits=[
                *((Acc.SALES, portion.gross) for portion in portions),
                *((Acc.VAT_DEBIT, portion.vat) for portion in portions),
            ],
        )

    def _invoice(self, registered: bool) -> str:
        return f"{'A' if registered else 'B'} 0003-{self._invoices:08}"

    def _on_account(self, day: dt.date, customer: Customer, portions: list[Portion], total: int) -> None:
        back = self._take_back(day, customer, portions) if self._rng.randrange(100) < RETURNS_IN_HUNDRED else 0
        net = sum(portion.net for portion in portions)
        due = day + dt.timedelta(days=customer.days)
        self._collections.add(
            Receivable(due, self._invoice(True), customer, total - back, net * (total - back) // total)
        )

    def _take_back(self, day: dt.date, customer: Customer, portions: list[Portion]) -> int:
        """Credit a tenth of an invoice for goods that arrived broken, and return the amount with IVA."""
        rate, net = portions[0].rate, portions[0].net // 10
        vat = share(net, rate)
        self._credit_notes += 1
        self._books.record(
            Area.SALES, day, f"Nota de crédito A 0003-{self._credit_notes:08} a {customer.name} por roturas",
            debits=[(Acc.SALES_RETURNS, net), (Acc.VAT_DEBIT, vat)], credits=[(Acc.RECEIVABLES, net + vat)],
        )
        return net + vat
