"""Charts of accounts as data: the default one, and how any is planted in a company."""

from __future__ import annotations

import csv
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from apps.accounts.models import Account
from apps.companies.models import Company
from ledger.codes import heading_of

DEFAULT_CHART_FILE = Path(__file__).parent / "data" / "plan_de_cuentas.csv"
# Codes of the default chart are P-G-R-CC; what is shorter is a heading.
POSTABLE_CODE_LENGTH = 5


@dataclass(frozen=True, slots=True)
class ChartLine:
    """An account or heading without its company, balances and key."""

    code: str
    name: str
    kind: str
    nature: bool
    liquidity: str
    monetary: bool
    postable: bool
    parent_code: str | None
    status: bool = True

    def planted(self, company: Company, parent_id: int | None) -> Account:
        """Return the account, not saved yet."""
        return Account(
            company=company, code=self.code, name=self.name, kind=self.kind, nature=self.nature,
            liquidity=self.liquidity, monetary=self.monetary, postable=self.postable, status=self.status,
            parent_id=parent_id, search_text=Account.searchable(self.code, self.name),
        )


@functools.cache
def default_chart() -> tuple[ChartLine, ...]:
    """Return the chart that every new company starts with, in order of code."""
    with DEFAULT_CHART_FILE.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    headings = [row["code"] for row in rows if len(row["code"]) < POSTABLE_CODE_LENGTH]
    return tuple(
        ChartLine(
            code=row["code"], name=row["name"], kind=row["kind"], nature=row["nature"] == "deudora",
            liquidity=row["liquidity"], monetary=row["monetary"] == "si",
            postable=row["code"] not in headings, parent_code=heading_of(row["code"], headings),
        )
        for row in rows
    )


def chart_of(company: Company) -> tuple[ChartLine, ...]:
    """Return a company's chart as it stands, in order of code."""
    fields = ("code", "name", "kind", "nature", "liquidity", "monetary", "postable", "parent__code", "status")
    rows = Account.objects.filter(company=company).order_by("code").values_list(*fields)
    return tuple(ChartLine(*row) for row in rows)


def levels(lines: Sequence[ChartLine], standing: set[str]) -> list[list[ChartLine]]:
    """Return the lines from the top down: each one's heading is in `standing` or in a level before."""
    known, pending, found = {None, *standing}, list(lines), []
    while pending:
        level = [line for line in pending if line.parent_code in known]
        if not level:
            raise ValueError(f"No heading for {pending[0].code}: {pending[0].parent_code}")
        pending = [line for line in pending if line.parent_code not in known]
        known |= {line.code for line in level}
        found.append(level)
    return found
