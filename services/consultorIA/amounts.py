"""Amounts as Argentines say them, and what a question asks of them: more than, between, at least.

Everything is pesos as Decimal. A bare number is an amount only where a word makes it one (pesos, mil,
lucas, "más de"): years, codes and counts are numbers too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from services.consultorIA.unreadable import Unreadable

_WORDS = {
    "un": 1,
    "uno": 1,
    "una": 1,
    "dos": 2,
    "tres": 3,
    "cuatro": 4,
    "cinco": 5,
    "seis": 6,
    "siete": 7,
    "ocho": 8,
    "nueve": 9,
    "diez": 10,
    "quince": 15,
    "veinte": 20,
    "treinta": 30,
    "cuarenta": 40,
    "cincuenta": 50,
    "sesenta": 60,
    "setenta": 70,
    "ochenta": 80,
    "noventa": 90,
    "cien": 100,
    "ciento": 100,
    "doscientos": 200,
    "trescientos": 300,
    "cuatrocientos": 400,
    "quinientos": 500,
    "seiscientos": 600,
    "setecientos": 700,
    "ochocientos": 800,
    "novecientos": 900,
    "medio": Decimal("0.5"),
    "media": Decimal("0.5"),
}
_TIMES = {
    "mil": 1_000,
    "miles": 1_000,
    "k": 1_000,
    "luca": 1_000,
    "lucas": 1_000,
    "palo": 1_000_000,
    "palos": 1_000_000,
    "millon": 1_000_000,
    "millones": 1_000_000,
    "mm": 1_000_000,
}
AMOUNT_MAX = Decimal(10) ** 15
_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d+)?"
_SCALE = r"(?:" + "|".join(sorted(_TIMES, key=len, reverse=True)) + r")\b"
_SPELT = r"(?:" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")\b"
_AMOUNT = rf"(?:\$\s*|ars\s*)?(?:(?:{_NUMBER})(?:\s*{_SCALE})*(?:\s+(?:y medio|y media))?|(?:{_SPELT}\s+)?{_SCALE}(?:\s+y medi[oa])?|{_SPELT})(?:\s*(?:de\s+)?(?:pesos|ars|\$)(?!\w))?"
_MORE = r"(?:de\s+)?(?:mas de|mas que|mayor(?:es)?(?: o igual(?:es)?)? (?:a|que|de)|superior(?:es)? a|super[ae][nr]?(?: (?:a|los|las))?|superaron(?: los)?|por encima de|por arriba de|arriba de|exced[ea]n?(?: (?:de|los))?|pas[ae]n? (?:de|los)|>=?)"
_LESS = r"(?:de\s+)?(?:menos de|menos que|menor(?:es)?(?: o igual(?:es)?)? (?:a|que|de)|inferior(?:es)? a|por debajo de|debajo de|abajo de|no supera[nr]?(?: los)?|no pas[ae]n? (?:de|los)|no llegan? a|<=?)"
_AT_LEAST = r"(?:de\s+)?(?:al menos|como minimo|por lo menos|a partir de|desde|minimo)"
_AT_MOST = r"(?:de\s+)?(?:como maximo|a lo sumo|hasta|maximo)"
_LEAD = r"\s*(?:los\s+|las\s+|el\s+)?"
_EXACT = r"(?:de|por|igual a|iguales a|exactamente|exactos?|=)"
# `2 renglones` and `5 asientos` are counts, `30 dias` a length of time: other rules read them.
_NOT_COUNTED = r"(?!\s*(?:renglones|lineas|asientos?|movimientos?|cuentas?|dias|meses|anos|veces|alumnos|usuarios|operaciones|transacciones|[a-z]*%|%|\d|/))"
_BOUNDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("between", rf"\b(?:entre|desde|de)\s+(?P<low>{_AMOUNT})\s+(?:y|a|hasta)\s+(?P<high>{_AMOUNT}){_NOT_COUNTED}"),
        ("more", rf"(?<!\w){_MORE}{_LEAD}(?P<low>{_AMOUNT}){_NOT_COUNTED}"),
        ("less", rf"(?<!\w){_LESS}{_LEAD}(?P<high>{_AMOUNT}){_NOT_COUNTED}"),
        ("at_least", rf"(?:\b(?:de|por)\s+)?(?P<low>{_AMOUNT})\s+(?:o|y)\s+(?:mas|superior(?:es)?|mayor(?:es)?)\b"),
        ("at_most", rf"(?:\b(?:de|por)\s+)?(?P<high>{_AMOUNT})\s+(?:o|y)\s+(?:menos|inferior(?:es)?|menor(?:es)?)\b"),
        ("at_least", rf"\b{_AT_LEAST}{_LEAD}(?P<low>{_AMOUNT}){_NOT_COUNTED}"),
        ("at_most", rf"\b{_AT_MOST}{_LEAD}(?P<high>{_AMOUNT}){_NOT_COUNTED}"),
        ("exact", rf"(?:\b{_EXACT}\s*)?(?P<low>{_AMOUNT}){_NOT_COUNTED}"),
    )
)
_NAMED = re.compile(rf"\$|\b(?:pesos|ars|{_SCALE})|\d\.\d{{3}}|\d,\d|\d{{4,}}")

# An exact amount needs a word or a mark that makes it one: a bare 1500 may be anything.
_SURELY = re.compile(rf"\$|\b(?:pesos|ars|{_SCALE})|\d\.\d{{3}}|\d,\d")


@dataclass(frozen=True, slots=True)
class Bounds:
    """Pesos that an amount must reach (`low`) and not pass (`high`); strict ones exclude the bound itself."""

    low: Decimal | None = None
    high: Decimal | None = None
    strict: bool = False

    def words(self, show: object = None) -> str:
        """Return the bounds in Spanish; `show` writes an amount."""
        write = show if callable(show) else str
        if self.low is not None and self.high is not None:
            return f"de {write(self.low)}" if self.low == self.high else f"entre {write(self.low)} y {write(self.high)}"
        if self.low is not None:
            return f"{'de más de' if self.strict else 'de al menos'} {write(self.low)}"
        return f"{'de menos de' if self.strict else 'de hasta'} {write(self.high)}"


@dataclass(frozen=True, slots=True)
class Found:
    """A text with its bounds of amounts marked §aN."""

    text: str
    bounds: tuple[Bounds, ...]


def find(text: str) -> Found:
    """Return the folded text with what it asks of amounts marked; raises Unreadable where one is too large."""
    bounds: list[Bounds] = []
    for name, pattern in _BOUNDS:

        def mark(match: re.Match[str], name: str = name) -> str:
            made = _bounds(name, match)
            if made is None:
                return match[0]
            bounds.append(made)
            return f" §a{len(bounds) - 1} "

        text = pattern.sub(mark, text)
    return Found(" ".join(text.split()), tuple(bounds))


def _bounds(name: str, match: re.Match[str]) -> Bounds | None:
    groups = {key: value for key, value in match.groupdict().items() if value}
    low, high = groups.get("low"), groups.get("high")
    # Bare small numbers, and numbers in words ("una", "dos"), are amounts only beside a word that says so.
    if name == "exact" and not _SURELY.search(match[0]):
        return None
    if name in {"at_least", "at_most"} and not _NAMED.search(match[0]):
        return None
    if name in {"between", "more", "less"} and not _NAMED.search(match[0]) and not re.search(r"\d", match[0]):
        return None
    if name == "exact" and match.start() and match.string[match.start() - 1] in "§/":
        return None
    if low is not None and high is not None:
        low = _scaled_alike(low, high)
    values = [None if text is None else read(text) for text in (low, high)]
    if name == "exact":
        return Bounds(values[0], values[0])
    strict = name in {"more", "less"} and not re.search(r"igual|[<>]=|\bno\b", match[0])
    return Bounds(values[0], values[1], strict)


def _scaled_alike(low: str, high: str) -> str:
    """Return `low` with the scale of `high` where it names none and would be no bound: entre 100 y 150 mil."""
    scale = re.search(_SCALE, high)
    if scale and not re.search(_SCALE, low) and read(low) < 1000:
        return f"{low} {scale[0]}"
    return low


def read(text: str) -> Decimal:
    """Return the pesos of one amount: 1,5 millones, 1.234,56, dos lucas, 300 mil, medio palo."""
    total = Decimal(1)
    number = re.search(_NUMBER, text)
    spelt = re.search(_SPELT, text)
    if number:
        total = _plain(number[0])
    elif spelt:
        total = Decimal(str(_WORDS[spelt[0]]))
    for scale in re.findall(_SCALE, text):
        total *= _TIMES[scale]
        if re.search(r"y medi[oa]", text):
            total += Decimal(_TIMES[scale]) / 2
    if total >= AMOUNT_MAX:
        raise Unreadable("importe_demasiado_grande", text)
    return total.quantize(Decimal("0.01")) if total % 1 else total.quantize(Decimal(1))


def _plain(number: str) -> Decimal:
    """Return a number: a dot before three digits parts thousands, as Argentines write it; a comma decimals."""
    if "," in number:
        return Decimal(number.replace(".", "").replace(",", "."))
    units, dot, rest = number.partition(".")
    if dot and len(number.rsplit(".", maxsplit=1)[-1]) == 3:
        return Decimal(number.replace(".", ""))
    return Decimal(f"{units}.{rest}" if dot else units)
