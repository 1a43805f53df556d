"""The questions: read, split into halves, and written in each company's names."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.consultor.books import PEOPLE
from benchmarks.consultor.charts import MEANINGS

FILE = Path(__file__).with_name("questions.tsv")


@dataclass(frozen=True)
class Question:
    """`sql` is empty for what must not be answered. `half` is tune or held_out, by turns within a family."""

    family: str
    text: str
    sql: str
    half: str

    @property
    def answerable(self) -> bool:
        return bool(self.sql)

    def asked_in(self, company: str) -> str:
        (one, two), group = PEOPLE[company]
        return self.text.replace("{u1}", one).replace("{u2}", two).replace("{g1}", group)

    def gold_in(self, company: str) -> str:
        (one, two), group = PEOPLE[company]
        words = {**MEANINGS[company], "u1": f"'{one}'", "u2": f"'{two}'", "g1": f"'{group}'"}
        made = self.sql
        for word, condition in words.items():
            made = made.replace(f"{{{word}}}", condition)
        return made


def load(path: Path = FILE) -> list[Question]:
    """Return the questions of a file of lines: family, question, SQL (or -)."""
    seen: Counter[str] = Counter()
    made = []
    for line in path.read_text(encoding="utf-8").splitlines():
        family, text, sql = line.split("\t")
        made.append(Question(family, text, "" if sql == "-" else sql, "held_out" if seen[family] % 2 else "tune"))
        seen[family] += 1
    return made
