"""What a question means after the ones before it: "¿y al revés?", "¿y Proveedores?", "¿cuándo se paga?".

A question has topics (Mercaderías) and aspects (cuándo se debita). A follow-up names one of the two and
leaves the other to what stands. Often it can be read in more than one way: the documents decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.chat.analysis import fold, terms

READINGS_MAX = 4
_WORD = re.compile(r"[^\W_]+")
_OPENS = re.compile(r"^(?:y|e|pero|entonces|ahora|tambien|ademas|o sea|and|what about)\b")
_POINTS = re.compile(r"\b(?:eso|esa|ese|esto|esta ultima|lo mismo|lo|la|los|las|su|sus|le|it|its|that)\b")
_PRONOUN = re.compile(r"\b(?:lo|la|los|las|le|su|sus|it|its)\b(?= (?:se |me )?\w+(?:a|e|an|en|o|n|s)\b)")
_REVERSED = re.compile(r"\bal reves\b|\ba la inversa\b|\bal contrario\b")
_ASPECTS = frozenset(terms(
    "debita acredita debe haber saldo deudor acreedor registra asiento contabiliza anota calcula paga cobra representa"
    " significa sirve ejemplo diferencia cuenta usa aumenta disminuye vence muestra hace reves inversa contrario caso"
    " debited credited balance record recorded example difference paid"
))
_INVERSIONS = (("debita", "acredita"), ("debe", "haber"), ("compra", "venta"), ("activo", "pasivo"),
               ("deudor", "acreedor"), ("aumenta", "disminuye"), ("ganancia", "pérdida"), ("cobro", "pago"))


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked before in the conversation."""

    question: str


def readings(question: str, turns: Sequence[Turn]) -> list[str]:
    """Return the questions that stand alone and may be meant, the likeliest first; at most READINGS_MAX."""
    standing = ""
    topics: list[str] = []
    for turn in turns:
        standing = _readings(turn.question, standing, topics)[0]
        if (found := _topic(standing)) and found not in topics:
            topics.append(found)
    return _readings(question, standing, topics)[:READINGS_MAX]


def _readings(question: str, standing: str, topics: Sequence[str]) -> list[str]:
    bare = fold(question).strip(" ¿?¡!.,")
    if not standing:
        return [question]
    if _REVERSED.search(bare):
        return [_inverted(standing)]
    own, asks = _topic(question), _asks(bare)
    if not own:
        return [*_with_topics(question, topics), question] if topics else [question]
    if not asks and (_OPENS.search(bare) or len(own.split()) == 1):
        replaced, added = _replaced(standing, own), f"{_topic(standing)} {question}"
        return [added] if _PRONOUN.search(bare) else [replaced, added]
    if _OPENS.search(bare) or _POINTS.search(re.sub(r"\b(?:lo|la|los|las) (?=\w+)", "", bare)):
        return [question, f"{question} {_topic(standing)}"]
    return [question]


def _with_topics(question: str, topics: Sequence[str]) -> list[str]:
    """Return the question about each topic, the last one first; a difference is one of two."""
    single = [f"{question} {topic}" for topic in reversed(topics)]
    if "diferencia" in fold(question) and len(topics) > 1:
        return [f"{question} {topics[-2]} {topics[-1]}", *single]
    return single


def _topic(question: str) -> str:
    """Return the words that a question is about, without what it asks about them."""
    return " ".join(word for word in _WORD.findall(question) if _is_topic(word))


def _is_topic(word: str) -> bool:
    return any(term not in _ASPECTS for term in terms(word))


def _asks(bare: str) -> bool:
    """Return whether a question says what it wants to know."""
    return bool(_ASPECTS.intersection(terms(bare))) or bool(
        re.search(r"\b(?:que|cual|cuando|cuant[oa]s?|quien|como|donde|por que|what|when|how|who|why)\b", bare)
    )


def _replaced(standing: str, topic: str) -> str:
    """Return a question with another topic in the place of its own."""
    placed = iter([topic])
    kept = _WORD.sub(lambda match: next(placed, "") if _is_topic(match.group()) else match.group(), standing)
    kept = re.sub(r"\s+(?=[?!.,;])", "", " ".join(kept.split()))
    return f"{kept} {next(placed, '')}".strip()


def _inverted(question: str) -> str:
    """Return a question with each word turned into its contrary."""
    pairs = {word: other for pair in _INVERSIONS for word, other in (pair, pair[::-1])}
    pattern = re.compile("|".join(sorted(pairs, key=len, reverse=True)), re.IGNORECASE)
    return pattern.sub(lambda match: pairs[match.group().lower()], question)
