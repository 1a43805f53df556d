"""Rows of the first Mosaite's file, whatever it is like."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

# What a column may be called beside its name in the contract.
_ALIASES = {
    "trans_id": ("transaction_id", "transaction"),
    "acc_id": ("account_id", "account"),
    "user_id": ("user",),
    "entr_id": ("entry_id",),
}
KEYS = {
    "users": "user_id", "accounts": "acc_id", "transactions": "trans_id", "transaction_entries": "entr_id",
    "chat_queries": "query_id", "config": "config_id",
}
COLUMNS = {
    "users": ("user_id", "name", "email", "password", "group", "rol", "status", "created_at", "updated_at"),
    "accounts": ("acc_id", "code", "name", "saldo", "nature", "status"),
    "transactions": ("trans_id", "user_id", "status", "date", "legend", "created_at", "updated_at"),
    "transaction_entries": ("entr_id", "trans_id", "acc_id", "debit", "credit"),
    "config": ("config_id", "system_mode", "date_format", "currency"),
    "chat_queries": (
        "query_id", "user_id", "question", "answer", "sources", "context_used", "created_at", "response_time",
    ),
}


class NotTheFirst(Exception):
    """The file cannot be read, or is no database of the first Mosaite; the text says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it stands in the file: its number there as text, its columns by the contract's names."""

    table: str
    key: str
    cells: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 of the cells."""
        canonical = json.dumps(self.cells, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass
class OldBooks:
    """All rows of a file by table, what the file lacks (`table` or `table.column`), and tables that are not read."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows.get(table, [])


def read(path: Path) -> OldBooks:
    """Read a file, which stays as it is; NotTheFirst."""
    found = OldBooks()
    with _opened(path) as connection:
        listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {name.lower() for (name,) in listed if not name.startswith("sqlite_")}
        if not tables & {"accounts", "transactions", "users"}:
            raise NotTheFirst("no users, accounts, transactions")
        found.others = sorted(tables - COLUMNS.keys())
        for table in COLUMNS:
            if table in tables:
                found.rows[table] = list(_rows(connection, table, found.lacking))
            else:
                found.lacking.append(table)
    return found


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise NotTheFirst(str(path))
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True)) as connection:
            connection.text_factory = _decoded
            connection.execute("BEGIN")  # one state of it, should somebody still write
            yield connection
    except sqlite3.Error as error:
        raise NotTheFirst(str(error)) from error


def _decoded(raw: bytes) -> str:
    """Return text of any encoding that Windows wrote into it; PostgreSQL takes no NUL."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")
    return text.replace("\0", "")


def _rows(connection: sqlite3.Connection, table: str, lacking: list[str]) -> Iterator[Row]:
    columns = [str(column[1]) for column in connection.execute(f"PRAGMA table_info({table})")]
    names = _names(table, columns)
    lacking += [f"{table}.{name}" for name in COLUMNS[table] if name not in names.values()]
    cursor = connection.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid")  # noqa: S608 - a name of ours
    for rowid, *cells in cursor:
        named = {names[column]: _plain(cell) for column, cell in zip(columns, cells, strict=True)}
        key = named.get(KEYS[table])
        yield Row(table, str(rowid if key is None else key), named)


def _names(table: str, columns: Sequence[str]) -> dict[str, str]:
    """Return the contract's name of each column; one that it does not know keeps its own."""
    names = {column: column.lower() for column in columns}
    for wanted in COLUMNS[table]:
        if wanted in names.values():
            continue
        alias = next((column for column in columns if column.lower() in _ALIASES.get(wanted, ())), None)
        if alias is not None:
            names[alias] = wanted
    return names


def _plain(cell: Any) -> Any:
    """Return a cell as JSON can hold it."""
    return _decoded(cell) if isinstance(cell, bytes) else cell
