"""A company's journal in beancount's language (2 and 3).

Accounts are `Activo:11101-Caja`: the kind as root, then code and name. Balances are asserted at the
end, so that `bean-check` holds our totals against its own sums.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from apps.accounts.models import Account, AccountKind
from apps.common.db import snapshot
from apps.companies.models import Company
from apps.trans.models import TransactionKind, TransactionStatus
from apps.transfer.text.journal import Asiento, asientos, balances, currency, days, decimal, postable, text_file

_ROOTS = {
    AccountKind.ASSET: "Activo", AccountKind.LIABILITY: "Pasivo", AccountKind.EQUITY: "Patrimonio",
    AccountKind.INCOME: "Ingresos", AccountKind.EXPENSE: "Egresos", AccountKind.MEMORANDUM: "Patrimonio:Orden",
}
_OPTIONS = {
    "name_assets": "Activo", "name_liabilities": "Pasivo", "name_equity": "Patrimonio", "name_income": "Ingresos",
    "name_expenses": "Egresos",
}
_NOT_IN_NAMES = re.compile(r"[^0-9A-Za-zÀ-ÖØ-öø-ÿ]+")


def write_beancount(company: Company, path: Path) -> None:
    """Write the company's journal to a file."""
    with snapshot(), text_file(path) as handle:
        for line in _lines(company):
            handle.write(f"{line}\n")


def account_name(account: Account) -> str:
    """Return the name of an account; its code makes it the only one.

    >>> account_name(Account(code="1.1.01", name="Caja (pesos)", kind="activo"))
    'Activo:1-1-01-Caja-pesos'
    """
    parts = [account.code.replace(".", "-"), _NOT_IN_NAMES.sub("-", account.name).strip("-")]
    return f"{_ROOTS[AccountKind(account.kind)]}:{'-'.join(part for part in parts if part)}"


def _lines(company: Company) -> Iterator[str]:
    unit, found = currency(), days(company)
    yield ";; -*- mode: beancount; coding: utf-8 -*-"
    yield f"option \"title\" {_quoted(company.name)}"
    yield f"option \"operating_currency\" \"{unit}\""
    for option, name in _OPTIONS.items():
        yield f"option \"{option}\" \"{name}\""
    yield ""
    accounts = postable(company)
    names = {account.pk: account_name(account) for account in accounts}
    first, last = found or (dt.date(1900, 1, 1), dt.date(1900, 1, 1))
    for account in accounts:
        yield f"{first} open {names[account.pk]} {unit}"
        yield f"  codigo: {_quoted(account.code)}"
        yield f"  nombre: {_quoted(account.name)}"
    for asiento in asientos(company):
        yield from _asiento(asiento, names, unit)
    yield ""
    for key, amount in sorted(balances(company).items(), key=lambda item: names[item[0]]):
        yield f"{last + dt.timedelta(days=1)} balance {names[key]}  {decimal(amount)} {unit}"


def _asiento(asiento: Asiento, names: dict[int, str], unit: str) -> Iterator[str]:
    flag = "!" if asiento.status == TransactionStatus.PENDING else "*"
    yield ""
    yield f"{asiento.date} {flag} {_quoted(asiento.legend)}"
    yield f"  asiento: {asiento.key}"
    yield f"  estado: {_quoted(TransactionStatus(asiento.status).label)}"
    if asiento.number is not None:
        yield f"  numero: {asiento.number}"
    if asiento.reverses is not None:
        yield f"  revierte: {asiento.reverses}"
    if asiento.kind not in {TransactionKind.STANDARD, TransactionKind.REVERSAL}:
        yield f"  clase: {_quoted(asiento.kind)}"
    for account, amount in asiento.postings:
        yield f"  {names[account]}  {decimal(amount)} {unit}"


def _quoted(text: str) -> str:
    plain = "".join(char if char.isprintable() else " " for char in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
