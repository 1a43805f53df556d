"""What a guide of the closing shows: the steps taken, and what stands in the way of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from apps.accounts.models import Account
from apps.books.errors import NothingToClose
from apps.books.reports.figures import RESULTS, Figures, chart_of
from apps.books.years.proposals import Proposal, Wish, propose
from apps.books.years.queries import STEPS, Year, is_shut, standing, unclosed
from apps.common.db import snapshot
from apps.common.errors import AppError
from apps.companies.models import Company
from apps.trans.actions.rows import drafts_of
from apps.trans.balances import EVERY_STATUS, without
from apps.trans.models import Transaction, TransactionKind
from ledger.entries import Draft
from ledger.statements import result_of


@dataclass(frozen=True, slots=True)
class StepState:
    """A step: the entries that stand, and what refuses it now (None where it can be taken)."""

    step: TransactionKind
    entries: list[Transaction]
    blocked: AppError | None


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a step would record, or the entry that stands."""

    draft: Draft
    entry: Transaction | None
    accounts: dict[int, tuple[str, str]]  # code and name by key


def guide(company: Company, number: int) -> dict[str, Any]:
    """Return how far the closing of a year is; UnknownYear."""
    year = Year.of(number)
    with snapshot():
        pending, verified = unclosed(company, year)
        figures = Figures(company, EVERY_STATUS)
        moved = without(figures.moved(year.first, year.last), figures.of_kinds(RESULTS, year.first, year.last))
        return {
            "year": number,
            "status": "closed" if is_shut(company, year) else "open",
            "pending": pending,
            "verified": verified,
            "result": result_of(chart_of(company), moved),
            "steps": [_state(company, year, step) for step in STEPS],
        }


def foresee_step(company: Company, number: int, step: TransactionKind, wish: Wish) -> Foreseen:
    """Return what a step would record, or has recorded; raises what `propose` raises, and UnknownYear."""
    year = Year.of(number)
    with snapshot():
        entries = [] if step == TransactionKind.ADJUSTMENT else standing(company, year, step)
        if entries:
            draft, entry = drafts_of(entries)[entries[0].pk], entries[0]
        else:
            draft, entry = propose(company, year, step, wish).draft, None
        rows = Account.objects.filter(company=company, pk__in={line.account_id for line in draft.lines})
        return Foreseen(draft, entry, {key: (code, name) for key, code, name in rows.values_list("pk", "code", "name")})


def _state(company: Company, year: Year, step: TransactionKind) -> StepState:
    entries = standing(company, year, step)
    taken = bool(entries) and step != TransactionKind.ADJUSTMENT
    return StepState(step, entries, None if taken else _refusal(company, year, step))


def _refusal(company: Company, year: Year, step: TransactionKind) -> AppError | None:
    try:
        _proposed: Proposal = propose(company, year, step, Wish())
    except AppError as error:
        # An adjustment is made of the caller's lines: none are here.
        return None if step == TransactionKind.ADJUSTMENT and isinstance(error, NothingToClose) else error
    return None
