"""Filling the books for a measurement."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Iterator
from typing import Any

BATCH = 2_000
FIRST_DAY = dt.date(2026, 1, 1)


def actors() -> tuple[Any, Any]:
    """Return the stage's user and company; call after Stage.enter."""
    from apps.companies.queries import default_company
    from apps.users.models import User

    return User.objects.get(is_superuser=True), default_company()


def open_chart() -> None:
    """Load the default chart."""
    from apps.accounts.actions import load_default_chart

    user, company = actors()
    load_default_chart(company, acting_user=user)


def postable() -> list[int]:
    """Return the keys of the accounts that can be posted to."""
    from apps.accounts.queries import active_accounts_of

    _user, company = actors()
    return list(active_accounts_of(company).values_list("pk", flat=True))


def trial_balance() -> tuple[int, int]:
    """Read the figures of a trial balance; return the sums of its two sides, which are equal."""
    from apps.accounts.queries import accounts_of

    _user, company = actors()
    moved = accounts_of(company).filter(postable=True).values_list("code", "name", "debits", "credits")
    rows = [(code, name, debits, credits_, debits - credits_) for code, name, debits, credits_ in moved]
    return sum(row[4] for row in rows if row[4] > 0), -sum(row[4] for row in rows if row[4] < 0)


def drafts(accounts: list[int], *, seed: int = 1) -> Iterator[Any]:
    """Yield two-line drafts without end, spread over accounts and a year, the same for the same seed."""
    from ledger.entries import Draft, Line

    dice = random.Random(seed)
    for number in itertools.count(1):
        debit, credit = dice.sample(accounts, 2)
        amount = dice.randrange(1_00, 500_000_00)
        day = FIRST_DAY + dt.timedelta(days=dice.randrange(365))
        yield Draft(day, f"Asiento de prueba {number}", (Line(debit, debit=amount), Line(credit, credit=amount)))


def fill(until: int) -> None:
    """Post drafts in bulk until the company holds `until` transactions."""
    from apps.trans.actions import post_transactions
    from apps.trans.models import Transaction

    user, company = actors()
    have = Transaction.objects.filter(company=company).count()
    source = drafts(postable(), seed=have)
    while have < until:
        batch = list(itertools.islice(source, min(BATCH, until - have)))
        post_transactions(batch, acting_user=user, company=company)
        have += len(batch)
