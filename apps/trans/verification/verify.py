"""The verification as a whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

from apps.common import guards
from apps.common.db import snapshot
from apps.companies.models import Company
from apps.trans.models import BooksPass, TotalsPass, Transaction
from apps.trans.verification import figures, lines, numbering, reversals, trail
from apps.trans.verification.findings import Finding
from apps.trans.verification.scope import Scope

Rule = Callable[[Scope], Iterator[Finding]]


def verify_ledger(company: Company | None = None) -> list[Finding]:
    """Return everything wrong in the books of one company, or of all; reads one state of them.

    Whatever else writes goes on meanwhile. Costs a few passes over the lines: some 8 s of CPU for
    100,000 transactions with 240,000 events in their trail.
    """
    scope = Scope(company)
    with snapshot():
        return [finding for rule in (*RULES, *_rules_above()) for finding in rule(scope)]


def _rules_above() -> list[Rule]:
    """Return the rules of the rooms that stand on this one."""
    return [import_string(path) for path in settings.VERIFICATION_RULES]


def guards_stand(_scope: Scope) -> Iterator[Finding]:
    """The database refuses by itself what breaks the rules."""
    for fault in guards.faults(connection):
        yield Finding("guard_missing", None, found=fault)


def nothing_is_left_open(scope: Scope) -> Iterator[Finding]:
    """No unit of work has left a door open."""
    for company_id in scope.of(BooksPass.objects).values_list("company_id", flat=True):
        yield Finding("pass_left", company_id)
    if TotalsPass.objects.exists():
        yield Finding("totals_pass_left", None)
    unsealed = scope.of(Transaction.objects).exclude(unsealed=None).order_by("pk")
    for key, company_id in unsealed.values_list("pk", "company_id"):
        yield Finding("unsealed", company_id, subject=str(key))


RULES: tuple[Rule, ...] = (
    guards_stand,
    nothing_is_left_open,
    lines.dates_are_real,
    lines.transactions_add_up,
    lines.lines_are_right,
    lines.lines_name_right_accounts,
    figures.account_totals_agree,
    figures.parents_are_of_the_company,
    figures.tallies_agree,
    numbering.numbers_are_gapless,
    numbering.numbers_stand_where_they_must,
    reversals.links_are_right,
    reversals.mirrors_are_like_their_originals,
    trail.chains_are_whole,
    trail.contents_are_as_recorded,
)
