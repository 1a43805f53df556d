"""Reports at 1,000, 100,000 and 1,000,000 entries, beside beancount and django-ledger: `make bench-reports`.

A quarter of an hour, most of it filling. `SIZES=1000,100000` in the environment asks for less.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import books
from benchmarks.bench_posting import PEER_PYTHON
from benchmarks.harness import ROOT, Figure, cpu_ms, machine, stage, table

SIZES = [int(size) for size in os.environ.get("SIZES", "1000,100000,1000000").split(",")]
TARGET_MS = 20
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 11, 24)  # a date that cuts its month


def figures() -> list[Figure]:
    """Measure ours, then the peers at the same sizes."""
    ours: dict[int, list[Figure]] = {}
    with stage() as here:
        here.enter()
        books.open_chart()
        for size in SIZES:
            books.fill(size // 2)
            ours[size] = _at(size)
            print(f"{size:,} entries measured", file=sys.stderr, flush=True)
    beancount, django_ledger = _peer("peer_beancount.py"), _peer("peer_django_ledger_reports.py")
    for size, found in ours.items():
        bean, ledger = beancount[str(size)], django_ledger[str(size)]
        trial, position, results, mayor, *_rest = found
        trial.peer = f"beancount: {bean['trial']:.0f} ms in memory, {bean['load']:,.0f} ms to load"
        position.peer = f"django-ledger: {ledger['position']:,.0f} ms"
        results.peer = f"django-ledger: {ledger['results']:,.0f} ms"
        mayor.peer = f"beancount: {bean['mayor']:.0f} ms in memory"
    return [figure for found in ours.values() for figure in found]


def _at(size: int) -> list[Figure]:
    from apps.accounts.models import Account
    from apps.books.reports.asking import Asked, Place
    from apps.books.reports.mayor import mayor_report
    from apps.books.reports.position import position_report
    from apps.books.reports.results import results_report
    from apps.books.reports.trial import trial_report

    _user, company = books.actors()
    asked = Asked(FIRST, LAST)
    busiest = Account.objects.filter(company=company).order_by("-debits").values_list("code", flat=True)[0]
    first = Asked(FIRST, LAST, account=busiest)
    last = Asked(FIRST, LAST, account=busiest, after=Place(dt.date(2026, 11, 10), 0))
    made: list[tuple[str, Callable[..., Any], Asked]] = [
        ("sumas y saldos", trial_report, asked), ("situación patrimonial", position_report, asked),
        ("estado de resultados", results_report, asked), ("mayor of an account, first page", mayor_report, first),
        ("mayor of an account, page of November", mayor_report, last),
    ]
    return [
        Figure(f"{name}, {size:,} entries", cpu_ms(lambda act=act, query=query: act(company, query)), target=TARGET_MS)
        for name, act, query in made
    ]


def _peer(script: str) -> dict[str, dict[str, float]]:
    run = subprocess.run(
        [PEER_PYTHON, ROOT / "benchmarks" / script, *map(str, SIZES)], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(run.stdout.splitlines()[-1])


if __name__ == "__main__":
    print(f"{machine()}\n")
    print(table(figures()))
