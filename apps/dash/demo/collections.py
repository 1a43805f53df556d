"""Collecting: accounts, cards and wallets; withholdings, delays and those who do not pay."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from apps.dash.demo.accounts import Acc
from apps.dash.demo.books import Area, Books
from apps.dash.demo.days import is_banking_day
from apps.dash.demo.parties import CUSTOMERS, Customer
from apps.dash.demo.rates import (
    CARD_FEE,
    INCOME_TAX_WITHHOLDING,
    LATE_INTEREST,
    TURNOVER_WITHHOLDING,
    VAT,
    VAT_WITHHOLDING_CARDS,
    WALLET_FEE,
    grown,
    share,
)
from apps.dash.demo.treasury import Treasury

TUESDAY, THURSDAY = 1, 3
BAD_PAYERS_IN_THOUSAND = 12
DOUBTFUL_AFTER_DAYS = 60
DOUBTFUL_PAY_AFTER_DAYS = 100


@dataclass(frozen=True, slots=True)
class Receivable:
    """What a customer owes on an invoice; `net` is without IVA, the base of withholdings."""

    due: dt.date
    invoice: str
    customer: Customer
    amount: int
    net: int


class Collections:
    """The list of what customers owe, by the day on which they will pay it."""

    def __init__(self, books: Books, treasury: Treasury, rng: random.Random) -> None:
        self._books, self._treasury, self._rng = books, treasury, rng
        self._expected: list[tuple[dt.date, Receivable]] = []
        self._late: list[Receivable] = []
        self._doubtful: list[tuple[dt.date, Receivable]] = []

    def opening(self, start: dt.date) -> dict[Acc, int]:
        """Return what each customer owes at the start, due within three weeks, and expect it."""
        total = 0
        for number, customer in enumerate(CUSTOMERS):
            net = self._rng.randint(320_000_00, 880_000_00) * (2 if customer.withholds else 1)
            amount = grown(net, VAT)
            due = start + dt.timedelta(days=2 + number)
            self.add(Receivable(due, f"A 0003-{1180 + number:08}", customer, amount, net))
            total += amount
        return {Acc.RECEIVABLES: total}

    def add(self, receivable: Receivable) -> None:
        """Remember an invoice that the books hold already, and decide when it will be paid."""
        if not receivable.customer.withholds and self._rng.randrange(1000) < BAD_PAYERS_IN_THOUSAND:
            self._late.append(receivable)
        else:
            pays_on = receivable.due + dt.timedelta(days=self._rng.choice((0, 0, 0, 1, 2, 4, 7)))
            self._expected.append((pays_on, receivable))

    def work(self, day: dt.date) -> None:
        """Collect what comes in on a banking day."""
        if not is_banking_day(day):
            return
        for item in [item for item in self._expected if item[0] <= day]:
            self._expected.remove(item)
            self._collect(day, item[1])
        self._chase(day)
        if day.weekday() == TUESDAY:
            self._settle_cards(day)
        if day.weekday() == THURSDAY:
            self._empty_wallet(day)

    def _collect(self, day: dt.date, owed: Receivable) -> None:
        income_tax = share(owed.net, INCOME_TAX_WITHHOLDING) if owed.customer.withholds else 0
        turnover = share(owed.net, TURNOVER_WITHHOLDING) if owed.customer.withholds else 0
        received = owed.amount - income_tax - turnover
        means = (Acc.BANK,) if owed.customer.withholds else (Acc.BANK, Acc.BANK, Acc.CHEQUES, Acc.CASH)
        where = self._rng.choice(means)
        legend = f"Cobro factura {owed.invoice} de {owed.customer.name}, {self._how(where, day, received, owed)}"
        self._books.record(
            Area.TREASURY, day, legend,
            debits=[(where, received), (Acc.INCOME_TAX_WITHHELD, income_tax), (Acc.TURNOVER_WITHHELD, turnover)],
            credits=[(Acc.RECEIVABLES, owed.amount)],
        )

    def _how(self, where: Acc, day: dt.date, received: int, owed: Receivable) -> str:
        if where is Acc.CHEQUES:
            due = day + dt.timedelta(days=self._rng.choice((15, 30)))
            return f"cheque n.º {self._treasury.keep_cheque(due, received, owed.customer.name)}"
        if owed.customer.withholds:
            return "transferencia menos retenciones"
        return "transferencia" if where is Acc.BANK else "efectivo"

    def _chase(self, day: dt.date) -> None:
        """Move old invoices to doubtful debtors; some of these pay in the end, with interest."""
        limit = day - dt.timedelta(days=DOUBTFUL_AFTER_DAYS)
        for owed in [owed for owed in self._late if owed.due <= limit]:
            self._late.remove(owed)
            self._books.record(
                Area.SALES, day, f"Pase a morosos factura {owed.invoice} de {owed.customer.name}",
                debits=[(Acc.DOUBTFUL, owed.amount)], credits=[(Acc.RECEIVABLES, owed.amount)],
            )
            if self._rng.random() < 0.6:
                self._doubtful.append((owed.due + dt.timedelta(days=DOUBTFUL_PAY_AFTER_DAYS), owed))
        for item in [item for item in self._doubtful if item[0] <= day]:
            self._doubtful.remove(item)
            self._collect_late(day, item[1])

    def _collect_late(self, day: dt.date, owed: Receivable) -> None:
        interest = share(owed.amount, LATE_INTEREST) * (DOUBTFUL_PAY_AFTER_DAYS // 30)
        vat = share(interest, VAT)
        self._books.record(
            Area.SALES, day, f"Cobro factura {owed.invoice} de {owed.customer.name} con intereses por mora",
            debits=[(Acc.BANK, owed.amount + interest + vat)],
            credits=[(Acc.DOUBTFUL, owed.amount), (Acc.INTEREST_EARNED, interest), (Acc.VAT_DEBIT, vat)],
        )

    def _settle_cards(self, day: dt.date) -> None:
        total = self._books.balance(Acc.CARDS)
        fee = share(total, CARD_FEE)
        fee_vat, withheld = share(fee, VAT), share(total, VAT_WITHHOLDING_CARDS)
        turnover = share(total, TURNOVER_WITHHOLDING)
        if total:
            self._books.record(
                Area.TREASURY, day, "Liquidación de tarjetas menos aranceles y retenciones",
                debits=[
                    (Acc.BANK, total - fee - fee_vat - withheld - turnover), (Acc.CARD_FEES, fee),
                    (Acc.VAT_CREDIT, fee_vat), (Acc.VAT_WITHHELD, withheld), (Acc.TURNOVER_WITHHELD, turnover),
                ],
                credits=[(Acc.CARDS, total)],
            )

    def _empty_wallet(self, day: dt.date) -> None:
        total = self._books.balance(Acc.WALLET)
        fee = share(total, WALLET_FEE)
        fee_vat = share(fee, VAT)
        if total:
            self._books.record(
                Area.TREASURY, day, "Transferencia de billetera virtual a cuenta corriente menos comisión",
                debits=[(Acc.BANK, total - fee - fee_vat), (Acc.CARD_FEES, fee), (Acc.VAT_CREDIT, fee_vat)],
                credits=[(Acc.WALLET, total)],
            )
