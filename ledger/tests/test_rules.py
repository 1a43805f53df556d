"""The rules of double entry."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from ledger.entries import Draft, Line, content_digest
from ledger.money import MINOR_MAX
from ledger.rules import LINES_MAX, AccountFacts, check

DAY = dt.date(2026, 3, 2)
ACCOUNTS = {1: AccountFacts(True, True), 2: AccountFacts(True, True), 3: AccountFacts(False, True),
            4: AccountFacts(True, False)}

amounts = st.integers(1, 10**15)
accounts = st.sampled_from([1, 2])


@st.composite
def balanced_lines(draw) -> tuple[Line, ...]:
    debits = draw(st.lists(st.tuples(accounts, amounts), min_size=1, max_size=8))
    left = sum(amount for _account, amount in debits)
    cuts = sorted({cut for cut in draw(st.lists(st.integers(1, max(left - 1, 1)), max_size=6)) if cut < left})
    credits_ = [end - start for start, end in zip([0, *cuts], [*cuts, left], strict=True)]
    lines = [Line(account, debit=amount) for account, amount in debits]
    lines += [Line(draw(accounts), credit=amount) for amount in credits_]
    return tuple(draw(st.permutations(lines)))


def codes(*lines: Line, date: dt.date = DAY) -> set[tuple[str, int | None]]:
    return {(fault.code, fault.line) for fault in check(Draft(date, "", lines), ACCOUNTS)}


@given(balanced_lines())
def test_balanced_lines_on_usable_accounts_may_stand(lines):
    assert codes(*lines) == set()


@given(balanced_lines(), st.data())
def test_one_centavo_off_is_seen(lines, data):
    index = data.draw(st.integers(0, len(lines) - 1))
    line = lines[index]
    off = Line(line.account_id, line.debit + (line.debit > 0), line.credit + (line.credit > 0))

    assert codes(*lines[:index], off, *lines[index + 1 :]) == {("unbalanced", None)}


@given(balanced_lines())
def test_a_mirror_may_stand_and_mirrors_back(lines):
    mirror = tuple(line.mirrored() for line in lines)

    assert codes(*mirror) == set()
    assert tuple(line.mirrored() for line in mirror) == lines


def test_every_fault_of_every_line_is_named():
    found = codes(Line(3, debit=5), Line(4, credit=5), Line(9, debit=-1), Line(1), Line(2, 1, 1))

    assert found == {
        ("account_heading", 0), ("account_inactive", 1), ("account_unknown", 2), ("negative_amount", 2),
        ("no_amount", 3), ("two_sides", 4), ("unbalanced", None),
    }


def test_bounds():
    pair = (Line(1, debit=MINOR_MAX), Line(2, credit=MINOR_MAX))

    assert codes(*pair) == set()
    assert codes(*pair, *pair) == {("amount_too_large", None)}
    assert codes(Line(1, debit=MINOR_MAX + 1), Line(2, credit=MINOR_MAX + 1)) >= {("amount_too_large", 0)}
    assert codes(*[Line(1, debit=1), Line(2, credit=1)] * (LINES_MAX // 2)) == set()
    assert codes(*[Line(1, debit=1), Line(2, credit=1)] * (LINES_MAX // 2 + 1)) == {("too_many_lines", None)}
    assert codes(date=dt.date(1899, 12, 31)) == {("date_out_of_range", None), ("too_few_lines", None)}


def test_the_digest_tells_any_change_apart():
    lines = (Line(1, debit=5), Line(2, credit=5))
    base = content_digest(DAY, "a", lines)

    others = [
        content_digest(DAY, "b", lines), content_digest(DAY + dt.timedelta(1), "a", lines),
        content_digest(DAY, "a", lines[::-1]), content_digest(DAY, "a", (Line(1, debit=6), Line(2, credit=6))),
    ]
    assert len({base, *others}) == 5
    assert content_digest(DAY, "a", list(lines)) == base
