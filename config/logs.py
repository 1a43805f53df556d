"""Structured logs: one JSON object a line, an event name and its fields."""

from __future__ import annotations

import json
import logging
import re
from contextvars import ContextVar
from datetime import UTC, datetime

request_id: ContextVar[str] = ContextVar("request_id", default="")

_STANDARD = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "request", "taskName"}
# Nothing of these should reach a log; where it does by mistake, it stops here.
_SECRET = re.compile(r"(^|_)(password|token|secret|authorization|cookie|api_?key|prompt)(_|$)", re.IGNORECASE)


class JsonFormatter(logging.Formatter):
    """Formats a record with its `extra` fields and the request's id, without what is secret by its name."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        entry: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if name := request_id.get():
            entry["request_id"] = name
        extra = {key: value for key, value in record.__dict__.items() if key not in _STANDARD}
        entry |= {key: "[hidden]" if _SECRET.search(key) else value for key, value in extra.items()}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)
