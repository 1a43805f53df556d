"""The rules of a double entry: each a pure function that returns every fault it finds.

The database refuses the same things by itself (apps/trans/sql); these rules exist to say what is
wrong, in which line, before anything is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ledger.entries import Draft
from ledger.money import MINOR_MAX

LINES_MIN = 2
LINES_MAX = 10_000
DATE_MIN = dt.date(1900, 1, 1)
DATE_MAX = dt.date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What the rules need to know of an account of the company."""

    postable: bool
    active: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a draft.

    `line` is the index of the line it is about, None for the whole; `place` the field; `figures`
    the amounts in centavos that the message names.
    """

    code: str
    place: str
    line: int | None = None
    figures: Mapping[str, int] = field(default_factory=dict)


Rule = Callable[[Draft, Mapping[int, AccountFacts]], Iterator[Fault]]


def date_in_range(draft: Draft, _accounts: Mapping[int, AccountFacts]) -> Iterator[Fault]:
    """Books have no business before 1900 or after 2199: such a date is a slip of the keyboard."""
    if not DATE_MIN <= draft.date <= DATE_MAX:
        yield Fault("date_out_of_range", "date")


def enough_lines(draft: Draft, _accounts: Mapping[int, AccountFacts]) -> Iterator[Fault]:
    """Between LINES_MIN and LINES_MAX lines."""
    if len(draft.lines) < LINES_MIN:
        yield Fault("too_few_lines", "entries")
    if len(draft.lines) > LINES_MAX:
        yield Fault("too_many_lines", "entries")


def one_positive_side(draft: Draft, _accounts: Mapping[int, AccountFacts]) -> Iterator[Fault]:
    """Each line has exactly one side, above zero and within 64 bits."""
    for index, line in enumerate(draft.lines):
        for place, amount in (("debit", line.debit), ("credit", line.credit)):
            if amount < 0:
                yield Fault("negative_amount", place, index)
            elif amount > MINOR_MAX:
                yield Fault("amount_too_large", place, index)
        if line.debit > 0 and line.credit > 0:
            yield Fault("two_sides", "credit", index)
        elif line.debit == 0 and line.credit == 0:
            yield Fault("no_amount", "debit", index)


def usable_accounts(draft: Draft, accounts: Mapping[int, AccountFacts]) -> Iterator[Fault]:
    """Each line's account is the company's, postable and active."""
    for index, line in enumerate(draft.lines):
        facts = accounts.get(line.account_id)
        if facts is None:
            yield Fault("account_unknown", "acc_id", index)
        elif not facts.postable:
            yield Fault("account_heading", "acc_id", index)
        elif not facts.active:
            yield Fault("account_inactive", "acc_id", index)


def balanced(draft: Draft, _accounts: Mapping[int, AccountFacts]) -> Iterator[Fault]:
    """The debits equal the credits, and both fit 64 bits."""
    debited = sum(line.debit for line in draft.lines)
    credited = sum(line.credit for line in draft.lines)
    if debited != credited:
        yield Fault("unbalanced", "non_field_errors", figures={"debit": debited, "credit": credited})
    elif debited > MINOR_MAX:
        yield Fault("amount_too_large", "non_field_errors")


RULES: tuple[Rule, ...] = (date_in_range, enough_lines, one_positive_side, usable_accounts, balanced)


def check(draft: Draft, accounts: Mapping[int, AccountFacts]) -> list[Fault]:
    """Return every fault of the draft against the company's accounts (by id); empty when it may stand."""
    return [fault for rule in RULES for fault in rule(draft, accounts)]
