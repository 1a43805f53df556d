"""Answers by a schema: read, checked here, mended once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.llm_gateway.calls import Prompt
from services.llm_gateway.errors import InvalidAnswer

_FENCE = re.compile(r"^\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*$", re.DOTALL | re.IGNORECASE)


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raise ValueError when `schema` is no JSON schema."""
    from jsonschema import SchemaError
    from jsonschema.validators import validator_for

    try:
        validator_for(schema).check_schema(dict(schema))
    except SchemaError as error:
        raise ValueError(f"The schema is not a JSON schema: {error.message}") from None


def read(text: str, schema: Mapping[str, Any]) -> Any:
    """Return the JSON of an answer; raise InvalidAnswer when it is none or not what the schema says."""
    from jsonschema.validators import validator_for  # costs 8 MB: only who asks for a schema pays
    from referencing import Registry

    fenced = _FENCE.match(text)
    try:
        data = json.loads(fenced.group(1) if fenced else text)
    except ValueError as error:
        raise InvalidAnswer(f"The answer is not JSON: {error}.") from None
    # An empty registry: a $ref to the network must not be followed.
    validator = validator_for(schema)(schema, registry=Registry())
    fault = next(iter(sorted(validator.iter_errors(data), key=lambda error: list(map(str, error.path)))), None)
    if fault is not None:
        raise InvalidAnswer(f"The answer does not satisfy the schema at {fault.json_path}: {fault.message}")
    return data


def repair_prompt(prompt: Prompt, answer: str, fault: str) -> Prompt:
    """Return the prompt that shows a model its answer and what is wrong with it."""
    return replace(
        prompt,
        user=f"{prompt.user}\n\nYou answered:\n{answer}\n\n{fault}\nAnswer again, with the corrected JSON only.",
    )
