"""What of a model's words stands in the passages it was given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.chat.analysis import fold, terms
from services.chat.bearing import Evidence, bears
from services.chat.documents import sentences

_CITATION = re.compile(r"\s*\[(\d{1,2}(?:\s*[,;]\s*\d{1,2})*)\]")
# Citations behind the full stop belong to the sentence before it.
_BEHIND = re.compile(r"([.!?…]+)((?:\s*\[\d[\d,; ]*\])+)")
_QUOTED = re.compile(r"[«“\"]([^«»“”\"]{8,}?)[»”\"]")
# A name in quotation marks is a name; so many words are what somebody said.
_QUOTED_WORDS_MIN = 3
_NO_WORD = re.compile(r"[^\w%$]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer and the passages that bear it (their numbers); none: nothing does."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence up to where it cites, and the numbers that it cites there."""

    text: str
    cited: tuple[int, ...]


def claims(text: str) -> list[list[Part]]:
    """Cut an answer into sentences, each in the parts that cite for themselves; what follows them cites the last."""
    found = [_parts(raw) for raw in sentences(_BEHIND.sub(r"\2\1", text))]
    return [parts for parts in found if any(terms(part.text) for part in parts)]


def _parts(raw: str) -> list[Part]:
    pieces = _CITATION.split(raw)
    parts: list[Part] = []
    for said, cited in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        numbers = tuple(dict.fromkeys(int(number) for number in re.findall(r"\d+", cited)))
        if parts and not terms(said):
            parts[-1] = Part(parts[-1].text + said, parts[-1].cited + numbers)
        else:
            parts.append(Part(said, numbers or (parts[-1].cited if parts else ())))
    return parts


def ground(
    text: str,
    passages: Mapping[int, Sequence[str]],
    above: Mapping[int, str] | None = None,
    readable: Callable[[str], str] = str.strip,
) -> list[Claim]:
    """Return the claims of an answer, each with those of its citations that bear it.

    `passages` gives each passage's sentences by its number, `above` its headings; `readable` what is read of a
    model's words: without marks. A sentence without a citation is given the passages that bear it, if any do; of one
    that cites in several places each part must be borne by what it cites, or the whole by one passage.
    """
    evidence = {number: Evidence.of(said, (above or {}).get(number, "")) for number, said in passages.items()}

    def bearing(said: str, cited: Sequence[int]) -> tuple[int, ...]:
        return tuple(
            number for number in cited or tuple(passages)
            if number in passages and bears(evidence[number], said) and _quotes_stand(passages[number], said)
        )

    found = []
    for parts in claims(text):
        whole = readable("".join(part.text for part in parts))
        by_parts = [bearing(readable(part.text), part.cited) for part in parts]
        cited = [number for part in parts for number in part.cited]
        found.append(Claim(whole, tuple(dict.fromkeys(
            number for part in by_parts for number in part
        )) if all(by_parts) else bearing(whole, tuple(dict.fromkeys(cited)))))
    return found


def nearest(evidence: Sequence[str], claim: str) -> str:
    """Return the sentence of the evidence that shares most with the claim."""
    wanted = set(terms(claim))
    return max(evidence, key=lambda sentence: len(wanted.intersection(terms(sentence))), default="")


def _quotes_stand(evidence: Sequence[str], claim: str) -> bool:
    """Return whether what stands in quotation marks stands in the evidence, word for word."""
    there = _NO_WORD.sub(" ", fold(" ".join(evidence)))
    quoted = [_NO_WORD.sub(" ", fold(quote)).strip() for quote in _QUOTED.findall(claim)]
    return all(quote in there for quote in quoted if len(quote.split()) >= _QUOTED_WORDS_MIN)
