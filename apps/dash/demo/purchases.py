"""Buying goods before they run out, with IVA and the suppliers' perceptions."""

from __future__ import annotations

import datetime as dt
import random

from apps.dash.demo.accounts import Acc
from apps.dash.demo.books import Area, Books
from apps.dash.demo.days import is_working_day
from apps.dash.demo.rates import TURNOVER_PERCEPTION, VAT_PERCEPTION, share
from apps.dash.demo.sales import DAILY_REVENUE
from apps.dash.demo.stock import PRODUCTS, Product, Stock
from apps.dash.demo.treasury import Priority, Treasury

REORDER_BELOW_DAYS = 7
DAYS_BOUGHT = 20
OPENING_DAYS = 18
TERMS_DAYS = (7, 15, 21, 30)


class Purchases:
    """The buyer: one order a product, when what is left covers less than a week."""

    def __init__(self, books: Books, stock: Stock, treasury: Treasury, rng: random.Random) -> None:
        self._books, self._stock, self._treasury, self._rng = books, stock, treasury, rng
        self._invoices = {product.supplier: rng.randint(2000, 60000) for product in PRODUCTS}

    def opening(self, start: dt.date) -> dict[Acc, int]:
        """Fill the shelves; return what to open the books with: the goods and what is owed for some."""
        owed = 0
        for number, product in enumerate(PRODUCTS):
            units = self._daily_units(product) * OPENING_DAYS
            self._stock.put(product, units, units * self._stock.cost(product))
            due, amount = start + dt.timedelta(days=4 + 4 * number), units * self._stock.cost(product) // 2
            self._owe(product, due, amount)
            owed += amount
        return {Acc.MERCHANDISE: sum(self._stock.value.values()), Acc.SUPPLIERS: -owed}

    def work(self, day: dt.date) -> None:
        """Order what runs low."""
        if is_working_day(day):
            for product in PRODUCTS:
                if self._stock.units[product] < self._daily_units(product) * REORDER_BELOW_DAYS:
                    self._buy(product, day)

    def _daily_units(self, product: Product) -> int:
        return DAILY_REVENUE * product.weight // 100 // self._stock.price(product) + 1

    def _buy(self, product: Product, day: dt.date) -> None:
        units = self._daily_units(product) * DAYS_BOUGHT
        net = units * self._stock.cost(product)
        vat, perceived, turnover = share(net, product.vat), share(net, VAT_PERCEPTION), share(net, TURNOVER_PERCEPTION)
        total, days = net + vat + perceived + turnover, self._rng.choice(TERMS_DAYS)
        invoice = self._owe(product, day + dt.timedelta(days=days), total)
        self._stock.put(product, units, net)
        self._books.record(
            Area.PURCHASES, day,
            f"Compra de {product.name} s/factura {invoice} de {product.supplier}, cuenta corriente {days} días",
            debits=[
                (Acc.MERCHANDISE, net), (Acc.VAT_CREDIT, vat), (Acc.VAT_PERCEIVED, perceived),
                (Acc.TURNOVER_PERCEIVED, turnover),
            ],
            credits=[(Acc.SUPPLIERS, total)],
        )

    def _owe(self, product: Product, due: dt.date, amount: int) -> str:
        """Put an invoice on the list of debts and return its number."""
        self._invoices[product.supplier] += self._rng.randint(1, 40)
        invoice = f"A 0012-{self._invoices[product.supplier]:08}"
        self._treasury.owe(
            due, Acc.SUPPLIERS, amount, f"Pago factura {invoice} a {product.supplier}", priority=Priority.SUPPLIER,
            area=Area.PURCHASES,
        )
        return invoice
