"""What the tests ask, whoever is asked."""

from __future__ import annotations

SYSTEM = "Respondé en castellano."
USER = "¿Qué es la partida doble?"
SCHEMA = {
    "type": "object",
    "properties": {"cuenta": {"type": "string"}, "importe": {"type": "number"}},
    "required": ["cuenta", "importe"],
    "additionalProperties": False,
}
