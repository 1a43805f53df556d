"""The books under any sequence of actions and attacks, beside the plain model of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import DatabaseError, connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from apps.accounts.models import Account, AccountMonth
from apps.common.errors import AppError
from apps.companies.models import Company, Period, PeriodStatus
from apps.trans import actions
from apps.trans.errors import KeyReused
from apps.trans.idempotency import answer_once
from apps.trans.models import Transaction, TransactionTally
from apps.trans.verification import verify_ledger
from apps.users.models import User
from conftest import make_chart
from ledger.entries import Draft, Line
from tests.faults.model import LARGEST, ModelBooks, Refusal, Written

DAYS = [dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 1, 31), dt.date(2026, 2, 28), dt.date(2026, 3, 2)]
PERIODS = [(2025, None), (2026, None), (2025, 12), (2026, 1), (2026, 2)]
USABLE = ("caja", "iva", "ventas", "cmv")
ACCOUNTS = (*USABLE, "inactiva", "activo", "ajena")

days = st.sampled_from(DAYS)
picks = st.integers(0, 30)
amounts = st.integers(1, 1000) | st.sampled_from([2**32, 2**53 + 1, LARGEST // 2, LARGEST])
lines = st.tuples(st.sampled_from(ACCOUNTS), st.integers(-1, 1000), st.integers(0, 1))


@st.composite
def balanced(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """Draw lines that balance: an amount on one side, split over accounts on the other."""
    names = st.sampled_from(USABLE)
    parts = draw(st.lists(amounts, min_size=1, max_size=3))
    if sum(parts) > LARGEST:
        parts = parts[:1]
    whole, others = [(draw(names), sum(parts), 0)], [(draw(names), 0, part) for part in parts]
    return whole + others if draw(st.booleans()) else [(name, haber, debe) for name, debe, haber in others + whole]


contents = balanced() | balanced() | balanced() | st.lists(lines, max_size=3)

# Raw statements that must fail, whatever the state; each on one transaction.
TAMPERING = [
    "UPDATE transaction_entries SET debit = debit + 1, credit = credit + 1 WHERE transaction_id = %s",
    "DELETE FROM transaction_entries WHERE transaction_id = %s",
    "DELETE FROM transactions WHERE trans_id = %s",
    "UPDATE transactions SET total = total + 1 WHERE trans_id = %s",
    "UPDATE transactions SET date = '2026-06-01' WHERE trans_id = %s",
    "UPDATE transactions SET user_id = user_id + 1 WHERE trans_id = %s",
    "UPDATE transactions SET status = 2, number = 1000, fiscal_year = 2026 WHERE trans_id = %s",
    "UPDATE transactions SET unsealed_id = 1 WHERE trans_id = %s",
    (
        "UPDATE accounts SET nature = NOT nature WHERE acc_id IN"
        " (SELECT account_id FROM transaction_entries WHERE transaction_id = %s)"
    ),
]


class BooksMachine(RuleBasedStateMachine):
    """Whatever is done, the system does what the model says, or refuses with the model's code."""

    def __init__(self) -> None:
        super().__init__()
        # Like a TestCase's transaction: units of work may be durable within it, and it is undone.
        self.undone = transaction.atomic()
        self.undone._from_testcase = True
        self.undone.__enter__()
        self.company = Company.objects.create(name="Bajo prueba")
        self.user = User.objects.create_user(email="machine@example.com", name="Máquina", company=self.company)
        self.chart = make_chart(self.company)
        self.chart["ajena"] = make_chart(Company.objects.create(name="Ajena"))["caja"]
        usable = {self.chart[name].pk for name in USABLE}
        self.model = ModelBooks(postable=usable | {self.chart["inactiva"].pk}, active=set(usable))
        self.keys = 0

    def teardown(self) -> None:
        """Verify the ledger, then undo everything."""
        try:
            assert verify_ledger() == []
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    @initialize(day=days)
    def begin(self, day: dt.date) -> None:
        """Start from books with something closed in them: by itself the draw rarely gets there."""
        for _each in range(4):
            self.post(day, [("caja", 100, 0), ("ventas", 0, 100)])
        self.verify_and_close_many([0, 1])

    # --- The rules -----------------------------------------------------------------------------------

    @rule(day=days, content=contents)
    def post(self, day: dt.date, content: list[tuple[str, int, int]]) -> None:
        draft = self._draft(day, content)

        def expected() -> None:
            self.model.may_stand(draft)
            self.model.must_fit(draft)

        posted = self._same(expected, lambda: actions.post_transaction(draft, **self._who))
        if posted is not None:
            self.model.written[posted.pk] = Written(draft)

    @rule(content=st.lists(st.tuples(days, balanced()), min_size=2, max_size=3))
    def post_several(self, content: list[tuple[dt.date, list[tuple[str, int, int]]]]) -> None:
        drafts = [self._draft(day, rows) for day, rows in content]

        def expected() -> None:
            for draft in drafts:
                self.model.may_stand(draft)
            before = dict(self.model.written)
            try:
                for key, draft in enumerate(drafts):
                    self.model.must_fit(draft)
                    self.model.written[-1 - key] = Written(draft)
            finally:
                self.model.written = before

        posted = self._same(expected, lambda: actions.post_transactions(drafts, **self._who))
        for one, draft in zip(posted or [], drafts, strict=False):
            self.model.written[one.pk] = Written(draft)

    @precondition(lambda self: self.model.written)
    @rule(pick=picks, day=st.none() | days, content=st.none() | contents)
    def edit(self, pick: int, day: dt.date | None, content: list[tuple[str, int, int]] | None) -> None:
        key = self._pick(pick)
        before = self.model.written[key].draft
        rows = None if content is None else self._draft(before.date, content).lines
        draft = Draft(day or before.date, "Cambiada", before.lines if rows is None else rows)
        change = actions.Change(date=day, legend="Cambiada", lines=rows)
        self._same(
            lambda: self.model.edited(key, draft), lambda: actions.edit_transaction(key, change, **self._who)
        )

    @precondition(lambda self: self.model.written)
    @rule(pick=picks)
    def toggle(self, pick: int) -> None:
        key = self._pick(pick)
        self._same(lambda: self.model.toggled(key), lambda: actions.toggle_status(key, **self._who))

    @precondition(lambda self: self.model.written)
    @rule(pick=picks)
    def close(self, pick: int) -> None:
        key = self._pick(pick)
        self._same(lambda: self.model.closed(key), lambda: actions.close_transaction(key, **self._who))

    @precondition(lambda self: self.model.written)
    @rule(some=st.lists(picks, min_size=1, max_size=6))
    def verify_and_close_many(self, some: list[int]) -> None:
        keys = list(dict.fromkeys(self._pick(pick) for pick in some))
        verified = {outcome.trans_id for outcome in actions.verify_transactions(keys, **self._who) if not outcome.error}
        for key in keys:
            if self.model.written[key].status == 0 and key in verified:
                self.model.toggled(key)
        for outcome in actions.close_transactions(keys, **self._who):
            _nothing, wanted = _outcome(lambda key=outcome.trans_id: self.model.closed(key))
            assert (outcome.error.code if outcome.error else None) == wanted

    @precondition(lambda self: self.model.written)
    @rule(pick=picks, day=days)
    def reverse(self, pick: int, day: dt.date) -> None:
        key = self._pick(pick)
        mirror = self._same(
            lambda: self.model.mirror_of(key, day),
            lambda: actions.reverse_transaction(key, reason="error", date=day, **self._who),
        )
        if mirror is not None:
            self.model.reversed(key, mirror.pk, self.model.mirror_of(key, day))

    @precondition(lambda self: self.model.written)
    @rule(pick=picks)
    def delete(self, pick: int) -> None:
        key = self._pick(pick)
        self._same(lambda: self.model.deleted(key), lambda: actions.delete_transaction(key, **self._who))

    @rule(period=st.sampled_from(PERIODS), close=st.sampled_from([True, False, False]))
    def turn_a_period(self, period: tuple[int, int | None], *, close: bool) -> None:
        year, month = period
        status = PeriodStatus.CLOSED if close else PeriodStatus.OPEN
        Period.objects.update_or_create(company=self.company, year=year, month=month, defaults={"status": status})
        (self.model.closed_periods.add if close else self.model.closed_periods.discard)(period)

    @rule(name=st.sampled_from([*USABLE, "inactiva"]), active=st.booleans())
    def turn_an_account(self, name: str, *, active: bool) -> None:
        key = self.chart[name].pk
        Account.objects.filter(pk=key).update(status=active)
        (self.model.active.add if active else self.model.active.discard)(key)

    @rule(day=days, amount=st.integers(1, 100))
    def replay_a_key(self, day: dt.date, amount: int) -> None:
        draft = self._draft(day, [("caja", amount, 0), ("ventas", 0, amount)])
        self.keys += 1

        def keyed(body: Any) -> Any:
            def post() -> int:
                return actions.post_transaction(draft, **self._who).pk

            return answer_once(f"key-{self.keys}", body, post, **self._who)

        def expected() -> None:
            self.model.may_stand(draft)
            self.model.must_fit(draft)

        first = self._same(expected, lambda: keyed("body"))
        if first is not None:
            self.model.written[first] = Written(draft)
            assert keyed("body") == first
            assert _outcome(lambda: keyed("another body")) == (None, KeyReused.code)

    @precondition(lambda self: self.model.written)
    @rule(pick=picks, statement=st.sampled_from(TAMPERING))
    def tamper(self, pick: int, statement: str) -> None:
        key = self._pick(pick)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement, [key])
                connection.check_constraints()
        except DatabaseError:
            return
        raise AssertionError(f"{statement} went through for {self.model.written[key]}")

    @precondition(lambda self: self.model.written)
    @rule(pick=picks)
    def tamper_through_the_orm(self, pick: int) -> None:
        one = Transaction.objects.get(pk=self._pick(pick))
        line = one.entries.first()
        assert line is not None
        line.debit, line.credit = line.credit, line.debit
        for attempt in (line.save, line.delete, one.delete, one.entries.all().delete):
            try:
                with transaction.atomic():
                    attempt()
            except DatabaseError:
                continue
            raise AssertionError(f"{attempt} went through")

    @precondition(lambda self: len(self.model.written) > 6)
    @rule()
    def erase(self) -> None:
        actions.erase_company_books(self.company, acting_user=self.user)
        self.model.written.clear()
        self.model.closed_periods.clear()

    # --- What holds after each of them -----------------------------------------------------------------

    @invariant()
    def totals_are_the_models(self) -> None:
        rows = Account.objects.filter(company=self.company).exclude(debits=0, credits=0)
        totals = {key: sides for key, *sides in rows.values_list("pk", "debits", "credits")}
        assert totals == _lists(self.model.totals())

    @invariant()
    def months_are_the_models(self) -> None:
        rows = AccountMonth.objects.filter(account__company=self.company).exclude(debits=0, credits=0)
        found = rows.values_list("account_id", "month", "debits", "credits")
        months = {(account, f"{month:%Y-%m}"): sides for account, month, *sides in found}
        assert months == _lists(self.model.months())

    @invariant()
    def tallies_are_the_models(self) -> None:
        rows = TransactionTally.objects.filter(company=self.company).exclude(count=0)
        found = rows.values_list("month", "status", "count")
        assert {(f"{month:%Y-%m}", status): count for month, status, count in found} == self.model.tallies()

    @invariant()
    def transactions_are_the_models(self) -> None:
        rows = Transaction.objects.filter(company=self.company).values_list("pk", "status", "number", "reverses_id")
        assert {key: tuple(rest) for key, *rest in rows} == {
            key: (one.status, one.number, one.reverses) for key, one in self.model.written.items()
        }

    @invariant()
    def numbers_are_gapless(self) -> None:
        for year in {one.draft.date.year for one in self.model.written.values()}:
            numbers = self.model.numbers(year)
            assert numbers == list(range(1, len(numbers) + 1))

    # --- Helpers -------------------------------------------------------------------------------------------

    @property
    def _who(self) -> dict[str, Any]:
        return {"acting_user": self.user, "company": self.company}

    def _draft(self, day: dt.date, content: list[tuple[str, int, int]]) -> Draft:
        return Draft(day, "Asiento", tuple(Line(self.chart[name].pk, debit, credit) for name, debit, credit in content))

    def _pick(self, pick: int) -> int:
        keys = sorted(self.model.written)
        return keys[pick % len(keys)]

    def _same(self, expected: Callable[[], Any], act: Callable[[], Any]) -> Any:
        """Return what the system did; None where both it and the model refused, with the same code."""
        _nothing, wanted = _outcome(expected)
        done, refused = _outcome(act)
        assert refused == wanted, f"the system says {refused}, the model {wanted}"
        return done


def _outcome(act: Callable[[], Any]) -> tuple[Any, str | None]:
    """Return what it did and None, or None and the code of its refusal."""
    try:
        return act(), None
    except Refusal as refusal:
        return None, str(refusal)
    except AppError as error:
        return None, error.code


def _lists(figures: dict[Any, tuple[int, int]]) -> dict[Any, list[int]]:
    return {key: list(sides) for key, sides in figures.items()}
