"""Who may do what: the permission matrix of the contract, as a table.

Each row gives, for business and for educational mode, the roles that may do a thing with any row
(`any_row`) and those that may do it with their own rows only (`own`). What "own" means, and which
states allow the thing at all, is decided in the room that owns the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

NOBODY = frozenset[int]()
ALL = frozenset({0, 1, 2, 3, 4})  # A
WRITERS = frozenset({0, 1, 2, 3})  # N
UP_TO_ACCOUNTANT = frozenset({0, 1, 2})  # X
ACCOUNTANTS = frozenset({0, 2})  # Y
MANAGERS = frozenset({0, 1})  # Z
LEADER = frozenset({0})  # S
STUDENT = frozenset({2})


class Reach(Enum):
    """How far a permission goes."""

    NONE = 0
    OWN = 1
    ANY = 2


@dataclass(frozen=True)
class Grant:
    """Roles by reach, in one mode."""

    any_row: frozenset[int]
    own: frozenset[int] = NOBODY


@dataclass(frozen=True)
class Rule:
    """A row of the matrix."""

    business: Grant
    educational: Grant


class Person(Protocol):
    """What the policy needs to know of a user."""

    rol: int
    is_superuser: bool


def _rule(business: frozenset[int], educational: frozenset[int]) -> Rule:
    return Rule(Grant(business), Grant(educational))


MATRIX: dict[str, Rule] = {
    "users.list": _rule(MANAGERS, LEADER),
    "users.create": _rule(MANAGERS, LEADER),
    "users.patch": _rule(MANAGERS, LEADER),
    "users.retrieve": _rule(UP_TO_ACCOUNTANT, LEADER),
    "users.put": _rule(LEADER, LEADER),
    "users.delete": _rule(LEADER, LEADER),
    "users.me": _rule(ALL, ALL),
    "config.read": _rule(ALL, ALL),
    "config.write": _rule(LEADER, LEADER),
    "companies.read": Rule(Grant(LEADER, own=ALL), Grant(LEADER, own=ALL)),
    "companies.write": _rule(LEADER, LEADER),
    "companies.switch": _rule(LEADER, LEADER),
    "companies.export": _rule(LEADER, LEADER),
    "accounts.read": _rule(ALL, ALL),
    "accounts.write": _rule(ACCOUNTANTS, LEADER),
    "accounts.delete": _rule(LEADER, LEADER),
    "trans.read": _rule(ALL, ALL),
    "trans.create": _rule(WRITERS, ALL),
    "trans.edit": Rule(Grant(ACCOUNTANTS, own=frozenset({1, 3})), Grant(LEADER, own=STUDENT)),
    "trans.delete": Rule(Grant(LEADER, own=WRITERS), Grant(LEADER, own=STUDENT)),
    "trans.verify": _rule(ACCOUNTANTS, LEADER),
    "trans.close": _rule(ACCOUNTANTS, LEADER),
    "trans.reverse": Rule(Grant(ACCOUNTANTS), Grant(LEADER, own=STUDENT)),
    "periods.read": _rule(ALL, ALL),
    "periods.write": _rule(ACCOUNTANTS, LEADER),
    "periods.reopen": _rule(LEADER, LEADER),
    "books.read": _rule(ALL, ALL),
    "books.create": _rule(ACCOUNTANTS, LEADER),
    "books.delete": _rule(NOBODY, LEADER),
    "years.read": _rule(ALL, ALL),
    "years.close": _rule(ACCOUNTANTS, LEADER),
    "years.reopen": _rule(LEADER, LEADER),
    "indices.read": _rule(ALL, ALL),
    "indices.write": _rule(ACCOUNTANTS, LEADER),
    "indices.write_all": _rule(LEADER, LEADER),
    "reports.read": _rule(ALL, ALL),
    "dash.read": _rule(ALL, ALL),
    "llm.status": _rule(LEADER, LEADER),
    "chat.ask": _rule(ALL, ALL),
    "chat.rebuild": _rule(LEADER, LEADER),
    "chat.documents": _rule(LEADER, LEADER),
    "chat.history": Rule(Grant(LEADER, own=ALL), Grant(LEADER, own=ALL)),
    "templates.read": _rule(ALL, ALL),
    "templates.write": Rule(Grant(ACCOUNTANTS, own=frozenset({1, 3})), Grant(LEADER, own=STUDENT)),
    "recurring.run": _rule(ACCOUNTANTS, LEADER),
    "exercises.read": _rule(LEADER, LEADER),
    "exercises.write": _rule(LEADER, LEADER),
    "assignments.read": Rule(Grant(LEADER, own=ALL), Grant(LEADER, own=ALL)),
    "assignments.write": _rule(LEADER, LEADER),
    # To begin moves a student into a practice company: no business of a business's.
    "assignments.solve": Rule(Grant(LEADER), Grant(LEADER, own=STUDENT)),
    "submissions.read": Rule(Grant(LEADER, own=ALL), Grant(LEADER, own=ALL)),
    "submissions.grade": _rule(LEADER, LEADER),
    "consultor.ask": _rule(ALL, ALL),
    "consultor.history": Rule(Grant(LEADER, own=ALL), Grant(LEADER, own=ALL)),
    "consultor.approve": _rule(LEADER, LEADER),
    "audit.read": _rule(LEADER, LEADER),
}


def reach(person: Person, operation: str, *, business: bool) -> Reach:
    """Return how far `person` may go with `operation`; a superuser goes as far as rol 0."""
    rule = MATRIX[operation]
    grant = rule.business if business else rule.educational
    rol = 0 if person.is_superuser else person.rol
    if rol in grant.any_row:
        return Reach.ANY
    return Reach.OWN if rol in grant.own else Reach.NONE
