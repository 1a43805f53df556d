"""Reading daily books."""

from __future__ import annotations

import datetime as dt
import zlib
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from apps.books.errors import NothingToBook, UnknownBook
from apps.books.models import DailyBook, DailyBookContent
from apps.common.db import exact_parts, exact_sum
from apps.common.errors import Invalid
from apps.companies.models import Company
from apps.trans.models import Transaction, TransactionStatus
from apps.users.models import User


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a book would hold; `total` is the centavos on each side."""

    entries_count: int
    total: int


def books_of(company: Company) -> QuerySet[DailyBook]:
    """Return a company's books, the newest first."""
    return DailyBook.objects.filter(company=company)


def book_of(company: Company, book_id: int) -> DailyBook:
    """Return one of the company's books; UnknownBook."""
    book = books_of(company).filter(pk=book_id).first()
    if book is None:
        raise UnknownBook
    return book


def content_of(book: DailyBook) -> bytes:
    """Return what the book says."""
    packed = DailyBookContent.objects.values_list("packed", flat=True).get(book=book)
    return zlib.decompress(bytes(packed))


def candidates(
    company: Company, date_from: dt.date, date_to: dt.date, *, user_id: int | None, group: str
) -> QuerySet[Transaction]:
    """Return the verified transactions of a range, of a user or group if given."""
    rows = Transaction.objects.filter(
        company=company, status=TransactionStatus.VERIFIED, date__range=(date_from, date_to)
    )
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return rows.filter(user__group=group) if group else rows


def foresee(
    company: Company, date_from: dt.date, date_to: dt.date, *, user_id: int | None, group: str
) -> Foreseen:
    """Return what a book of the range would hold; NothingToBook, Invalid for a user who is not of the company."""
    must_know_user(company, user_id)
    rows = candidates(company, date_from, date_to, user_id=user_id, group=group).order_by()
    found = rows.aggregate(count=Count("pk"), **exact_parts("total"))
    if not found["count"]:
        raise NothingToBook
    return Foreseen(found["count"], exact_sum(found, "total"))


def must_know_user(company: Company, user_id: int | None) -> None:
    """Raise Invalid where the user neither is of the company nor recorded anything in it."""
    if user_id is None:
        return
    known = Q(company=company) | Q(pk__in=Transaction.objects.filter(company=company, user_id=user_id).values("user"))
    if not User.objects.filter(known, pk=user_id).exists():
        raise Invalid({"user": [_("There is no such user in this company.")]})
