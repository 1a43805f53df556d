"""Many at once on the same books: nothing lost, nothing torn, no collision reaches a caller."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import Max

from apps.accounts.actions import edit_account
from apps.audit.models import AuditEvent
from apps.common.errors import AppError, Busy
from apps.companies.actions import close_period, open_period
from apps.trans import actions
from apps.trans.idempotency import answer_once
from apps.trans.models import Transaction
from apps.trans.verification import verify_ledger
from apps.users.actions import delete_user
from apps.users.models import User
from ledger.entries import Draft, Line
from tests.faults.effort import ROUNDS

DAY = dt.date(2026, 3, 2)
THREADS = 8


class SharedBooks:
    """Books that several threads write in; most of what they write falls on one account."""

    def __init__(self, company: Any, user: Any, chart: dict[str, Any]) -> None:
        self.company, self.user, self.chart = company, user, chart
        self.who = {"acting_user": user, "company": company}

    def balanced(self, rng: random.Random) -> Draft:
        """Return a small transaction, four times of five over the till."""
        names = ["caja", "ventas"] if rng.random() < 0.8 else rng.sample(["iva", "ventas", "cmv"], 2)
        rng.shuffle(names)
        debit, credit = (self.chart[name].pk for name in names)
        amount = rng.randrange(1, 100)
        return Draft(DAY, "Asiento", (Line(debit, debit=amount), Line(credit, credit=amount)))

    def post(self, seed: int = 0) -> Transaction:
        """Record a transaction."""
        return actions.post_transaction(self.balanced(random.Random(seed)), **self.who)

    def verified(self, count: int) -> list[int]:
        """Record and verify some; return their keys."""
        drafts = [self.balanced(random.Random(seed)) for seed in range(count)]
        keys = [one.pk for one in actions.post_transactions(drafts, **self.who)]
        actions.verify_transactions(keys, **self.who)
        return keys

    def closed(self) -> int:
        """Record and close one; return its key."""
        (key,) = self.verified(1)
        actions.close_transaction(key, **self.who)
        return key


@pytest.fixture
def books(at_once, company, teacher, chart) -> SharedBooks:
    return SharedBooks(company, teacher, chart)


def code(act: Callable[[], Any]) -> Callable[[], str | None]:
    """Return a call that tells the code of its refusal, None when it went through."""

    def run() -> str | None:
        try:
            act()
        except Busy:
            raise
        except AppError as error:
            return error.code
        return None

    return run


def test_postings_at_once_lose_no_balance(books, at_once):
    def post_many(seed: int) -> None:
        for step in range(10):
            books.post(seed * 100 + step)

    at_once([lambda seed=seed: post_many(seed) for seed in range(THREADS)])
    assert Transaction.objects.count() == THREADS * 10
    assert verify_ledger() == []


def test_bulk_postings_in_opposite_orders_wait_in_no_ring(books, at_once):
    accounts = [books.chart[name].pk for name in ("caja", "iva", "ventas", "cmv")]

    def post_bulk(order: list[int]) -> None:
        drafts = [Draft(DAY, "", (Line(one, debit=1), Line(other, credit=1))) for one, other in pairwise(order)]
        for _each in range(5):
            actions.post_transactions(drafts, **books.who)

    at_once([lambda order=order: post_bulk(order) for order in (accounts, accounts[::-1]) * 3])
    assert Transaction.objects.count() == 6 * 5 * 3
    assert verify_ledger() == []


def test_of_many_who_close_one_transaction_one_wins(books, at_once):
    (key,) = books.verified(1)
    codes = at_once([code(lambda: actions.close_transaction(key, **books.who))] * THREADS)
    assert sorted(map(str, codes)) == ["None"] + ["transaction_closed"] * (THREADS - 1)
    assert Transaction.objects.get(pk=key).number == 1
    assert verify_ledger() == []


def test_of_many_who_reverse_one_transaction_one_wins(books, at_once):
    key = books.closed()
    reverse = code(lambda: actions.reverse_transaction(key, reason="error", date=DAY, **books.who))
    codes = at_once([reverse] * THREADS)
    assert sorted(map(str, codes)) == ["None"] + ["already_reversed"] * (THREADS - 1)
    assert verify_ledger() == []


def test_numbers_are_gapless_whoever_closes(books, at_once):
    keys = books.verified(THREADS * 4)
    shares = [keys[start::THREADS] for start in range(THREADS)]

    def close_share(share: list[int]) -> None:
        actions.close_transactions(share[:2], **books.who)
        for key in share[2:]:
            actions.close_transaction(key, **books.who)

    at_once([lambda share=share: close_share(share) for share in shares])
    assert sorted(Transaction.objects.values_list("number", flat=True)) == list(range(1, len(keys) + 1))
    assert verify_ledger() == []


def test_of_edits_of_one_version_one_wins(books, at_once):
    one = books.post()
    edits = [
        code(lambda legend=legend: actions.edit_transaction(
            one.pk, actions.Change(legend=legend), version=one.version, **books.who
        ))
        for legend in map(str, range(THREADS))
    ]
    codes = at_once(edits)
    assert sorted(map(str, codes)) == ["None"] + ["version_mismatch"] * (THREADS - 1)
    assert Transaction.objects.get(pk=one.pk).legend == str(codes.index(None))


def test_verifying_and_editing_at_once_leave_one_truth(books, at_once):
    for seed in range(ROUNDS):
        one = books.post(seed)
        change = actions.Change(lines=books.balanced(random.Random(seed + 100)).lines)
        at_once([
            code(lambda: actions.edit_transaction(one.pk, change, **books.who)),  # noqa: B023
            code(lambda: actions.toggle_status(one.pk, **books.who)),  # noqa: B023
        ] * 3)
    assert verify_ledger() == []


def test_a_key_repeated_at_once_records_once(books, at_once):
    def send() -> int:
        def post() -> int:
            return books.post().pk

        return answer_once("key", {"a": 1}, post, **books.who)

    assert len(set(at_once([send] * THREADS))) == 1
    assert Transaction.objects.count() == 1
    assert verify_ledger() == []


def test_nothing_is_posted_in_a_period_after_it_closed(books, at_once):
    period = open_period(2026, 3, **books.who)

    def post_until_refused() -> str | None:
        for seed in range(50):
            if refused := code(lambda: books.post(seed))():  # noqa: B023
                return refused
        return None

    *codes, _closing = at_once([post_until_refused] * THREADS + [lambda: close_period(period.pk, **books.who)])
    assert set(codes) == {"period_closed"}
    assert _last_told("transaction.posted") < _last_told("period.closed")
    assert verify_ledger() == []


def test_nothing_is_posted_on_an_account_after_it_was_deactivated(books, at_once):
    def post_until_refused() -> str | None:
        draft = Draft(DAY, "", (Line(books.chart["caja"].pk, debit=1), Line(books.chart["ventas"].pk, credit=1)))
        for _each in range(50):
            if refused := code(lambda: actions.post_transaction(draft, **books.who))():
                return refused
        return None

    def deactivate() -> None:
        edit_account(books.chart["caja"].pk, {"status": False}, **books.who)

    *codes, _edit = at_once([post_until_refused] * THREADS + [deactivate])
    # By the rules, or by the guards where the posting was under way already.
    assert set(codes) <= {"invalid_transaction", "account_inactive"}
    assert _last_told("transaction.posted") < _last_told("account.edited")
    assert verify_ledger() == []


def test_whoever_is_deleted_while_posting_is_either_gone_or_stays_with_what_they_posted(books, student, at_once):
    own = {"acting_user": student, "company": books.company}
    draft = books.balanced(random.Random(1))
    post = code(lambda: actions.post_transaction(draft, **own))
    *posted, deleted = at_once([post] * 3 + [code(lambda: delete_user(student.pk, **books.who))])
    stays = User.objects.filter(pk=student.pk).exists()
    assert stays == (deleted is not None)
    assert Transaction.objects.filter(user=student).count() == posted.count(None)
    assert set(posted) <= ({None} if stays else {"ledger_guard"})
    assert verify_ledger() == []


def _last_told(action: str) -> int:
    """Return where the company's trail, written in the order of the commits, last tells of it; 0 for nowhere."""
    return AuditEvent.objects.filter(action=action).aggregate(last=Max("seq"))["last"] or 0


