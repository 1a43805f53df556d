"""What holds of every grade."""

from __future__ import annotations

import datetime as dt
import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.grading import (
    HANDED_IN_LINES_MAX,
    Alternative,
    Asiento,
    Card,
    CodedLine,
    Dates,
    ExpectedEntry,
    Key,
    NoRoom,
    Solution,
    accept,
    grade,
)
from ledger.grading.matching import assign
from ledger.grading.solutions import equivalent, movements

KINDS = ["activo", "pasivo", "patrimonio", "ingreso", "egreso", "orden"]
CODES = [str(number) for number in range(8)]
CHART = {
    code: Card(f"Cuenta {code}", KINDS[int(code) % len(KINDS)], str(int(code) // 3), vat=code in {"2", "3"})
    for code in CODES[:-1]  # the last is unknown
}
DAYS = [dt.date(2026, 3, day) for day in (1, 15, 31)]
AMOUNTS = [1, 2, 10, 12, 21, 100, 120, 121, 210, 1000]

line = st.builds(
    lambda code, amount, debit: CodedLine(code, amount if debit else 0, 0 if debit else amount),
    st.sampled_from(CODES), st.sampled_from(AMOUNTS), st.booleans(),
)
some_lines = st.lists(line, min_size=1, max_size=5).map(tuple)
dates = st.sampled_from([Dates(), Dates(DAYS[0], DAYS[1]), Dates(DAYS[1], None)])
alternative = st.builds(Alternative, some_lines, st.one_of(st.none(), dates))
entry = st.builds(
    ExpectedEntry, st.just("x"), st.integers(1, 20), st.lists(alternative, min_size=1, max_size=3).map(tuple), dates
)
solution = st.builds(Solution, st.lists(entry, min_size=1, max_size=4).map(tuple))
keys = st.builds(Key, st.lists(solution, min_size=1, max_size=2).map(tuple), st.sampled_from([0, 1, 5]))


@st.composite
def handed_in(draw):
    contents = draw(st.lists(st.tuples(st.sampled_from(DAYS), some_lines), max_size=6))
    return [Asiento(ref, day, found) for ref, (day, found) in enumerate(contents)]


@st.composite
def key_and_answer(draw):
    """A key, and an answer that solves it, spoilt or not, so that right ones are common."""
    key = draw(keys)
    chosen = draw(st.sampled_from(key.solutions))
    answer = []
    for ref, wanted in enumerate(chosen.entries):
        way = draw(st.sampled_from(wanted.alternatives))
        within = way.dates or wanted.dates
        day = draw(st.sampled_from([found for found in DAYS if within.admit(found)]))
        answer.append(Asiento(ref, day, way.lines))
    answer = draw(st.permutations(answer))
    if draw(st.booleans()):
        answer = [*answer, *draw(handed_in())]
        answer = [Asiento(ref, found.date, found.lines) for ref, found in enumerate(answer)]
    return key, answer


def solves(answer, solution, tolerance):
    """By brute force: whether some pairing is right throughout."""
    if len(answer) != len(solution.entries):
        return False
    return any(
        all(
            any(
                equivalent(movements(found.lines), movements(way.lines), tolerance)
                and (way.dates or wanted.dates).admit(found.date)
                for way in wanted.alternatives
            )
            for found, wanted in zip(order, solution.entries, strict=True)
        )
        for order in itertools.permutations(answer)
    )


@settings(max_examples=60, deadline=None)
@given(key_and_answer())
def test_full_marks_if_and_only_if_every_asiento_is_right_and_nothing_else_is_there(case):
    key, answer = case
    answer = answer[:5]
    right = any(solves(answer, found, key.tolerance) for found in key.solutions)
    assert grade(answer, key, CHART).is_full == right


@settings(max_examples=60, deadline=None)
@given(key_and_answer())
def test_a_grade_lies_between_nothing_and_all_and_is_the_same_each_time(case):
    key, answer = case
    found = grade(answer, key, CHART)
    assert 0 <= found.earned <= found.points
    assert all(0 <= entry.earned <= entry.points for entry in found.entries)
    assert grade(answer, key, CHART) == found


@settings(max_examples=60, deadline=None)
@given(key_and_answer(), st.randoms(use_true_random=False))
def test_neither_the_order_of_asientos_nor_of_lines_counts(case, rng):
    key, answer = case
    shuffled = [Asiento(found.ref, found.date, tuple(rng.sample(found.lines, len(found.lines)))) for found in answer]
    rng.shuffle(shuffled)
    assert grade(shuffled, key, CHART) == grade(answer, key, CHART)


@settings(max_examples=60, deadline=None)
@given(key_and_answer(), st.randoms(use_true_random=False))
def test_lines_cut_into_parts_count_as_the_whole(case, rng):
    key, answer = case
    cut = [Asiento(found.ref, found.date, tuple(part for line in found.lines for part in parts(line, rng)))
           for found in answer]
    assert grade(cut, key, CHART) == grade(answer, key, CHART)


def parts(line, rng):
    amount = line.debit or line.credit
    first = rng.randint(1, amount)
    for part in (first, amount - first):
        if part:
            yield CodedLine(line.code, part if line.debit else 0, part if line.credit else 0)


@settings(max_examples=60, deadline=None)
@given(key_and_answer())
def test_every_asiento_serves_or_is_too_many_and_none_serves_twice(case):
    key, answer = case
    found = grade(answer, key, CHART)
    joined = {entry.refs for entry in found.entries if entry.outcome == "joined"}
    served = [ref for entry in found.entries if entry.outcome != "joined" for ref in entry.refs]
    served += [ref for refs in joined for ref in refs]
    assert sorted(served + [extra.ref for extra in found.surplus]) == sorted(asiento.ref for asiento in answer)


@settings(max_examples=60, deadline=None)
@given(key_and_answer())
def test_the_effect_keeps_the_equation_of_the_balance_where_asientos_balance(case):
    key, answer = case
    balanced = [found for found in answer if is_balanced(found.lines)]
    ways = [way for found in key.solutions for entry in found.entries for way in entry.alternatives]
    found = grade(balanced, key, CHART)
    known = all(line.code in CHART and CHART[line.code].kind != "orden"
                for lines in [*(way.lines for way in ways), *(asiento.lines for asiento in balanced)] for line in lines)
    if known and all(is_balanced(way.lines) for way in ways):
        assert found.effect.assets == found.effect.liabilities + found.effect.equity


def is_balanced(lines):
    return sum(line.debit for line in lines) == sum(line.credit for line in lines)


@settings(max_examples=60, deadline=None)
@given(key_and_answer())
def test_what_is_accepted_earns_everything_and_what_did_so_goes_on_doing_so(case):
    key, answer = case
    if not answer:
        return
    before = grade(answer, key, CHART)
    try:
        wider = accept(key, before, answer)
    except NoRoom:
        return
    assert grade(answer, wider, CHART).is_full
    for solution in key.solutions:
        other = [
            Asiento(ref, next(day for day in DAYS if (way.dates or wanted.dates).admit(day)), way.lines)
            for ref, wanted in enumerate(solution.entries) for way in wanted.alternatives[:1]
        ]
        assert grade(other, wider, CHART).is_full


@settings(max_examples=60, deadline=None)
@given(key_and_answer())
def test_putting_one_thing_right_never_costs_anything(case):
    """An error mended, what was missing added, what was too many taken out: none earns less than before."""
    key, answer = case
    before = grade(answer, key, CHART)
    solution = key.solutions[before.solution]
    for entry in before.entries:
        if entry.outcome in {"wrong", "missing"}:
            wanted = solution.entries[entry.index]
            way = wanted.alternatives[entry.alternative]
            day = next(found for found in DAYS if (way.dates or wanted.dates).admit(found))
            rest = [found for found in answer if found.ref not in entry.refs]
            mended = grade([*rest, Asiento(999, day, way.lines)], key, CHART)
            assert mended.earned * before.points >= before.earned * mended.points
    for extra in before.surplus:
        fewer = grade([found for found in answer if found.ref != extra.ref], key, CHART)
        assert fewer.earned * before.points >= before.earned * fewer.points


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4).flatmap(lambda width: st.lists(
    st.lists(st.integers(0, 9), min_size=width, max_size=width), min_size=1, max_size=4
)))
def test_no_assignment_is_worth_more(worth):
    found = assign(worth)
    taken = [column for column in found if column is not None]
    assert len(taken) == len(set(taken))
    columns = [*range(len(worth[0])), *[None] * len(worth)]
    best = max(
        sum(row[column] for row, column in zip(worth, order, strict=True) if column is not None)
        for order in itertools.permutations(columns, len(worth))
    )
    assert sum(worth[row][column] for row, column in enumerate(found) if column is not None) == best


def test_a_thousand_lines_made_to_be_slow_are_compared_a_bounded_number_of_times(monkeypatch):
    """Many asientos, each a part of what is wanted, all different: the worst for matching, cutting and joining."""
    from ledger.grading.comparing import _Pairing

    runs = 0
    run = _Pairing.run

    def counted(self):
        nonlocal runs
        runs += 1
        return run(self)

    monkeypatch.setattr(_Pairing, "run", counted)
    rng = random.Random(7)
    wanted = tuple(
        ExpectedEntry("x", 10, (Alternative(tuple(
            CodedLine(rng.choice(CODES), debit=rng.randint(1, 9999)) for _line in range(8)
        )),)) for _entry in range(30)
    )
    answer = [
        Asiento(ref, DAYS[0], tuple(CodedLine(rng.choice(CODES), debit=rng.randint(1, 9999)) for _line in range(5)))
        for ref in range(HANDED_IN_LINES_MAX // 5)
    ]
    found = grade(answer, Key((Solution(wanted),)), CHART)
    assert 0 <= found.earned <= found.points
    assert runs == 30 * 200
