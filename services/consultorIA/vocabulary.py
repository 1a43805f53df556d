"""What slots are checked against: the company's accounts, people, groups and dates, read through the reader."""

from __future__ import annotations

import functools
import hashlib
import time
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.consultorIA.concepts import spelt_out
from services.consultorIA.text import fold, stems, words

if TYPE_CHECKING:
    from services.consultorIA.readers import Reader

LIMIT = 20_000
_ACCOUNTS = (
    "SELECT codigo, nombre, partida, grupo, rubro, naturaleza, imputable,"
    " CASE WHEN debe + haber > 0 THEN 'Sí' ELSE 'No' END AS movida FROM cuentas ORDER BY codigo"
)
_PEOPLE = "SELECT nombre, rol, grupo_alumnos FROM usuarios ORDER BY nombre"
# Closings say so in a column of few values; the entries' dates come from the months, which are fewer.
_CLOSINGS = "SELECT COUNT(*) AS cierres FROM asientos WHERE tipo IN ('Refundición de resultados', 'Cierre')"
_DATES = "SELECT MIN(mes) AS primero, MAX(mes) AS ultimo FROM saldos_mensuales"


@dataclass(frozen=True, slots=True)
class Account:
    """An account or, with `postable` false, a heading; `moved` when it has a line."""

    code: str
    name: str
    partida: str
    grupo: str
    rubro: str
    debit_nature: bool
    postable: bool
    moved: bool = False

    @property
    def stems(self) -> tuple[str, ...]:
        """The stems of its name."""
        return _stems_of(self.name)


@functools.lru_cache(maxsize=20_000)
def _stems_of(name: str) -> tuple[str, ...]:
    return stems(" ".join(spelt_out(word) for word in words(fold(name))))


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who uses the books."""

    name: str
    role: str
    group: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A company's names. `first` and `last` are the months of its entries, empty without any."""

    accounts: tuple[Account, ...]
    people: tuple[Person, ...]
    first: str = ""
    last: str = ""
    has_closings: bool = False

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of students, sorted."""
        return tuple(sorted({person.group for person in self.people if person.group}))

    def version(self) -> str:
        """Return a hash of all that slots are read from."""
        return hashlib.sha256(repr((self.accounts, self.people)).encode()).hexdigest()[:16]

    def known_words(self) -> frozenset[str]:
        """Return the folded words of all names."""
        return _known_words(self)


@functools.lru_cache(maxsize=16)
def _known_words(vocabulary: Vocabulary) -> frozenset[str]:
    names = [account.name for account in vocabulary.accounts]
    names += [part for person in vocabulary.people for part in (person.name, person.group)]
    return frozenset(word for name in names for word in words(fold(name)) if len(word) > 2)


# One question asks for it several times (its version, its meaning, suggestions); a name made meanwhile can wait.
HELD_S = 2.0
_held: weakref.WeakKeyDictionary[Reader, tuple[float, Vocabulary]] = weakref.WeakKeyDictionary()


def read(reader: Reader) -> Vocabulary:
    """Return the vocabulary of the reader's company: four statements, none within HELD_S of the last time."""
    held = _held.get(reader)
    if held is None or time.monotonic() - held[0] > HELD_S:
        held = _held[reader] = (time.monotonic(), _read(reader))
    return held[1]


def _read(reader: Reader) -> Vocabulary:
    accounts = tuple(
        Account(
            str(code),
            str(name),
            str(partida),
            str(grupo or ""),
            str(rubro or ""),
            nature == "Deudora",
            postable == "Sí",
            moved == "Sí",
        )
        for code, name, partida, grupo, rubro, nature, postable, moved in reader.run(_ACCOUNTS, limit=LIMIT).rows
    )
    people = tuple(
        Person(str(name), str(role or ""), str(group or ""))
        for name, role, group in reader.run(_PEOPLE, limit=LIMIT).rows
    )
    ((first, last),) = reader.run(_DATES).rows
    ((closings,),) = reader.run(_CLOSINGS).rows
    return Vocabulary(accounts, people, str(first or ""), str(last or ""), bool(closings))
