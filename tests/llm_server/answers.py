"""What the pretended model says: a fixed text that honours stop sequences, length and schemas."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

DEFAULT_TEXT = "La partida doble registra cada operación dos veces: en el debe y en el haber. ¿Año? 2025 — «€»."

PROMPT_TOKENS = 12


@dataclass(frozen=True)
class Ask:
    """The part of a request that changes the answer, whatever the dialect."""

    model: str
    stream: bool
    max_tokens: int | None = None
    stop: tuple[str, ...] = ()
    schema: dict[str, Any] | None = None
    usage_wanted: bool = True


@dataclass(frozen=True)
class Answer:
    """One answer: tokens in order, why they ended (`stop`, `stop_sequence`, `length`, `refused`)."""

    model: str
    tokens: tuple[str, ...]
    finish: str = "stop"
    stop_sequence: str | None = None
    prompt_tokens: int = PROMPT_TOKENS

    @property
    def text(self) -> str:
        return "".join(self.tokens)


def answer(ask: Ask, text: str = DEFAULT_TEXT) -> Answer:
    """Say `text`, or an instance of the schema, within what was asked."""
    if ask.schema is not None:
        text = json.dumps(example_of(ask.schema), ensure_ascii=False)
    stopped_by = min((s for s in ask.stop if s in text), key=text.index, default=None)
    if stopped_by is not None:
        text = text[: text.index(stopped_by)]
    tokens = tuple(re.findall(r"\s*\S+\s*$|\s*\S+", text))
    if ask.max_tokens is not None and len(tokens) > ask.max_tokens:
        return Answer(ask.model, tokens[: ask.max_tokens], finish="length")
    return Answer(ask.model, tokens, "stop_sequence" if stopped_by else "stop", stopped_by)


def example_of(schema: dict[str, Any]) -> Any:
    """Make the plainest instance of a JSON schema of objects, arrays, scalars and enums."""
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    kind = schema.get("type", "object")
    kind = (kind[0] if isinstance(kind, list) else kind).lower()
    if kind == "object":
        return {name: example_of(part) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [example_of(schema.get("items", {"type": "string"}))]
    return {"string": "ñandú", "integer": 7, "number": 1.5, "boolean": True, "null": None}[kind]
