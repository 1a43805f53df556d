"""When an answer is right: its rows hold the gold's, whatever columns it adds and however they are ordered."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

CANDIDATES_MAX = 400


def same_rows(gold: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]]) -> bool:
    """Return whether some choice of the answer's columns has the gold's rows, as multisets.

    Columns beyond the gold's are allowed: an answer may show the account's name beside its code.
    """
    if len(gold) != len(rows):
        return False
    if not gold:
        return True
    golden = [[_plain(value) for value in row] for row in gold]
    answered = [[_plain(value) for value in row] for row in rows]
    places = [_places(golden, answered, column) for column in range(len(golden[0]))]
    wanted = Counter(map(tuple, golden))
    chosen = itertools.islice(itertools.product(*places), CANDIDATES_MAX)
    return any(
        len(set(one)) == len(one) and Counter(tuple(row[place] for place in one) for row in answered) == wanted
        for one in chosen
    )


def _places(gold: list[list[Any]], rows: list[list[Any]], column: int) -> list[int]:
    wanted = Counter(row[column] for row in gold)
    return [place for place in range(len(rows[0])) if Counter(row[place] for row in rows) == wanted]


def _plain(value: Any) -> Any:
    """Return a cell as it is compared; a sum of nothing is nothing.

    Amounts are compared to ten centavos: an average may round either way, by the order of its sums.
    """
    if value is None:
        return Decimal(0)
    if isinstance(value, (int, float, Decimal)):
        figure = Decimal(str(value))
        return figure.quantize(Decimal("0.1") if abs(figure) >= 1000 else Decimal("0.01")).normalize()
    return str(value)