def test_everything_at_once_leaves_the_books_right(books, at_once):
    keys = books.verified(6) + [books.post(seed).pk for seed in range(6)]

    def anything(seed: int) -> set[str | None]:
        rng = random.Random(seed)
        return {code(_something(books, keys, rng))() for _step in range(15 * ROUNDS)}

    codes = set().union(*at_once([lambda seed=seed: anything(seed) for seed in range(THREADS)]))
    assert codes <= {
        None, "not_found", "transaction_closed", "transaction_verified", "transaction_not_verified",
        "transaction_not_closed", "already_reversed",
    }
    assert verify_ledger() == []


def _something(books: SharedBooks, keys: list[int], rng: random.Random) -> Callable[[], Any]:
    """Return one action at random, mostly on transactions that others are after, too."""
    key, who = rng.choice(keys), books.who
    some = rng.sample(keys, 4)
    change = actions.Change(legend="Otra", lines=books.balanced(rng).lines)
    return rng.choice([
        lambda: keys.append(books.post(rng.randrange(1000)).pk),
        lambda: actions.post_transactions([books.balanced(rng) for _each in range(3)], **who),
        lambda: actions.edit_transaction(key, change, **who),
        lambda: actions.toggle_status(key, **who),
        lambda: actions.close_transaction(key, **who),
        lambda: actions.reverse_transaction(key, reason="error", date=DAY, **who),
        lambda: actions.delete_transaction(key, **who),
        lambda: actions.verify_transactions(some, **who),
        lambda: actions.close_transactions(some[:2], **who),
    ])
