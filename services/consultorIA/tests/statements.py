"""The statements of attacks.txt and benign.txt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent
_DIALECTS = {"any": ("sqlite", "postgres"), "sq": ("sqlite",), "pg": ("postgres",)}


@dataclass(frozen=True)
class Statement:
    """A statement, the dialects it is of, and the code it is refused with (None: it may pass)."""

    name: str
    dialects: tuple[str, ...]
    sql: str
    codigo: int | None = None

    def __str__(self) -> str:
        return self.name


def _lines(file: str) -> list[tuple[list[str], str]]:
    lines = (_FOLDER / file).read_text(encoding="utf-8").split("\n")
    split = [line.split("\t", 1) for line in lines if line and not line.startswith("#")]
    return [(head.split("|"), sql.replace("\u23ce", "\n").replace("\u2400", "\0")) for head, sql in split]


ATTACKS = [
    Statement(name, _DIALECTS[engine], sql, None if code == "*" else int(code))
    for (code, engine, name), sql in _lines("attacks.txt")
]
BENIGN = [Statement(name, _DIALECTS[engine], sql) for (engine, name), sql in _lines("benign.txt")]
