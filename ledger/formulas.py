"""Formulas of amounts, such as `base * 21%` or `(base - 1000) / 3`, reckoned exactly.

Numbers are pesos or plain factors, with a decimal comma or point; `base` is the amount given when
the formula is used. Nothing else has a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from ledger.money import MINOR_PER_UNIT

FORMULA_MAX = 200
DEPTH_MAX = 40  # of brackets and signs: the reader calls itself
_TOKEN = re.compile(r"\s*(?:(?P<number>[0-9]+(?:[.,][0-9]+)?)|(?P<word>[^\W\d_]+)|(?P<mark>[-+*/()%]))")
BASE = "base"


class FormulaFault(ValueError):
    """A formula cannot be read or reckoned; `code` says why, `at` is the character from 0 where it fails."""

    def __init__(self, code: str, at: int = 0) -> None:
        self.code, self.at = code, at
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    at: int


def reckon(formula: str, base_minor: int | None) -> Fraction:
    """Return the value in centavos, exactly.

    Raises FormulaFault: formula_too_long, formula_unreadable, formula_needs_base (it names `base` and
    there is none), formula_too_deep, formula_divides_by_zero.
    """
    return _Reader(_tokens(formula), base_minor).whole() * MINOR_PER_UNIT


def names_base(formula: str) -> bool:
    """Return whether the formula needs a base amount; FormulaFault where it cannot be read."""
    return any(token.text.lower() == BASE for token in _tokens(formula))


def check_formula(formula: str) -> None:
    """Raise FormulaFault where the formula cannot be read; a division by zero may show only with the base."""
    try:
        reckon(formula, MINOR_PER_UNIT)
    except FormulaFault as fault:
        if fault.code != "formula_divides_by_zero":
            raise


def round_half_up(value: Fraction) -> int:
    """Return the nearest whole number, halves away from zero: as shops and the tax office round."""
    whole = (abs(value.numerator) * 2 + value.denominator) // (value.denominator * 2)
    return whole if value >= 0 else -whole


def _tokens(formula: str) -> list[_Token]:
    if len(formula) > FORMULA_MAX:
        raise FormulaFault("formula_too_long")
    tokens, at = [], 0
    text = formula.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise FormulaFault("formula_unreadable", at)
        kind = str(found.lastgroup)
        tokens.append(_Token(found[kind], found.start(kind)))
        at = found.end()
    return tokens


class _Reader:
    """Reads sums of products of factors."""

    def __init__(self, tokens: list[_Token], base_minor: int | None) -> None:
        self._tokens, self._next, self._base_minor = tokens, 0, base_minor
        self._depth = 0

    def whole(self) -> Fraction:
        """Return the value of all of it."""
        value = self._sum()
        if self._next < len(self._tokens):
            raise self._unreadable()
        return value

    def _sum(self) -> Fraction:
        value = self._product()
        while (mark := self._take("+-")) is not None:
            right = self._product()
            value = value + right if mark.text == "+" else value - right
        return value

    def _product(self) -> Fraction:
        value = self._factor()
        while (mark := self._take("*/")) is not None:
            right = self._factor()
            if mark.text == "/" and right == 0:
                raise FormulaFault("formula_divides_by_zero", mark.at)
            value = value * right if mark.text == "*" else value / right
        return value

    def _factor(self) -> Fraction:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise FormulaFault("formula_too_deep")
        value = -self._factor() if self._take("-") is not None else self._percents(self._atom())
        self._depth -= 1
        return value

    def _percents(self, value: Fraction) -> Fraction:
        while self._take("%") is not None:
            value /= 100
        return value

    def _atom(self) -> Fraction:
        if self._take("(") is not None:
            value = self._sum()
            if self._take(")") is None:
                raise self._unreadable()
            return value
        if self._next == len(self._tokens):
            raise self._unreadable()
        token = self._tokens[self._next]
        self._next += 1
        if token.text[0].isdigit():
            return Fraction(token.text.replace(",", "."))
        if token.text.lower() != BASE:
            raise FormulaFault("formula_unreadable", token.at)
        if self._base_minor is None:
            raise FormulaFault("formula_needs_base", token.at)
        return Fraction(self._base_minor, MINOR_PER_UNIT)

    def _take(self, marks: str) -> _Token | None:
        """Return and pass the next token if it is one of these marks."""
        if self._next < len(self._tokens) and self._tokens[self._next].text in marks:
            self._next += 1
            return self._tokens[self._next - 1]
        return None

    def _unreadable(self) -> FormulaFault:
        tokens = self._tokens
        at = tokens[self._next].at if self._next < len(tokens) else (tokens[-1].at + 1 if tokens else 0)
        return FormulaFault("formula_unreadable", at)
