"""The record of one request."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Received:
    """One request as it came, and when: times are `time.monotonic()`."""

    label: str
    dialect: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    connection: int
    turn: int
    at: float = field(default_factory=time.monotonic)
    first_byte_at: float | None = None
    done_at: float | None = None
    closed_at: float | None = None

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.body or b"{}")

    @property
    def key(self) -> str:
        """The credential, wherever the vendor's clients put it."""
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        return bearer or self.headers.get("x-api-key") or self.headers.get("x-goog-api-key", "")
