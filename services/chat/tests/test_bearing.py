"""True sentences survive the check of a model's words, false ones do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.chat.bearing import Evidence, bears
from services.chat.config import DATA_DIR
from services.chat.documents import clean, passages, sentences
from services.chat.numerals import in_digits
from services.chat.sense import one_spelling, read

PAIRS = Path(__file__).parent / "grounding_pairs.txt"
# The least share of true sentences that is kept, the most of false ones.
RATES = {"tune": (0.92, 0.02), "held": (0.9, 0.05)}


@dataclass
class Passage:
    half: str
    heading: str
    sentences: list[str]
    true: list[str]
    false: list[str]

    def kept(self, written: list[str]) -> list[str]:
        evidence = Evidence.of(self.sentences, self.heading)
        return [sentence for sentence in written if bears(evidence, sentence)]


def pairs() -> Iterator[Passage]:
    half = ""
    for block in PAIRS.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if lines and lines[0].startswith("==="):
            half = lines.pop(0).split()[1]
        if lines:
            said = {mark: [line[2:] for line in lines if line.startswith(f"{mark} ")] for mark in "HP+-"}
            yield Passage(
                half, said["H"][0].replace(" > ", " "), [one for line in said["P"] for one in sentences(line)],
                said["+"], [line.rsplit(" | ", 1)[0] for line in said["-"]],
            )


@pytest.mark.parametrize("half", ["tune", "held"])
def test_true_sentences_are_kept_and_false_ones_are_not(half):
    found = [passage for passage in pairs() if passage.half == half]
    lost = [one for passage in found for one in passage.true if one not in passage.kept(passage.true)]
    kept = [one for passage in found for one in passage.kept(passage.false)]
    true, false = (sum(len(getattr(passage, kind)) for passage in found) for kind in ("true", "false"))
    least, most = RATES[half]

    assert true >= 30
    assert false >= 45
    assert 1 - len(lost) / true >= least, lost
    assert len(kept) / false <= most, kept


def test_what_a_document_says_itself_is_borne():
    lost = [(heading, one) for heading, said in library() for one in said if not bears(Evidence.of(said, heading), one)]

    assert len(lost) <= 0.01 * sum(len(said) for _heading, said in library()), lost


@pytest.mark.parametrize(
    ("pattern", "turned"),
    [(r"\bdebita\b", "acredita"), (r"\bacredita\b", "debita"), (r"\bdeudor\b", "acreedor"), (r"\bacreedor\b", "deudor"),
     (r"(?<!no )\bes una cuenta\b", "no es una cuenta"), (r"\bactivo\b", "pasivo"), (r"\bpasivo\b", "activo"),
     (r"\d\d(?=[,.]\d)", "93"), (r"\bno\b ", "")],
)
def test_what_a_document_says_turned_round_is_not(pattern, turned):
    kept = count = 0
    for heading, said in library():
        evidence = Evidence.of(said, heading)
        for sentence in said:
            false = re.sub(pattern, turned, sentence, count=1)
            if false not in {sentence, *said}:
                count += 1
                kept += bears(evidence, false)

    assert count >= 3
    assert kept <= max(0.06 * count, 1)


def library() -> Iterator[tuple[str, list[str]]]:
    """Yield passages of the library, with their headings."""
    for file in sorted(DATA_DIR.glob("manual-de-cuentas-[12]*.md")):
        text = clean(file.read_text(encoding="utf-8"))
        for passage in passages(text, size=500, overlap=50):
            said = [text[span.start : span.end] for span in passage.sentences]
            yield " ".join(passage.heading), [sentence for sentence in said if len(read(sentence).own) > 1]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("veintiuno por ciento", "21 %"), ("treinta y cinco dias", "35 dias"), ("ciento veinte mil", "120000"),
        ("dos mil quinientos", "2500"), ("un millon doscientos mil", "1200000"), ("dos y tres", "2 y 3"),
        ("una sola vez", "una sola vez"), ("diez coma cinco", "10,5"), ("el uno por ciento", "el 1 %"), ("mil", "1000"),
        ("treinta y", "30 y"), ("seis, siete", "6, 7"), ("cuarenta y un años", "41 años"), ("nada", "nada"), ("", ""),
    ],
)
def test_numbers_in_words_are_read_as_digits(said, meant):
    assert in_digits(said) == meant


@pytest.mark.parametrize(
    ("raw", "spelled"),
    [("1.234,50", "1234,5"), ("1234,5", "1234,5"), ("10.5", "10,5"), ("1.000", "1000"), ("0,5", "0,5"), ("007", "7")],
)
def test_numbers_have_one_spelling(raw, spelled):
    assert one_spelling(raw) == spelled


@pytest.mark.parametrize("text", ["", "…", "no", "y", "$", "1", "se", "que que que", "no no se", "debe", ", , ;", "%%"])
def test_what_says_nothing_is_never_borne(text):
    assert not bears(Evidence.of(["El IVA es del 21 %.", text], ""), text)


def test_a_very_long_sentence_is_read_in_time():
    endless = "se debita por las compras y no se acredita por el 21 % de las ventas, " * 500

    assert not bears(Evidence.of(["Se debita por las compras."], ""), endless)
