"""Accounts as the API writes them: plain rows in, plain data out, without a model instance per row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypedDict

from django.db.models import QuerySet

from apps.accounts.models import Account
from ledger.balances import saldo


class AccountBrief(TypedDict):
    """An account as an entry shows it."""

    acc_id: int
    code: str
    name: str
    saldo: int
    nature: bool
    nature_display: str
    status: bool


class AccountWire(AccountBrief):
    """An account or heading."""

    postable: bool
    parent: int | None
    kind: str


class AccountNode(AccountWire):
    """An account in the tree; a heading's `saldo` is that of everything under it."""

    children: list[AccountNode]


Row = tuple[Any, ...]
BRIEF_COLUMNS = ("acc_id", "code", "name", "nature", "status", "debits", "credits")
_COLUMNS = (*BRIEF_COLUMNS, "postable", "parent_id", "kind")
_DEBITS, _CREDITS, _POSTABLE = 5, 6, 7


def rows(accounts: QuerySet[Account]) -> QuerySet[Account, Row]:
    """Return `accounts` as the columns that `write` reads, for a paginator to cut."""
    return accounts.values_list(*_COLUMNS)


def write_brief(columns: Sequence[Any]) -> AccountBrief:
    """Return an account from its BRIEF_COLUMNS."""
    acc_id, code, name, nature, status, debits, credits_ = columns
    return {
        "acc_id": acc_id,
        "code": code,
        "name": name,
        "saldo": saldo(debits, credits_, debit_nature=nature),
        "nature": nature,
        "nature_display": "Deudora" if nature else "Acreedora",
        "status": status,
    }


def write(row: Row) -> AccountWire:
    """Return one account."""
    postable, parent, kind = row[_POSTABLE:]
    return {**write_brief(row[:_POSTABLE]), "postable": postable, "parent": parent, "kind": kind}


def write_one(accounts: QuerySet[Account]) -> AccountWire:
    """Return the only account of `accounts`."""
    return write(rows(accounts).get())


def write_tree(found: Iterable[Row]) -> list[AccountNode]:
    """Return the top headings with all that is under them.

    `found` is a whole chart: a row whose heading is not in it stands at the top. Sums go up as debits
    and credits, so that a regularizadora lessens its heading.
    """
    ordered = list(found)
    sides = {row[0]: [row[_DEBITS], row[_CREDITS]] for row in ordered}
    nodes: dict[int, AccountNode] = {row[0]: {**write(row), "children": []} for row in ordered}
    tops: list[AccountNode] = []
    for node in nodes.values():
        above = nodes.get(node["parent"] or 0)
        (tops if above is None else above["children"]).append(node)
    for top in tops:
        _sum_up(top, sides)
    return tops


def _sum_up(node: AccountNode, sides: dict[int, list[int]]) -> list[int]:
    own = sides[node["acc_id"]]
    for child in node["children"]:
        below = _sum_up(child, sides)
        own[0] += below[0]
        own[1] += below[1]
    node["saldo"] = saldo(own[0], own[1], debit_nature=node["nature"])
    return own
