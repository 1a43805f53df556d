"""A company's journal as hledger (and ledger) reads it.

Accounts are `Activo:11101 Caja`, with their types declared. A last transaction of nothing asserts every
balance, so that `hledger check` holds our totals against its own sums.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from apps.accounts.models import Account, AccountKind
from apps.common.db import snapshot
from apps.companies.models import Company
from apps.trans.models import TransactionStatus
from apps.transfer.text.journal import Asiento, asientos, balances, currency, days, decimal, postable, text_file

# Root and hledger's type. Memorandum accounts are of no statement; equity is where they do least.
_ROOTS = {
    AccountKind.ASSET: ("Activo", "A"),
    AccountKind.LIABILITY: ("Pasivo", "L"),
    AccountKind.EQUITY: ("Patrimonio", "E"),
    AccountKind.INCOME: ("Ingresos", "R"),
    AccountKind.EXPENSE: ("Egresos", "X"),
    AccountKind.MEMORANDUM: ("Orden", "E"),
}
# What would end a description, a code or an account's name, or begin a comment or a virtual posting.
_NOT_IN_TEXT = re.compile(r"[;|]")
_NOT_IN_NAMES = re.compile(r"[;:()\[\]]")


def write_hledger(company: Company, path: Path) -> None:
    """Write the company's journal to a file."""
    with snapshot(), text_file(path) as handle:
        for line in _lines(company):
            handle.write(f"{line}\n")


def account_name(account: Account) -> str:
    """Return the name of an account; its code makes it the only one.

    >>> account_name(Account(code="1.1.01", name="Caja (pesos)", kind="activo"))
    'Activo:1.1.01 Caja pesos'
    """
    name = " ".join(_NOT_IN_NAMES.sub(" ", _plain(account.name)).split())  # two blanks would end it
    return f"{_ROOTS[AccountKind(account.kind)][0]}:{account.code} {name}".strip()


def _lines(company: Company) -> Iterator[str]:
    unit, found = currency(), days(company)
    yield f"; {_plain(company.name)}"
    yield f"commodity 1000.00 {unit}"
    yield ""
    accounts = postable(company)
    names = {account.pk: account_name(account) for account in accounts}
    for root, kind in dict(_ROOTS.values()).items():
        yield f"account {root}  ; type: {kind}"
    for account in accounts:
        yield f"account {names[account.pk]}"
    for asiento in asientos(company):
        yield from _asiento(asiento, names, unit)
    if found is not None:
        yield ""
        yield f"{found[1] + dt.timedelta(days=1)} * Saldos"
        for key, amount in sorted(balances(company).items(), key=lambda item: names[item[0]]):
            yield f"    {names[key]}  0.00 {unit} = {decimal(amount)} {unit}"


def _asiento(asiento: Asiento, names: dict[int, str], unit: str) -> Iterator[str]:
    flag = "!" if asiento.status == TransactionStatus.PENDING else "*"
    code = "" if asiento.number is None else f" ({asiento.number})"
    tags = {"asiento": asiento.key, "estado": TransactionStatus(asiento.status).label, "revierte": asiento.reverses}
    yield ""
    yield f"{asiento.date} {flag}{code} {_description(asiento.legend)}".rstrip()
    yield "    ; " + ", ".join(f"{name}: {value}" for name, value in tags.items() if value is not None)
    for account, amount in asiento.postings:
        yield f"    {names[account]}  {decimal(amount)} {unit}"


def _description(legend: str) -> str:
    """Return a legend as a description; one that begins like a status or a code must not be one."""
    text = " ".join(_NOT_IN_TEXT.sub(",", _plain(legend)).split())
    return f"- {text}" if text[:1] in set("*!(") else text


def _plain(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)
