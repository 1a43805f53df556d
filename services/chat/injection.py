"""Text of documents is data: what speaks to a model instead of a reader is kept from it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from services.chat.analysis import fold

# Orders to whoever answers, in Spanish and English. A manual never needs them.
_ORDERS = re.compile(
    r"\b(?:ignor[ae]|olvid[ae]|omit[ae]|desobedec\w+|disregard|ignore|forget|override)\b.{0,40}"
    r"\b(?:instruccion\w*|indicacion\w*|reglas? (?:anterior|previa)\w*|(?:todo )?lo anterior|instructions?|rules?"
    r"|prompts?|above|previous)\b"
    r"|\b(?:system|developer) ?(?:prompt|message)\b|<\|?\s*(?:system|assistant|im_start|im_end|eot_id)"
    r"|\b(?:sos|eres|actua como|you are|act as) (?:un |una |an? )?(?:asistente|modelo|ia|assistant|model|ai)\b"
    r"|\b(?:responde|contesta|escribi|deci|answer|reply|say|output) (?:siempre|solo|unicamente|only|always)\b"
    r"|\b(?:revel[ae]|mostr[ae]|reveal|print|show)\b.{0,30}\b(?:prompt|clave|contrasena|api key|secret\w*|password)\b"
)


def speaks_to_the_model(sentence: str) -> bool:
    """Return whether a sentence reads like an order to a language model, however its blanks and lines are set."""
    return _ORDERS.search(" ".join(fold(sentence).split())) is not None


def harmless(headings: Sequence[str]) -> list[str]:
    """Return the headings that are none."""
    return [heading for heading in headings if not speaks_to_the_model(heading)]
