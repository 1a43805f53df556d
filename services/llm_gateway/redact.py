"""Keeping keys out of everything that people or files may see."""

from __future__ import annotations

import logging
import re

HIDDEN = "***"

# What a key looks like: OpenAI's and Anthropic's `sk-...`, Google's `AIza...`, and whatever stands
# behind `key=`, `Bearer` or a header's name in a text that quotes a request.
_KEY_SHAPES = re.compile(
    r"sk-[A-Za-z0-9_\-*.]{6,}"
    r"|AIza[A-Za-z0-9_\-]{10,}"
    r"|(?<=[?&]key=)[^&\s\"']+"
    r"|(?<=Bearer )[^\s\"',}]+"
    r"|(?:(?<=api-key: )|(?<=api-key': )|(?<=api-key\": ))[\"']?[^\s\"',}]+",
    re.IGNORECASE,
)
_DETAIL_MAX = 300
_SHORTEST = 6  # anything shorter would be found in innocent words

# The process's keys. They are few, and one that is no longer used must not appear either.
_known: set[str] = set()


class Secret:
    """A key that shows itself to nobody who does not ask by name, and that `hide` knows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        if len(value) >= _SHORTEST:
            _known.add(value)

    def reveal(self) -> str:
        """Return the key: for a request's header only."""
        return self._value

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        raise TypeError("A secret is not written anywhere.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)


def hide(text: str) -> str:
    """Return `text` without the process's keys and without what looks like one."""
    for value in tuple(_known):
        text = text.replace(value, HIDDEN)
    return _KEY_SHAPES.sub(HIDDEN, text)


def redact(text: str) -> str:
    """Return `text` on one line, at most 300 characters, without keys: what an error may quote."""
    text = hide(" ".join(text.split()))
    return text if len(text) <= _DETAIL_MAX else text[: _DETAIL_MAX - 1] + "…"


class KeyFilter(logging.Filter):
    """Hides keys in the logs of the HTTP libraries, which at DEBUG quote what a server sent."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, mended."""
        record.msg, record.args = hide(record.getMessage()), ()
        return True


def guard_logs() -> None:
    """Have the HTTP libraries' loggers hide keys; calling it again changes nothing."""
    for name in ("httpx2", "httpcore2.connection", "httpcore2.http11", "httpcore2.http2", "httpcore2.proxy"):
        guarded = logging.getLogger(name)
        if not any(isinstance(found, KeyFilter) for found in guarded.filters):
            guarded.addFilter(KeyFilter())
