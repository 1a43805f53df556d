"""Changing charts of accounts."""

from __future__ import annotations

from collections.abc import Sequence

from apps.accounts.chart import ChartLine, chart_of, default_chart, levels
from apps.accounts.errors import ChartConflict
from apps.accounts.models import Account
from apps.audit.actions import Actor, record
from apps.common.db import lock_row, unit_of_work
from apps.companies.models import Company


@unit_of_work
def load_default_chart(company: Company, *, acting_user: Actor | None) -> int:
    """Add what the company lacks of the default chart; return how many accounts and headings that was.

    What is already there by its code stays as it is. Raises ChartConflict when such a one cannot be
    the heading of what is added.
    """
    return _plant(company, default_chart(), origin="default", acting_user=acting_user)


@unit_of_work
def copy_chart(source: Company, target: Company, *, acting_user: Actor | None) -> int:
    """Add to `target` what it lacks of the chart of `source`, without balances; return how many.

    Raises ChartConflict like `load_default_chart`.
    """
    return _plant(target, chart_of(source), origin=f"company {source.company_id}", acting_user=acting_user)


def _plant(company: Company, lines: Sequence[ChartLine], *, origin: str, acting_user: Actor | None) -> int:
    hold_chart(company)
    standing = {account.code: account for account in Account.objects.filter(company=company)}
    missing = [line for line in lines if line.code not in standing]
    if not missing:
        return 0
    _check_headings(missing, standing)
    placed = {code: account.acc_id for code, account in standing.items()}
    for level in levels(missing, set(placed)):
        made = Account.objects.bulk_create([
            line.planted(company, placed[line.parent_code] if line.parent_code else None) for line in level
        ])
        placed |= {account.code: account.acc_id for account in made}
    record(
        "chart.loaded", acting_user=acting_user, company_id=company.company_id,
        subject="company", subject_id=company.company_id, detail={"origin": origin, "added": len(missing)},
    )
    return len(missing)


def _check_headings(missing: Sequence[ChartLine], standing: dict[str, Account]) -> None:
    for line in missing:
        heading = standing.get(line.parent_code or "")
        if heading is not None and (heading.postable or heading.kind != line.kind):
            raise ChartConflict(heading.code)


def hold_chart(company: Company) -> None:
    """Let one unit at a time change a company's chart.

    So no two make the same code, a heading's first child while it becomes postable, or a circle of
    parents. Postings under way in the company are waited for.
    """
    lock_row(Company.objects.filter(pk=company.pk)).get()
