"""Keeping keys out of everything that people or files may see."""

from __future__ import annotations

import re
from collections.abc import Iterable

HIDDEN = "***"

# What a key looks like: OpenAI's and Anthropic's `sk-...`, Google's `AIza...`, and whatever stands
# behind `key=`, `Bearer` or a header's name in a text that quotes a request.
_KEY_SHAPES = re.compile(
    r"sk-[A-Za-z0-9_\-*]{6,}"
    r"|AIza[A-Za-z0-9_\-]{10,}"
    r"|(?<=[?&]key=)[^&\s\"']+"
    r"|(?<=Bearer )\S+"
    r"|(?<=x-api-key: )\S+"
    r"|(?<=x-goog-api-key: )\S+",
    re.IGNORECASE,
)
_DETAIL_MAX = 300


class Secret:
    """A key that shows itself to nobody who does not ask by name."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

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


def redact(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Return `text` on one line, at most 300 characters, without the secrets or what looks like one."""
    for secret in secrets:
        if secret.reveal():
            text = text.replace(secret.reveal(), HIDDEN)
    text = _KEY_SHAPES.sub(HIDDEN, " ".join(text.split()))
    return text if len(text) <= _DETAIL_MAX else text[: _DETAIL_MAX - 1] + "…"
