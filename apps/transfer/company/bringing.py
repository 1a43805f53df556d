"""Bringing an archive's company into this installation, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError
from django.utils.translation import gettext as _

from apps.accounts.actions import plant_chart
from apps.accounts.chart import ChartLine
from apps.accounts.models import Account
from apps.attachments import files
from apps.attachments.past import Looked, PastDocument, look, record_past_documents
from apps.audit.actions import keep_earlier, record_many
from apps.audit.models import AuditChain
from apps.books.models import BookStatus, DailyBook
from apps.books.past import ContentBroken, PastBook, record_past_book
from apps.common.db import unit_of_work
from apps.common.errors import AppError, Busy
from apps.common.text import fold
from apps.companies.actions import open_bare_company
from apps.companies.models import Company, Period, PeriodStatus
from apps.trans.actions import NumbersBroken, Past, record_past
from apps.trans.actions.rows import content_event
from apps.trans.models import Transaction, TransactionStatus
from apps.transfer.checking import must_verify
from apps.transfer.company.reading import Contents, Trail, opened
from apps.transfer.company.records import AttachmentRecord, TransactionRecord, UserRecord
from apps.transfer.errors import BroughtBefore, TransferRefused
from apps.users.models import User, UserStatus
from ledger.entries import Draft, Line
from ledger.rules import AccountFacts, check

_SUBJECT = "company"
Papers = dict[int, tuple[str, Looked]]


def import_company(path: Path, *, name: str | None = None, again: bool = False) -> Company:
    """Bring the company of an archive in under its name, or another; return it.

    Its people are those with their e-mails here; who is not here comes as inactive and without a
    password. Raises TransferRefused and BroughtBefore (unless `again`).
    """
    with opened(path) as (contents, read_paper):
        _must_be_new(contents, name or contents.name, again=again)
        with path.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
        with _stored(contents, read_paper) as papers, _naming_contradictions():
            return _bring(contents, papers, name=name or contents.name, digest=digest)


@contextmanager
def _naming_contradictions() -> Iterator[None]:
    """Refuse what the database or the rules refuse: it was not written by an installation that stood guard."""
    try:
        yield
    except (TransferRefused, Busy):
        raise
    except (NumbersBroken, ContentBroken, KeyError, ValueError, IntegrityError, AppError) as error:
        why = getattr(error, "message", error)
        raise TransferRefused(_("The archive contradicts itself (%(why)s).") % {"why": why}) from error


@contextmanager
def _stored(
    contents: Contents, read_paper: Callable[[AttachmentRecord], bytes]
) -> Iterator[Papers]:
    """Store the documents; yield the name and the nature of each file by the key in the archive.

    Before the unit of work: files come before their rows. An error in the block takes them back.
    """
    papers: Papers = {}
    try:
        for record in contents.attachments:
            content = read_paper(record)
            looked = look(record.name, content)
            papers[record.id] = files.store(content), looked
        yield papers
    except BaseException:
        files.remove(name for name, _looked in papers.values())
        raise


@unit_of_work
def _bring(contents: Contents, papers: Papers, *, name: str, digest: str) -> Company:
    company = open_bare_company(name, kind=contents.kind, acting_user=None)
    _Bringing(contents, papers, company).run(digest)
    must_verify(company)
    return company


def _must_be_new(contents: Contents, name: str, *, again: bool) -> None:
    if Company.objects.filter(name=name).exists():
        raise TransferRefused(_("There is a company called “%(name)s” here: give this one another name.")
                              % {"name": name})
    heads = [trail.head.hash for trail in contents.trails[:1] if trail.head.seq]
    before = AuditChain.objects.filter(hash__in=heads).exclude(company_id=None).first()
    if before is not None and not again:
        raise BroughtBefore(Company.objects.get(pk=before.company_id or 0).name)


class _Bringing:
    """One import under way, in its unit of work."""

    def __init__(self, contents: Contents, papers: Papers, company: Company) -> None:
        self._contents = contents
        self._papers = papers
        self._company = company

    def run(self, digest: str) -> None:
        people, accounts = self._people(), self._accounts()
        made = self._transactions(people, accounts)
        for book in self._contents.books:
            record_past_book(PastBook(
                DailyBook(
                    company=self._company, name=book.name, date_from=book.date_from, date_to=book.date_to,
                    user_id=None if book.user is None else people[book.user], group=book.group,
                    created_by_id=people[book.created_by], created_at=book.created_at,
                    entries_count=book.entries_count, lines_count=book.lines_count, total=book.total,
                    sha256=book.sha256, status=BookStatus(book.status),
                ),
                book.content.encode(), [made[key].pk for key in book.transactions],
            ))
        self._attachments(people, made)
        self._settle(accounts)
        chains = [self._keep(trail) for trail in reversed(self._contents.trails)]
        self._tell(accounts, made, digest, chains)

    def _people(self) -> dict[int, int]:
        """Return everybody's key here by the one in the archive."""
        here = dict(User.objects.values_list("email", "pk"))
        new = [user for user in self._contents.users if user.email.strip().lower() not in here]
        made = User.objects.bulk_create(map(self._user, new), batch_size=500)
        here |= {user.email: user.pk for user in made}
        return {user.id: here[user.email.strip().lower()] for user in self._contents.users}

    def _user(self, record: UserRecord) -> User:
        email = record.email.strip().lower()
        return User(
            email=email, name=record.name, group=record.group, rol=record.rol, status=UserStatus.INACTIVE,
            company=self._company, password=make_password(None),
            search_text=fold(f"{record.name} {email} {record.group}"),
        )

    def _accounts(self) -> dict[int, int]:
        """Plant the chart, all of it active until everything is posted; return the keys likewise."""
        lines = [
            ChartLine(
                account.code, account.name, account.kind, account.nature, account.liquidity, account.monetary,
                account.postable, account.parent,
            )
            for account in self._contents.accounts
        ]
        plant_chart(self._company, lines, origin="archive", acting_user=None)
        here = dict(Account.objects.filter(company=self._company).values_list("code", "pk"))
        return {account.id: here[account.code] for account in self._contents.accounts}

    def _transactions(self, people: Mapping[int, int], accounts: Mapping[int, int]) -> dict[int, Transaction]:
        """Record the transactions; return them by their keys in the archive."""
        rows = self._contents.transactions
        places = {row.id: place for place, row in enumerate(rows)}
        facts = {accounts[one.id]: AccountFacts(one.postable, active=True) for one in self._contents.accounts}
        pasts = [self._past(row, people, accounts, places) for row in rows]
        for row, past in zip(rows, pasts, strict=True):
            if found := check(past.draft, facts):
                raise ValueError(f"{row.id}: {found[0].code}")
        return {row.id: made for row, made in zip(rows, record_past(pasts, company=self._company), strict=True)}

    def _past(
        self, row: TransactionRecord, people: Mapping[int, int], accounts: Mapping[int, int], places: Mapping[int, int]
    ) -> Past:
        if (row.number is None) != (row.status != TransactionStatus.CLOSED) or (row.reverses and row.number is None):
            raise ValueError(f"{row.id}: {row.status}, {row.number}")
        lines = tuple(Line(accounts[account], debit, credit) for account, debit, credit in row.lines)
        return Past(
            Draft(row.date, row.legend, lines), people[row.user], TransactionStatus(row.status), row.created_at,
            row.updated_at, row.kind, row.version, row.number,
            None if row.reverses is None else places[row.reverses],
        )

    def _attachments(self, people: Mapping[int, int], made: Mapping[int, Transaction]) -> None:
        documents = []
        for record in self._contents.attachments:
            stored_name, looked = self._papers[record.id]
            documents.append(PastDocument(
                made[record.transaction].pk, people[record.user], looked, stored_name, record.created_at
            ))
        record_past_documents(documents, company=self._company)

    def _settle(self, accounts: Mapping[int, int]) -> None:
        """Switch off accounts and close periods, now that everything is posted."""
        off = [accounts[one.id] for one in self._contents.accounts if not one.status]
        Account.objects.filter(pk__in=off).update(status=False)
        Period.objects.bulk_create(
            Period(company=self._company, year=one.year, month=one.month, status=PeriodStatus(one.status))
            for one in self._contents.periods
        )

    def _keep(self, trail: Trail) -> int:
        return keep_earlier(map(astuple, trail.events), origin=trail.chain, company_id=self._company.pk)

    def _tell(
        self, accounts: Mapping[int, int], made: Mapping[int, Transaction], digest: str, chains: list[int]
    ) -> None:
        """Write the new trail: each content under its key here, and where all of it came from."""
        events = []
        for row in self._contents.transactions:
            draft = Draft(row.date, row.legend, tuple(
                Line(accounts[account], debit, credit) for account, debit, credit in row.lines
            ))
            links: dict[str, Any] = {} if row.number is None else {"number": row.number}
            if row.reverses is not None:
                links["reverses"] = made[row.reverses].pk
            events.append(content_event("transaction.imported", made[row.id], draft, old=row.id, **links))
        told = {"sha256": digest, "made_at": self._contents.made_at, "transactions": len(made), "trails": chains}
        record_many([*events, ("company.imported", _SUBJECT, self._company.pk, told)], acting_user=None,
                    company_id=self._company.pk)
