"""Taking the steps of a closing, and taking them back."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from apps.audit.actions import record
from apps.books.errors import LaterYearClosed, NothingToClose, YearNotClosed
from apps.books.years.proposals import Wish, legend_of, propose
from apps.books.years.queries import Year, is_shut, standing
from apps.common.db import unit_of_work
from apps.companies.actions import close_period, open_period, reopen_period
from apps.companies.models import Company, Period
from apps.trans.actions import post_generated, reverse_transaction
from apps.trans.actions.rows import drafts_of, locked_counters
from apps.trans.models import Transaction, TransactionKind
from apps.users.models import User

logger = logging.getLogger(__name__)
# From the last back.
_UNDONE = (TransactionKind.OPENING, TransactionKind.CLOSING, TransactionKind.RESULTS)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step's entry; `made` is false where it stood already."""

    transaction: Transaction
    made: bool


@unit_of_work
def take_step(
    number: int, step: TransactionKind, wish: Wish, *, acting_user: User, company: Company
) -> Taken:
    """Record a step of the closing of a fiscal year, once; after the cierre the year is shut.

    An adjustment with the same content is the same. Raises UnknownYear, what `propose` raises,
    DraftInvalid, AccountsUnusable, PeriodClosed.
    """
    year = Year.of(number)
    locked_counters({year.date_of(step).year}, company)  # two at once: the second finds the first's entry
    if (found := _found(company, year, step, wish)) is not None:
        return Taken(found, made=False)
    try:
        draft = propose(company, year, step, wish).draft
    except NothingToClose:
        if (done := _stock_adjusted(company, year, step, wish)) is None:
            raise
        return Taken(done, made=False)
    posted = post_generated(draft, step, acting_user=acting_user, company=company)
    if step == TransactionKind.CLOSING:
        _shut(company, year, acting_user=acting_user)
    logger.info("year.step_taken", extra={"company_id": company.pk, "year": number, "step": step.value})
    return Taken(posted, made=True)


@unit_of_work
def reopen_year(number: int, *, reason: str, acting_user: User, company: Company) -> list[Transaction]:
    """Open a closed year again: reverse its apertura, cierre and refundición, each on its own date.

    Return the reversals. Raises UnknownYear, YearNotClosed, LaterYearClosed, PeriodClosed.
    """
    year = Year.of(number)
    locked_counters({number, number + 1}, company)
    if standing(company, Year(number + 1), TransactionKind.RESULTS):
        raise LaterYearClosed
    shut = is_shut(company, year)
    entries = [entry for step in _UNDONE for entry in standing(company, year, step)]
    if not shut and not entries:
        raise YearNotClosed
    if shut:
        period = Period.objects.get(company=company, year=number, month__isnull=True)
        reopen_period(period.pk, acting_user=acting_user, company=company)
    mirrors = [
        reverse_transaction(entry.pk, reason=reason, date=entry.date, acting_user=acting_user, company=company)
        for entry in entries
    ]
    record(
        "year.reopened", acting_user=acting_user, company_id=company.pk, subject="year", subject_id=number,
        detail={"reason": reason, "reversed": [entry.pk for entry in entries]},
    )
    return mirrors


def _found(company: Company, year: Year, step: TransactionKind, wish: Wish) -> Transaction | None:
    entries = standing(company, year, step)
    if step != TransactionKind.ADJUSTMENT:
        return entries[0] if entries else None
    if wish.final_stock is not None:
        return None  # what is left to adjust decides: see `take_step`
    drafts = drafts_of(entries)
    return next((entry for entry in entries if drafts[entry.pk].lines == wish.lines), None)


def _stock_adjusted(company: Company, year: Year, step: TransactionKind, wish: Wish) -> Transaction | None:
    """Return the last entry that brought the stock to what was counted."""
    if step != TransactionKind.ADJUSTMENT or wish.final_stock is None:
        return None
    legend = legend_of(step, year, wish)
    return next((entry for entry in reversed(standing(company, year, step)) if entry.legend == legend), None)


def _shut(company: Company, year: Year, *, acting_user: User) -> None:
    period = Period.objects.filter(company=company, year=year.number, month__isnull=True).first()
    if period is None:
        period = open_period(year.number, None, acting_user=acting_user, company=company)
    close_period(period.pk, acting_user=acting_user, company=company)
