"""What a question means after the ones before it: "¿y al revés?", "¿y Proveedores?", "¿cuándo se paga?".

A question has topics (Mercaderías) and aspects (cuándo se debita). A follow-up names one of the two and
leaves the other to what stands. Often it can be read in more than one way: the documents decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.chat.analysis import fold, terms
from services.chat.asking import CONTRARIES
from services.chat.lexicon import common_terms

READINGS_MAX = 4
_WORD = re.compile(r"[^\W_]+")
# What is said before the question itself.
_PREAMBLE = re.compile(
    r"¡?(?:\s*(?:hola|chau|adi[oó]s|buen[ao]s(?: d[ií]as| tardes| noches)?|(?:muchas |mil )?gracias|perfecto|genial"
    r"|ok(?:ey)?|dale|bueno|buen[ií]simo|entend[ií](?:do)?|entiendo|listo|claro|joya|b[aá]rbaro|ah|aj[aá]"
    r"|cambiando de tema|otra (?:cosa|consulta|pregunta|duda)|por cierto|una (?:m[aá]s|consulta)|thanks|thank you)\b"
    r"(?:[\s,.;:!…]*$|\s*[,.;:!…][\s,.;:!…]*|\s+(?=[¿y])))+",
    re.IGNORECASE,
)
_OPENS = re.compile(r"^(?:y|e|pero|entonces|ahora|tambien|ademas|o sea|and|what about)\b")
_POINTS = re.compile(r"\b(?:eso|esa|ese|esto|esta ultima|lo mismo|lo|la|los|las|su|sus|le|el|ella|it|its|that)\b")
_PRONOUN = re.compile(
    r"\b(?:lo|la|los|las) (?:se|me) |\b(?:le|su|sus|it|its)\b|\b(?:lo|la|los|las) \w+(?:o|an|en|amos|emos) "
    r"|\b(?:el|ella|ellos) (?:puede|tiene)|\w[aei]r(?:se)?(?:lo|la)s?\b"
)
_CONDITION = re.compile(r"^(?:y |pero )?(?:que pasa )?si\b")
_REVERSED = re.compile(r"\bal reves\b|\ba la inversa\b|\bal contrario\b")
# Words that ask ("saldo deudor", "cuándo se paga") and stand in names of accounts too, the whole of the name.
_NAME = re.compile(
    r"(?<!saldos )\b(?:deudores|acreedores)\b(?: (?:por|en|de) \w+)?|\b\w+ a (?:pagar|cobrar)\b"
    r"|\b(?:(?:notas?|tarjetas?) de )?(?:d[eé]bito|cr[eé]dito)(?: fiscal)?\b|\bcuentas particulares\b",
    re.IGNORECASE,
)
_KINDS = frozenset(terms("activo pasivo patrimonio neto ingreso egreso gasto costo ganancia pérdida resultado cuenta"))
_IS = re.compile(r"^(?:y |pero |entonces )?(?:es|son) ")
_ARTICLES = frozenset({"el", "la", "los", "las", "un", "una", "unos", "unas", "mi", "mis"})
_LINKS = frozenset({"de", "del", "con", "a", "al", "en", "por", "para", "según", "segun", "sin", "sobre"})
_ASPECTS = frozenset(terms(
    "debita acredita debe haber saldo deudor acreedor registra asiento contabiliza anota calcula paga cobra representa"
    " significa sirve ejemplo diferencia cuenta usa aumenta disminuye vence muestra hace reves inversa contrario caso"
    " número debited credited balance record recorded example difference paid"
))
_INVERSIONS = (("debita", "acredita"), ("debe", "haber"), ("compra", "venta"), ("activo", "pasivo"),
               ("deudor", "acreedor"), ("aumenta", "disminuye"), ("ganancia", "pérdida"), ("cobro", "pago"))


@dataclass(frozen=True, slots=True)
class Turn:
    """What was asked before in the conversation."""

    question: str


@dataclass(frozen=True, slots=True)
class _Topic:
    """Words of a question that name a thing: where they stand, and the little words before them ("de", "los")."""

    start: int
    end: int
    link: str
    article: str


def readings(question: str, turns: Sequence[Turn]) -> list[str]:
    """Return the questions that stand alone and may be meant, the likeliest first; at most READINGS_MAX."""
    standing = ""
    topics: list[str] = []
    for turn in turns:
        standing = _readings(turn.question, standing, topics)[0]
        if (found := _topic_words(standing)) and not any(topic in found for topic in topics):
            topics.append(found)
    return _readings(question, standing, topics)[:READINGS_MAX]


def _readings(said: str, standing: str, topics: Sequence[str]) -> list[str]:
    if not standing:
        return [""] if _hangs(said) else [said]
    preamble = _PREAMBLE.match(said)
    question = said[preamble.end() :] if preamble else said
    if preamble and not question.strip(" ¿?¡!.,"):
        return [""]
    bare = fold(question).strip(" ¿?¡!.,")
    if _REVERSED.search(bare):
        return [_inverted(standing)]
    own, opens = _topic_words(question), bool(_OPENS.search(bare))
    if not own or (_IS.search(bare) and _KINDS.issuperset(terms(own))):
        return [*_with_topics(question, topics), question] if topics else [question]
    together = f"{_without_contraries(standing, question)} {question}"
    if _CONDITION.search(bare) or (opens and _PRONOUN.search(bare)):
        return [together, question]
    if not _asks(bare) and (opens or len(own.split()) == 1):
        return [*_replaced(standing, question), together]
    if opens:
        return [question, together]
    if _POINTS.search(re.sub(r"\b(?:el|la|los|las|lo) (?=\w+)", "", bare)):
        return [question, f"{question} {_topic_words(standing)}"]
    return [question]


def _hangs(said: str) -> bool:
    """Return whether words ask something only of what was said before: "¿y al revés?", "¿y lo puede hacer él?"."""
    bare = fold(said).strip(" ¿?¡!.,")
    return bool(_REVERSED.search(bare) or (_OPENS.search(bare) and _PRONOUN.search(bare))) and not _topic_words(said)


def _with_topics(question: str, topics: Sequence[str]) -> list[str]:
    """Return the question about each topic, the last one first; a difference is one of two."""
    single = [f"{question} {topic}" for topic in reversed(topics)]
    if "diferencia" in fold(question) and len(topics) > 1:
        return [f"{question} {topics[-2]} {topics[-1]}", *single]
    return single


def _topic_words(question: str) -> str:
    """Return the words that a question is about, without what it asks about them."""
    return " ".join(match.group() for match in _topic_matches(question))


def _topic_matches(question: str) -> list[re.Match[str]]:
    """Return the words that name things, those of names included that ask elsewhere: "Deudores por ventas"."""
    named = [match.span() for match in _NAME.finditer(question)]
    return [
        match for match in _WORD.finditer(question)
        if _is_topic(match.group()) or any(start <= match.start() < end for start, end in named)
    ]


def _is_topic(word: str) -> bool:
    return any(term not in _ASPECTS and term not in common_terms() for term in terms(word))


def _asks(bare: str) -> bool:
    """Return whether a question says what it wants to know."""
    return bool(_ASPECTS.intersection(terms(bare))) or bool(
        re.search(r"\b(?:que|cual|cuando|cuant[oa]s?|quien|como|donde|por que|what|when|how|who|why)\b", bare)
    )


def _without_contraries(standing: str, question: str) -> str:
    """Return the topics of a question without those whose contrary another one asks about: cliente, proveedor."""
    asked = set(terms(question))
    against = {term for pair in CONTRARIES if asked & pair for term in pair - asked}
    return " ".join(word for word in _topic_words(standing).split() if not against.intersection(terms(word)))


def _replaced(standing: str, question: str) -> list[str]:
    """Return the standing question with the new topic in the place of each of its own, the likeliest first.

    "de obra social" takes the place of "de jubilación", "las compus" that of "los rodados"; else the last one goes.
    """
    new = _topics(question)
    placed = question[new[0].start : new[-1].end]
    ranked = sorted(
        _topics(standing),
        key=lambda old: (old.link != new[0].link, old.article != new[0].article, -old.start),
    )
    return [f"{standing[: old.start]}{placed}{standing[old.end :]}" for old in ranked[: READINGS_MAX - 1]]


def _topics(question: str) -> list[_Topic]:
    """Return the topics of a question: runs of words that name things."""
    found: list[_Topic] = []
    before: list[str] = []
    named = {match.start() for match in _topic_matches(question)}
    for match in _WORD.finditer(question):
        if match.start() not in named:
            before.append(fold(match.group()))
        elif found and not before:
            found[-1] = replace(found[-1], end=match.end())
        else:
            found.append(_Topic(match.start(), match.end(), *_little_words(before)))
            before = []
    return found


def _little_words(before: list[str]) -> tuple[str, str]:
    """Return the preposition and the article at the end of the words before a topic, "" for none."""
    article = before.pop() if before and before[-1] in _ARTICLES else ""
    return before[-1] if before and before[-1] in _LINKS else "", article


def _inverted(question: str) -> str:
    """Return a question with each word turned into its contrary."""
    pairs = {word: other for pair in _INVERSIONS for word, other in (pair, pair[::-1])}
    pattern = re.compile(rf"\b({'|'.join(pairs)})(n?|s?)\b", re.IGNORECASE)
    return pattern.sub(lambda match: pairs[match.group(1).lower()] + match.group(2), question)
