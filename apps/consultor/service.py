"""ConsultorIA's library, loaded at the first question."""

from __future__ import annotations

import functools
import importlib
from typing import Any, Protocol


class Answer(Protocol):
    """What the library answers a question with (services/consultorIA/answers.py)."""

    valida: bool
    consulta: str
    codigo: int
    error_tecnico: str
    error_usuario: str
    row_count: int
    truncated: bool
    respuesta: str
    interpretacion: str
    confianza: float
    origen: str
    form: dict[str, Any] | None
    enlaces: list[dict[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """Return the contract's JSON."""


@functools.cache
def consultor() -> Any:
    """Return `services.consultorIA.consultor_service`; sqlglot and the classifier come with it."""
    return importlib.import_module("services.consultorIA.consultor_service")
