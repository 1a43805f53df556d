"""Every error that is put into the starting set by itself is named for what it is, and nothing else is."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from apps.exercises.class_errors import TITLES
from apps.exercises.feedback import OUTCOMES, SURPLUS, TEXTS, tell
from apps.exercises.solutions import is_vat
from ledger.grading import Alternative, Asiento, Card, CodedLine, Dates, ExpectedEntry, Key, Solution, grade

ROOMS = Path(__file__).resolve().parents[2]
FOREIGN, ANOTHER = "55106", "55105"  # accounts of no exercise
CREDIT_TAX, DEBIT_TAX = "11401", "21401"
LONG_AGO = dt.date(2025, 1, 1)
Spoilt = Iterator[tuple[str, list[Asiento]]]


def _chart() -> dict[str, Card]:
    with (ROOMS / "accounts/data/plan_de_cuentas.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if len(row["code"]) == 5]
    return {row["code"]: Card(row["name"], row["kind"], row["code"][:3], vat=is_vat(row["name"])) for row in rows}


CHART = _chart()


def _entry(found) -> ExpectedEntry:
    lines = tuple(
        CodedLine(code, **{side: pesos * 100})
        for name, side in (("debe", "debit"), ("haber", "credit")) for code, pesos in found["ways"][0][name].items()
    )
    first, last = (dt.date.fromisoformat(f"2026-{found[name]}") for name in ("from", "to"))
    return ExpectedEntry(found["label"], found["points"], (Alternative(lines),), Dates(first, last))


EXERCISES = {
    found["key"]: Key((Solution(tuple(_entry(entry) for entry in found["expected"])),))
    for found in json.loads((ROOMS / "exercises/data/ejercicios.json").read_text(encoding="utf-8"))
}
each = pytest.mark.parametrize("key", EXERCISES.values(), ids=EXERCISES)


def right_answer(key: Key) -> list[Asiento]:
    entries = key.solutions[0].entries
    return [Asiento(number, entry.dates.last, entry.alternatives[0].lines) for number, entry in enumerate(entries)]


def told(answer: list[Asiento], key: Key) -> list[str]:
    found = grade(answer, key, CHART)
    tell(found, CHART, "full")  # every fault has words
    return [*(fault.code for entry in found.entries for fault in entry.faults),
            *(extra.outcome for extra in found.surplus)]


def amount(line: CodedLine) -> int:
    return line.debit or line.credit


def with_amount(line: CodedLine, wanted: int) -> CodedLine:
    return replace(line, debit=wanted if line.debit else 0, credit=wanted if line.credit else 0)


def flipped(line: CodedLine) -> CodedLine:
    return replace(line, debit=line.credit, credit=line.debit)


def spoilt_lines(lines: tuple[CodedLine, ...], at: int) -> Iterator[tuple[str, CodedLine]]:
    """Yield each single error of one line."""
    line, used = lines[at], {other.code for other in lines}
    yield "side_inverted", flipped(line)
    yield "amount_times", with_amount(line, amount(line) * 10)
    yield "amount_divided", with_amount(line, amount(line) // 10)
    yield "amount_wrong", with_amount(line, amount(line) + 1234567)
    first, second, *rest = str(amount(line))
    if second not in {first, "0"}:  # 80 for 08 is a tenth as well
        yield "amount_transposed", with_amount(line, int("".join([second, first, *rest])))
    if CHART[line.code].vat:
        if line.code in {CREDIT_TAX, DEBIT_TAX} and len(used & {CREDIT_TAX, DEBIT_TAX}) == 1:
            yield "vat_swapped", replace(line, code=CREDIT_TAX if line.code == DEBIT_TAX else DEBIT_TAX)
        return
    yield "account_wrong", replace(line, code=FOREIGN)
    siblings = [code for code in CHART if code[:3] == line.code[:3] and code not in used and not CHART[code].vat]
    if siblings:
        yield "account_in_rubro", replace(line, code=siblings[0])


def without_tax(lines: tuple[CodedLine, ...], at: int) -> Iterator[tuple[str, tuple[CodedLine, ...]]]:
    """Yield what becomes of an asiento without its IVA: inside the price, or missing from the total."""
    tax, rest = lines[at], lines[:at] + lines[at + 1 :]
    beside = [number for number, line in enumerate(rest) if bool(line.debit) == bool(tax.debit)]
    opposite = [number for number, line in enumerate(rest) if bool(line.debit) != bool(tax.debit)]
    if not CHART[tax.code].vat or not beside or not opposite:
        return
    price, total = beside[0], opposite[0]
    for code, number, change in (("vat_in_price", price, amount(tax)), ("vat_missing", total, -amount(tax))):
        if amount(rest[number]) + change > 0:
            changed = with_amount(rest[number], amount(rest[number]) + change)
            yield code, (*rest[:number], changed, *rest[number + 1 :])


def spoilt(asiento: Asiento) -> Spoilt:
    """Yield each single error of an asiento: its name, and what is handed in in its place."""
    lines = asiento.lines
    for at, line in enumerate(lines):
        for code, changed in spoilt_lines(lines, at):
            yield code, [replace(asiento, lines=(*lines[:at], changed, *lines[at + 1 :]))]
        for code, changed_lines in without_tax(lines, at):
            yield code, [replace(asiento, lines=changed_lines)]
        if len(lines) > 2 and not CHART[line.code].vat:
            yield "line_missing", [replace(asiento, lines=lines[:at] + lines[at + 1 :])]
    yield "entry_inverted", [replace(asiento, lines=tuple(map(flipped, lines)))]
    yield "entry_times", [replace(asiento, lines=tuple(with_amount(line, amount(line) * 10) for line in lines))]
    yield "line_extra", [replace(asiento, lines=(*lines, CodedLine(FOREIGN, debit=500)))]
    yield "wrong_period", [replace(asiento, date=LONG_AGO)]
    yield "entry_missing", []
    yield "duplicated", [asiento, replace(asiento, ref=asiento.ref + 100)]
    stranger = (CodedLine(FOREIGN, debit=7), CodedLine(ANOTHER, credit=7))
    yield "extra", [asiento, replace(asiento, ref=asiento.ref + 100, lines=stranger)]
    if len(lines) > 2:
        rest = replace(asiento, ref=asiento.ref + 100, lines=lines[1:])
        yield "entry_cut", [replace(asiento, lines=lines[:1]), rest]


@each
def test_the_right_answer_has_no_error(key):
    assert told(right_answer(key), key) == []


@each
def test_each_error_is_named_and_nothing_else(key):
    answer = right_answer(key)
    for at, asiento in enumerate(answer):
        for code, instead in spoilt(asiento):
            assert told([*answer[:at], *instead, *answer[at + 1 :]], key) == [code], (asiento, instead)


@each
def test_two_asientos_in_one_are_named(key):
    first, *others = right_answer(key)
    for at, other in enumerate(others):
        if (first.date.year, first.date.month) == (other.date.year, other.date.month):
            joined = replace(first, lines=first.lines + other.lines)
            assert told([joined, *others[:at], *others[at + 1 :]], key) == ["entries_joined"] * 2


def test_every_error_that_can_be_told_has_words():
    codes = {code for key in EXERCISES.values() for found in right_answer(key) for code, _instead in spoilt(found)}
    assert codes <= TEXTS.keys() | SURPLUS.keys()
    assert TITLES.keys() == TEXTS.keys() | SURPLUS.keys()
    assert OUTCOMES.keys() == {"right", "wrong", "missing", "joined", "cut"}
