"""Databases of the first Mosaite."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE users (user_id INTEGER PRIMARY KEY, name TEXT, email TEXT, password TEXT, "group" TEXT, rol INTEGER,
  status INTEGER, created_at TEXT, updated_at TEXT);
CREATE TABLE accounts (acc_id INTEGER PRIMARY KEY, code TEXT, name TEXT, saldo INTEGER DEFAULT 0, nature INTEGER,
  status INTEGER);
CREATE TABLE transactions (trans_id INTEGER PRIMARY KEY, user_id INTEGER, status INTEGER, date TEXT, legend TEXT,
  created_at TEXT, updated_at TEXT);
CREATE TABLE transaction_entries (entr_id INTEGER PRIMARY KEY, trans_id INTEGER, acc_id INTEGER, debit INTEGER,
  credit INTEGER);
CREATE TABLE config (config_id INTEGER PRIMARY KEY, system_mode INTEGER, date_format TEXT, currency TEXT);
CREATE TABLE chat_queries (query_id INTEGER PRIMARY KEY, user_id INTEGER, question TEXT, answer TEXT, sources TEXT,
  context_used INTEGER, created_at TEXT, response_time REAL);
"""
AT = "2024-03-01T09:30:00-03:00"
# Of `pass1234`, as the first Mosaite stored it, with few iterations.
PBKDF2 = "pbkdf2_sha256$1000$sal$0/3wMkSCmdS2kdKwt2erZanRYO0E9Dsq7uaxrd5oX6I="


class OldDatabase:
    """A file to be filled: `old.users((1, "Ana", ...))`, columns in the order of the schema."""

    def __init__(self, path: Path, schema: str = SCHEMA) -> None:
        self.path = path
        self.run(schema)

    def run(self, script: str) -> None:
        """Run statements."""
        with contextlib.closing(sqlite3.connect(self.path)) as connection, connection:
            connection.executescript(script)

    def fill(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        """Insert rows of all columns."""
        if not rows:
            return
        marks = ", ".join("?" * len(rows[0]))
        with contextlib.closing(sqlite3.connect(self.path)) as connection, connection:
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)

    def people(self, *rows: Sequence[Any]) -> None:
        """Insert (user_id, name, email, rol, status), with the password `pass1234`."""
        self.fill("users", [(key, name, email, PBKDF2, "3A", rol, status, AT, AT)
                            for key, name, email, rol, status in rows])

    def chart(self, *rows: Sequence[Any]) -> None:
        """Insert (acc_id, code, name, nature), active and without a balance."""
        self.fill("accounts", [(key, code, name, 0, nature, 1) for key, code, name, nature in rows])

    def post(self, trans_id: Any, *lines: Sequence[Any], user: Any = 1, status: Any = 0, date: Any = "2024-03-01",
             legend: Any = "Venta") -> None:
        """Insert a transaction and its (acc_id, debit, credit)."""
        self.fill("transactions", [(trans_id, user, status, date, legend, AT, AT)])
        with contextlib.closing(sqlite3.connect(self.path)) as connection, connection:
            connection.executemany(
                "INSERT INTO transaction_entries (trans_id, acc_id, debit, credit) VALUES (?, ?, ?, ?)",
                [(trans_id, *line) for line in lines],
            )


def sound(path: Path) -> OldDatabase:
    """Return a small class: two people, four accounts, three transactions, a question."""
    old = OldDatabase(path)
    old.people((1, "Ana Profesora", "Ana@Example.com", 0, 0), (2, "Beto", "beto@example.com", 2, 0))
    old.chart((1, "11101", "Caja", 1), (2, "41101", "Ventas", 0), (3, "21301", "IVA débito fiscal", 0),
              (4, "99", "Cuenta rara", 1))
    old.post(1, (1, 121_00, 0), (2, 0, 100_00), (3, 0, 21_00), user=2, status=2, date="05/03/2024")
    old.post(2, (1, 50_00, 0), (2, 0, 50_00), user=2, status=1, date="2024-03-02")
    old.post(3, (1, 10_00, 0), (2, 0, 10_00), user=1, status=2, date="1 de febrero de 2024", legend="Aporte")
    old.fill("config", [(1, 0, "DD/MM/YYYY", "ARS")])
    old.fill("chat_queries", [
        (1, 2, "¿Qué es el IVA?", "Un impuesto.", '[{"name": "iva.md", "similarity": 0.8}]', 1, AT, 1.5),
    ])
    return old
