"""Paying: what is owed, by when, and out of which pocket. Nothing is paid that is not there."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from apps.dash.demo.accounts import Acc
from apps.dash.demo.books import Area, Books
from apps.dash.demo.days import ends_month, is_banking_day, month_name
from apps.dash.demo.parties import LENDER
from apps.dash.demo.rates import BANK_TAX, VAT, VAT_PERCEPTION, share

CASH_KEPT = 400_000_00
CASH_TO_DEPOSIT = 1_500_000_00
BANK_KEPT = 2_000_000_00
BANK_FEE = 38_500_00
E_CHEQUE_DAYS = 30


class Priority(IntEnum):
    """Who is paid first when there is not enough for all."""

    CHEQUE = 0
    STAFF = 1
    STATE = 2
    OTHERS = 3
    SUPPLIER = 4


@dataclass(frozen=True, slots=True, order=True)
class Obligation:
    """A debt recorded in `code`, payable from `due` on."""

    priority: Priority
    due: dt.date
    number: int
    code: Acc
    amount: int
    legend: str
    area: Area


@dataclass(frozen=True, slots=True, order=True)
class Cheque:
    """A customer's cheque in the drawer, that can be deposited from `due` on."""

    due: dt.date
    number: int
    amount: int
    drawer: str


class Treasury:
    """Cash, bank, the drawer of cheques and the list of debts."""

    def __init__(self, books: Books, rng: random.Random) -> None:
        self._books, self._rng = books, rng
        self._debts: list[Obligation] = []
        self._drawer: list[Cheque] = []
        self._number = 0

    def owe(
        self, due: dt.date, code: Acc, amount: int, legend: str, *, priority: Priority, area: Area = Area.TREASURY
    ) -> None:
        """Remember a debt that the books hold already."""
        if amount:
            self._debts.append(Obligation(priority, due, self._next(), code, amount, legend, area))

    def keep_cheque(self, due: dt.date, amount: int, drawer: str) -> int:
        """Put a customer's cheque in the drawer and return its number; the books hold it already."""
        cheque = Cheque(due, self._next(), amount, drawer)
        self._drawer.append(cheque)
        return cheque.number

    def work(self, day: dt.date) -> None:
        """Deposit the cheques that fell due and the spare cash, then pay what can be paid."""
        if is_banking_day(day):
            self._deposit_cheques(day)
            self._deposit_cash(day)
            self._pay(day)

    def close_day(self, day: dt.date) -> None:
        """At the end of the month, take what the bank charges."""
        if ends_month(day):
            self._bank_charges(day)

    def _next(self) -> int:
        self._number += 1
        return self._number

    def _deposit_cash(self, day: dt.date) -> None:
        cash = self._books.balance(Acc.CASH)
        if cash >= CASH_TO_DEPOSIT:
            # Notes are counted out in thousands of pesos.
            amount = (cash - CASH_KEPT) // 1_000_00 * 1_000_00
            self._books.record(
                Area.TREASURY, day, "Depósito de efectivo en cuenta corriente",
                debits=[(Acc.BANK, amount)], credits=[(Acc.CASH, amount)],
            )

    def _deposit_cheques(self, day: dt.date) -> None:
        ripe = sorted(cheque for cheque in self._drawer if cheque.due <= day)
        if ripe:
            self._drawer = [cheque for cheque in self._drawer if cheque.due > day]
            amount = sum(cheque.amount for cheque in ripe)
            self._books.record(
                Area.TREASURY, day, f"Depósito de cheques de terceros: {len(ripe)}",
                debits=[(Acc.BANK, amount)], credits=[(Acc.CHEQUES, amount)],
            )

    def _pay(self, day: dt.date) -> None:
        for debt in sorted(debt for debt in self._debts if debt.due <= day):
            paid = self._pay_supplier(debt, day) if debt.priority is Priority.SUPPLIER else self._transfer(debt, day)
            if paid:
                self._debts.remove(debt)

    def _transfer(self, debt: Obligation, day: dt.date) -> bool:
        """Pay from the bank; return whether there was enough there."""
        kept = BANK_KEPT if debt.priority is Priority.SUPPLIER else 0
        if self._books.balance(Acc.BANK) - kept < debt.amount:
            return False
        self._books.record(
            debt.area, day, debt.legend, debits=[(debt.code, debt.amount)], credits=[(Acc.BANK, debt.amount)]
        )
        return True

    def _pay_supplier(self, debt: Obligation, day: dt.date) -> bool:
        """Endorse customers' cheques for part of the debt, transfer it, or else give a cheque of our own."""
        endorsed = self._endorsable(debt.amount) if self._rng.random() < 0.3 else []
        if endorsed:
            self._endorse(endorsed, debt, day)
        elif self._rng.random() < 0.35 or not self._transfer(debt, day):
            self._give_cheque(debt, debt.amount, day)
        return True

    def _endorsable(self, amount: int) -> list[Cheque]:
        chosen: list[Cheque] = []
        for cheque in sorted(self._drawer):
            if cheque.amount + sum(one.amount for one in chosen) <= amount and len(chosen) < 4:
                chosen.append(cheque)
        return chosen

    def _endorse(self, cheques: Sequence[Cheque], debt: Obligation, day: dt.date) -> None:
        self._drawer = [cheque for cheque in self._drawer if cheque not in cheques]
        endorsed = sum(cheque.amount for cheque in cheques)
        names = ", ".join(f"n.º {cheque.number}" for cheque in cheques)
        self._books.record(
            debt.area, day, f"{debt.legend}: endoso de cheques {names}",
            debits=[(debt.code, endorsed)], credits=[(Acc.CHEQUES, endorsed)],
        )
        self._give_cheque(debt, debt.amount - endorsed, day)

    def _give_cheque(self, debt: Obligation, amount: int, day: dt.date) -> None:
        if not amount:
            return
        due = day + dt.timedelta(days=E_CHEQUE_DAYS)
        self._books.record(
            debt.area, day, f"{debt.legend}: e-cheq a {E_CHEQUE_DAYS} días",
            debits=[(debt.code, amount)], credits=[(Acc.DEFERRED_CHEQUES, amount)],
        )
        self.owe(due, Acc.DEFERRED_CHEQUES, amount, "Débito de e-cheq propio", priority=Priority.CHEQUE)

    def _bank_charges(self, day: dt.date) -> None:
        credited, debited = self._books.moved(Acc.BANK, month=day)
        tax = share(credited, BANK_TAX) + share(debited, BANK_TAX)
        fee_vat, perceived = share(BANK_FEE, VAT), share(BANK_FEE, VAT_PERCEPTION)
        self._books.record(
            Area.TREASURY, day, f"Comisión de mantenimiento de cuenta {LENDER}, {month_name(day)}",
            debits=[(Acc.BANK_FEES, BANK_FEE), (Acc.VAT_CREDIT, fee_vat), (Acc.VAT_PERCEIVED, perceived)],
            credits=[(Acc.BANK, BANK_FEE + fee_vat + perceived)],
        )
        if tax:
            self._books.record(
                Area.TREASURY, day, f"Impuesto a los débitos y créditos bancarios, {month_name(day)}",
                debits=[(Acc.BANK_TAX, tax)], credits=[(Acc.BANK, tax)],
            )
