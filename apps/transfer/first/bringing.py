"""Bringing the first Mosaite's books into a company, all or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.hashers import make_password

from apps.accounts.actions import clear_chart, plant_chart
from apps.accounts.models import Account
from apps.audit.actions import record_many
from apps.chat.models import ChatQuery
from apps.common.db import unit_of_work
from apps.common.text import fold
from apps.companies.actions import open_company
from apps.companies.models import Company
from apps.config.roles import STUDENT
from apps.trans.actions import Past, record_past
from apps.trans.actions.rows import Event, content_event
from apps.transfer.checking import must_verify
from apps.transfer.errors import AnotherSource
from apps.transfer.first import journal
from apps.transfer.first.chart import lines_of
from apps.transfer.first.people import NOBODY, NewUser
from apps.transfer.first.planning import Plan, plan
from apps.transfer.first.source import OldBooks, Row
from apps.transfer.models import ImportedRow
from apps.users.models import User, UserStatus
from ledger.entries import Draft, Line

_BATCH = 2_000
# A few rows edited in the old system are news; most of them others, another system.
_CHANGED_SHARE_MAX = 0.5
_SUBJECT = "first_mosaite"


@dataclass(frozen=True)
class Brought:
    """What was done: the plan as it was carried out, and the company."""

    plan: Plan
    company: Company


def rehearse(books: OldBooks, *, company: Company | None, source: str) -> Plan:
    """Return what `bring` would do, and do nothing. Raises AnotherSource."""
    planned = plan(books, company, source)
    _must_be_the_same_source(planned, books)
    return planned


@unit_of_work
def bring(books: OldBooks, *, company: Company | None, name: str, source: str, digest: str) -> Brought:
    """Bring what can stand into the company, or into a new one of that name. Raises AnotherSource."""
    planned = rehearse(books, company=company, source=source)
    if company is None:
        company = open_company(name, acting_user=None)
        clear_chart(company, acting_user=None)  # its chart is the old one's
    _Bringing(planned, books, company, source).run(digest)
    must_verify(company)
    return Brought(planned, company)


def _must_be_the_same_source(planned: Plan, books: OldBooks) -> None:
    changed = sum(finding.code == "changed_since" for finding in planned.findings.found)
    others = len(planned.journal.new) + planned.findings.count_aside("transactions") - changed
    met = len(books["transactions"]) - others
    if changed > 1 and changed > met * _CHANGED_SHARE_MAX:
        raise AnotherSource


class _Bringing:
    """One import under way, in its unit of work."""

    def __init__(self, planned: Plan, books: OldBooks, company: Company, source: str) -> None:
        self._plan = planned
        self._books = books
        self._company = company
        self._source = source
        self._kept: list[ImportedRow] = []

    def run(self, digest: str) -> None:
        people = self._people()
        accounts = self._accounts()
        events = self._journal(people, accounts)
        self._questions(people)
        ImportedRow.objects.bulk_create(self._kept, batch_size=_BATCH)
        self._deactivate(accounts)
        counts = {"users": len(self._plan.people.new), "accounts": len(self._plan.chart.new),
                  "transactions": len(self._plan.journal.new), "chat_queries": len(self._plan.questions)}
        told: Event = ("first_mosaite.imported", _SUBJECT, digest[:40], {**counts, "sha256": digest})
        record_many([*events, told], acting_user=None, company_id=self._company.pk)

    def _people(self) -> dict[str | int, int]:
        """Create the new users; return everybody's key, by e-mail or by key."""
        planned = self._plan.people
        users = [self._user(new) for new in planned.new]
        if any(one.who == NOBODY for one in self._plan.journal.new):
            users += self._nobody()
        made = User.objects.bulk_create(users, batch_size=_BATCH)
        _backdate(User, zip(made, (new.created_at for new in planned.new), strict=False))
        keys: dict[str | int, int] = {user.email: user.pk for user in made}
        keys |= dict(User.objects.filter(email=NOBODY).values_list("email", "pk"))
        for new in planned.new:
            self._keep(new.row, keys[new.email])
        for row, pk in planned.known:
            self._keep(row, pk)
        return keys | {pk: pk for pk in planned.who.values() if isinstance(pk, int)}

    def _user(self, new: NewUser) -> User:
        return User(
            email=new.email, name=new.name, group=new.group, rol=new.rol, status=new.status, company=self._company,
            password=new.password or make_password(None), search_text=fold(f"{new.name} {new.email} {new.group}"),
        )

    def _nobody(self) -> list[User]:
        if User.objects.filter(email=NOBODY).exists():
            return []
        return [User(
            email=NOBODY, name="Usuario desconocido", rol=STUDENT, status=UserStatus.INACTIVE, company=self._company,
            password=make_password(None), search_text=fold(f"Usuario desconocido {NOBODY}"),
        )]

    def _accounts(self) -> dict[str | int, int]:
        """Create the new accounts under their headings; return every account's key, by code or by key."""
        planned = self._plan.chart
        headings = Account.objects.filter(company=self._company, postable=False).values_list("code", "kind")
        lines = lines_of(list(planned.new.values()), dict(headings))
        plant_chart(self._company, lines, origin="first Mosaite", acting_user=None)
        for pk, nature in planned.turned.items():
            Account.objects.filter(pk=pk).update(nature=nature)
        keys: dict[str | int, int] = dict(Account.objects.filter(company=self._company).values_list("code", "pk"))
        for code, new in planned.new.items():
            self._keep(new.row, keys[code])
        for row, pk in planned.known:
            self._keep(row, pk)
        return keys | {pk: pk for pk in planned.which.values() if isinstance(pk, int)}

    def _journal(self, people: dict[str | int, int], accounts: dict[str | int, int]) -> list[Event]:
        planned = self._plan.journal
        keys = [accounts[account] for account in planned.accounts]
        pasts = [
            Past(
                Draft(new.draft.date, new.draft.legend, tuple(
                    Line(keys[line.account_id], line.debit, line.credit) for line in new.draft.lines
                )),
                people[new.who], new.status, new.created_at, new.updated_at,
            )
            for new in planned.new
        ]
        made = record_past(pasts, company=self._company)
        lines = journal.lines_by_transaction(self._books)
        events = []
        for new, past, transaction in zip(planned.new, pasts, made, strict=True):
            self._keep(new.row, transaction.pk, journal.digest(new.row, lines.get(new.row.key, [])))
            numbered = {} if transaction.number is None else {"number": transaction.number}
            events.append(content_event("transaction.imported", transaction, past.draft, old=new.row.key, **numbered))
        return events

    def _questions(self, people: dict[str | int, int]) -> None:
        planned = self._plan.questions
        made = ChatQuery.objects.bulk_create(
            (
                ChatQuery(
                    company=self._company, user_id=people[new.who], request_id=f"{_SUBJECT}-{new.row.key}"[:64],
                    question=new.question, answer=new.answer, sources=new.sources, context_used=new.context_used,
                    response_time=new.response_time,
                )
                for new in planned
            ),
            batch_size=_BATCH,
        )
        _backdate(ChatQuery, zip(made, (new.created_at for new in planned), strict=True))
        for new, query in zip(planned, made, strict=True):
            self._keep(new.row, query.pk)

    def _deactivate(self, accounts: dict[str | int, int]) -> None:
        """Switch off what was off in the old books, now that everything is posted."""
        off = [accounts[code] for code, new in self._plan.chart.new.items() if not new.active]
        Account.objects.filter(pk__in=off).update(status=False)

    def _keep(self, row: Row, row_id: int, digest: str = "") -> None:
        self._kept.append(ImportedRow(
            company=self._company, source=self._source, table=row.table, key=row.key[:40], row_id=row_id, digest=digest,
        ))


def _backdate(model: type[User | ChatQuery], rows: Iterable[tuple[Any, dt.datetime]]) -> None:
    """Give rows the time at which they were made in the old system."""
    changed = []
    for row, at in rows:
        row.created_at = at
        changed.append(row)
    model.objects.bulk_update(changed, ["created_at"], batch_size=200)
