"""An assignment of greatest worth: each row to at most one column and each column to at most one row."""

from __future__ import annotations

from collections.abc import Sequence


def assign(worth: Sequence[Sequence[int]]) -> list[int | None]:
    """Return, for each row, the column that it gets in an assignment of greatest total worth, or None.

    `worth[row][column]` is 0 or more; a pair of no worth is left apart. The same table has always
    the same answer.
    """
    if not worth:
        return []
    columns = len(worth[0])
    # As many columns of no worth as rows: a row may always stay alone.
    costs = [[-value for value in row] + [0] * len(worth) for row in worth]
    found: list[int | None] = [None] * len(worth)
    for column, row in enumerate(_Seating(costs).run()[:columns]):
        if row is not None and worth[row][column] > 0:
            found[row] = column
    return found


class _Seating:
    """The Hungarian method with potentials, rows taken in turn: O(rows² · columns)."""

    def __init__(self, costs: Sequence[Sequence[int]]) -> None:
        self._costs = costs
        self._width = len(costs[0])
        self._of_row = [0] * len(costs)  # the potentials
        self._of_column = [0] * self._width
        self._holder: list[int | None] = [None] * self._width

    def run(self) -> list[int | None]:
        """Return which row holds each column at the least cost in all; every row holds one."""
        for row in range(len(self._costs)):
            self._seat(row)
        return self._holder

    def _seat(self, row: int) -> None:
        """Give the row a column by the cheapest chain of changes."""
        least: list[int | None] = [None] * self._width
        came_from: list[int | None] = [None] * self._width
        reached: list[int] = []
        current: int | None = row
        while current is not None:
            self._look_from(current, reached, least, came_from)
            step, nearest = min(
                (slack, column) for column, slack in enumerate(least) if slack is not None and column not in reached
            )
            self._shift(step, row, reached, least)
            reached.append(nearest)
            current = self._holder[nearest]
        self._change_along(reached[-1], row, came_from)

    def _look_from(
        self, row: int, reached: Sequence[int], least: list[int | None], came_from: list[int | None]
    ) -> None:
        """Note the columns to which the chain comes more cheaply by this row."""
        base, costs = self._of_row[row], self._costs[row]
        for column in set(range(self._width)).difference(reached):
            slack = costs[column] - base - self._of_column[column]
            known = least[column]
            if known is None or slack < known:
                least[column], came_from[column] = slack, reached[-1] if reached else None

    def _shift(self, step: int, row: int, reached: Sequence[int], least: list[int | None]) -> None:
        """Move the potentials so that the nearest column costs nothing."""
        self._of_row[row] += step
        for column in reached:
            held_by = self._holder[column]
            if held_by is not None:
                self._of_row[held_by] += step
            self._of_column[column] -= step
        for column in set(range(self._width)).difference(reached):
            known = least[column]
            if known is not None:
                least[column] = known - step

    def _change_along(self, column: int, row: int, came_from: Sequence[int | None]) -> None:
        """Let each column of the chain, from its end, be held by who held the one before."""
        here: int | None = column
        while here is not None:
            before = came_from[here]
            self._holder[here] = row if before is None else self._holder[before]
            here = before
