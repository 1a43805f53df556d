"""What an operator decides about the answers from the books, and the bounds that hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from services.llm_gateway.environment import read_environment

QUESTION_MIN = 3
QUESTION_MAX = 2000
SUGGESTIONS = 3
# The day on which the examples and the sample's books are asked.
TODAY_OF_EXAMPLES = dt.date(2025, 9, 17)
MODEL_TOKENS_MAX = 700
REPAIRS_MAX = 3


@dataclass(frozen=True, slots=True)
class ConsultorConfig:
    """`database` is an SQLite file to read outside the web application, None for the sample's books."""

    database: Path | None = None
    company_id: int = 1

    @classmethod
    def from_environment(cls) -> ConsultorConfig:
        """Read CONSULTOR_SQLITE and CONSULTOR_COMPANY (system, gateway's file, root's file)."""
        environment = read_environment()
        named, company = (
            environment.get("CONSULTOR_SQLITE", "").strip(),
            environment.get("CONSULTOR_COMPANY", "").strip(),
        )
        if company and not company.isdigit():
            raise ValueError("CONSULTOR_COMPANY must be a company's number.")
        return cls(Path(named).expanduser() if named else None, int(company or 1))
