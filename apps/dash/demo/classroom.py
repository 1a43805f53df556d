"""Who recorded what: the journal divided between a teacher and groups of students."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.dash.demo.books import Area, JournalEntry
from apps.dash.demo.journal import PACE_MAX, PACE_MIN, generate

# What takes more than a first-year student, the teacher records.
TEACHERS_DESKS = frozenset({Area.CLOSING, Area.TAXES, Area.PAYROLL, Area.ASSETS})
FORGOTTEN = 3
GROUPS_A_YEAR = 8
FIRST_YEAR = 3
TEACHER = 0


@dataclass(frozen=True, slots=True)
class Share:
    """A journal and, for each of its transactions, who records it: TEACHER or a student from 1 on.

    `forgotten` are indices of transactions that nobody verifies; `past` is what came before them all.
    """

    past: tuple[JournalEntry, ...]
    entries: tuple[JournalEntry, ...]
    authors: tuple[int, ...]
    forgotten: frozenset[int]


def group_name(number: int) -> str:
    """Return the name of the group with this number, from 0: `3° A`, `3° B`, ..."""
    year, letter = divmod(number, GROUPS_A_YEAR)
    return f"{FIRST_YEAR + year}° {'ABCDEFGH'[letter]}"


def group_of(student: int, groups: int) -> int:
    """Return the group of a student, from 0; students take their seats in turn."""
    return (student - 1) % groups


def share_out(
    start: dt.date, end: dt.date, *, students: int, groups: int, recorded: int, idle_since: dt.date,
    since: dt.date | None = None,
) -> Share:
    """Return a journal in which the students record `recorded` transactions in all, and the teacher the rest.

    The company's journal begins at `since`, the first of a month, where it is older than their work.

    Earlier groups record more than later ones; of several groups the last has nothing from
    `idle_since` on. Raises ValueError when no journal is long enough.
    """
    journal = _long_enough(start, end, recorded, since=since or start)
    past = tuple(entry for entry in journal if entry.date < start)
    entries = journal[len(past):]
    candidates = _students_work(entries)
    theirs = [candidates[number * len(candidates) // recorded] for number in range(recorded)]
    early = [index for index in theirs if entries[index].date < idle_since]
    quotas = _quotas(students, groups, recorded)
    idle = {student for student in quotas if groups > 1 and group_of(student, groups) == groups - 1}
    busy = [student for student in quotas if student not in idle]

    rng = random.Random(f"{students}:{groups}:{recorded}")  # noqa: S311 - a story, not a secret
    idle_turns = _turns(quotas, idle)[: len(early)]
    authors = dict(zip(rng.sample(early, len(idle_turns)), idle_turns, strict=True))
    rest = [index for index in theirs if index not in authors]
    turns = _turns(quotas, busy)
    turns += [busy[number % len(busy)] for number in range(len(rest) - len(turns))]
    authors |= zip(rest, rng.sample(turns, len(turns)), strict=True)
    everyone = tuple(authors.get(index, TEACHER) for index in range(len(entries)))
    return Share(past, entries, everyone, frozenset(early[-FORGOTTEN:]))


def _turns(quotas: dict[int, int], who: Iterable[int]) -> list[int]:
    return [student for student in sorted(who) for _turn in range(quotas[student])]


def _students_work(entries: Sequence[JournalEntry]) -> list[int]:
    return [index for index, entry in enumerate(entries) if entry.area not in TEACHERS_DESKS]


def _long_enough(start: dt.date, end: dt.date, recorded: int, *, since: dt.date) -> tuple[JournalEntry, ...]:
    """Return the journal of the slowest pace (by steps of a quarter) with work enough for the students from `start`."""
    pace = PACE_MIN
    while True:
        entries = generate(since, end, pace=pace)
        found = len(_students_work([entry for entry in entries if entry.date >= start]))
        if found >= recorded or pace == PACE_MAX:
            break
        pace = min(max(pace * 1.25, pace * recorded / found * 0.9), PACE_MAX)
    if found < recorded:
        raise ValueError(f"{recorded} transactions are more than the journal from {start} to {end} has: {found}")
    return entries


def _quotas(students: int, groups: int, recorded: int) -> dict[int, int]:
    """Divide the transactions between the students, the first group's doing about twice the last one's."""
    weights = {student: 2 * groups - group_of(student, groups) for student in range(1, students + 1)}
    whole, quotas, given, passed = sum(weights.values()), {}, 0, 0
    for student, weight in weights.items():
        passed += weight
        quotas[student] = recorded * passed // whole - given
        given += quotas[student]
    return quotas
