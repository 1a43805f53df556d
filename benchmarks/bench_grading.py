"""Grading: a usual submission, a class graded again, and the worst that can be handed in.

The peer is what a spreadsheet does, and what most graders are: line by line in the order of the dates. It
says right or wrong; how many right answers it takes for wrong when they are written in another order is
beside its time.
"""

from __future__ import annotations

import datetime as dt
import random

from benchmarks.harness import Figure, cpu_ms
from ledger.grading import Alternative, Asiento, Card, CodedLine, ExpectedEntry, Key, Solution, grade

DAY = dt.date(2026, 3, 2)
CODES = [f"{number:05}" for number in range(10_000, 10_190)]
CHART = {code: Card(f"Cuenta {code}", "activo", code[:4]) for code in CODES}
STUDENTS = 30


def figures() -> list[Figure]:
    """Measure what a class asks for, and the bound."""
    rng = random.Random(7)
    key, answer = _key(rng, entries=10, lines=4), []
    for ref, entry in enumerate(key.solutions[0].entries):
        answer.append(Asiento(ref, DAY, _shuffled(rng, entry.alternatives[0].lines)))
    rng.shuffle(answer)
    spoilt = [Asiento(found.ref, DAY, _spoilt(rng, found.lines)) for found in answer]
    wide = _key(rng, entries=30, lines=16)
    worst = [Asiento(ref, DAY, _lines(rng, 5)) for ref in range(200)]
    return [
        Figure("grade 10 right asientos, shuffled", cpu_ms(lambda: grade(answer, key, CHART)), 10, _peer(answer, key)),
        Figure("grade 10 asientos, each with an error", cpu_ms(lambda: grade(spoilt, key, CHART)), 10),
        Figure(
            f"grade a class of {STUDENTS} again",
            cpu_ms(lambda: [grade(spoilt, key, CHART) for _student in range(STUDENTS)]), 300,
        ),
        Figure("grade 200 asientos, 1,000 lines, of 30 expected", cpu_ms(lambda: grade(worst, wide, CHART)), 2000),
    ]


def _key(rng: random.Random, *, entries: int, lines: int) -> Key:
    expected = (ExpectedEntry("x", 10, (Alternative(_lines(rng, lines)),)) for _entry in range(entries))
    return Key((Solution(tuple(expected)),))


def _lines(rng: random.Random, count: int) -> tuple[CodedLine, ...]:
    codes = rng.sample(CODES, count)
    return tuple(
        CodedLine(code, **{"debit" if number % 2 else "credit": rng.randint(100, 10**8)})
        for number, code in enumerate(codes)
    )


def _shuffled(rng: random.Random, lines: tuple[CodedLine, ...]) -> tuple[CodedLine, ...]:
    return tuple(rng.sample(lines, len(lines)))


def _spoilt(rng: random.Random, lines: tuple[CodedLine, ...]) -> tuple[CodedLine, ...]:
    first, *rest = lines
    return (CodedLine(rng.choice(CODES), first.debit, first.credit), *rest)


def _peer(answer: list[Asiento], key: Key) -> str:
    def line_by_line() -> int:
        pairs = zip(answer, key.solutions[0].entries, strict=True)
        return sum(asiento.lines == entry.alternatives[0].lines for asiento, entry in pairs)

    return f"line by line: {cpu_ms(line_by_line):.2f} ms, and {line_by_line()} of {len(answer)} found right"
