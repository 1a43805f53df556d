"""Numbers of closed transactions: from 1, without a gap, in their counters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import F, Q

from apps.trans.models import NumberCounter, Transaction, TransactionStatus
from apps.trans.verification.findings import Finding
from apps.trans.verification.scope import Scope, day_text


def numbers_are_gapless(scope: Scope) -> Iterator[Finding]:
    """Each company's fiscal year is numbered 1..n, once each, and its counter stands at n."""
    rows = scope.of(Transaction.objects).filter(number__isnull=False)
    given: defaultdict[tuple[int, int | None], list[int]] = defaultdict(list)
    for company_id, year, number in rows.order_by("number").values_list("company_id", "fiscal_year", "number"):
        given[company_id, year].append(number or 0)
    counters = scope.of(NumberCounter.objects).values_list("company_id", "fiscal_year", "last")
    last: dict[tuple[int, int | None], int] = {(company_id, year): number for company_id, year, number in counters}
    for company_id, year in sorted(given.keys() | last.keys(), key=str):
        numbers = given[company_id, year]
        yield from _faults(company_id, str(year), numbers)
        expected, found = max(numbers, default=0), last.get((company_id, year), 0)
        if expected != found:
            yield Finding("counter", company_id, str(year), expected, found)


def _faults(company_id: int, year: str, numbers: list[int]) -> Iterator[Finding]:
    if numbers == list(range(1, len(numbers) + 1)):
        return
    for number in sorted(set(range(1, max(numbers) + 1)) - set(numbers)):
        yield Finding("number_missing", company_id, year, expected=number)
    for number, times in Counter(numbers).items():
        if times > 1:
            yield Finding("number_repeated", company_id, year, found=number)


def numbers_stand_where_they_must(scope: Scope) -> Iterator[Finding]:
    """What is closed has a number of its date's year; nothing else has one."""
    rows = scope.of(Transaction.objects).order_by("pk")
    closed = Q(status=TransactionStatus.CLOSED)
    wrong = rows.exclude(closed & Q(number__isnull=False)).exclude(~closed & Q(number__isnull=True))
    for key, company_id, number in wrong.values_list("pk", "company_id", "number"):
        yield Finding("number_state", company_id, str(key), found=number)
    numbered = rows.filter(closed).annotate(day=day_text())
    for key, company_id, day, year in numbered.exclude(date__year=F("fiscal_year")).values_list(
        "pk", "company_id", "day", "fiscal_year"
    ):
        yield Finding("number_year", company_id, str(key), day[:4], year)
