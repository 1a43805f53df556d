"""The statements, from a chart and what its accounts moved. Amounts are centavos.

A net is debe - haber. A statement shows an account at a level of the chart: 1 partida, 2 grupo,
3 rubro, in charts numbered P-G-R-CC; what stands higher than the level shows as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

Sides = tuple[int, int]  # debits and credits

ASSET, LIABILITY, EQUITY, INCOME, EXPENSE, MEMORANDUM = (
    "activo", "pasivo", "patrimonio", "ingreso", "egreso", "orden",
)
NON_CURRENT = "no_corriente"


@dataclass(frozen=True, slots=True)
class Node:
    """An account or heading of a chart."""

    acc_id: int
    code: str
    name: str
    kind: str
    nature: bool
    liquidity: str
    postable: bool
    parent_id: int | None


class Chart:
    """A chart of accounts as a tree."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.acc_id: node for node in nodes}
        self._paths: dict[int, tuple[int, ...]] = {}

    def path(self, acc_id: int) -> tuple[int, ...]:
        """Return the keys from the top of the chart down to the account, itself included."""
        if acc_id not in self._paths:
            parent = self.nodes[acc_id].parent_id
            above = self.path(parent) if parent is not None else ()
            self._paths[acc_id] = (*above, acc_id)
        return self._paths[acc_id]

    def level(self, acc_id: int) -> int:
        """Return how deep an account stands, from 1."""
        return len(self.path(acc_id))

    def at_level(self, acc_id: int, level: int | None) -> Node:
        """Return what an account shows as at a level; itself with None."""
        path = self.path(acc_id)
        return self.nodes[path[-1] if level is None else path[min(level, len(path)) - 1]]

    def under(self, acc_id: int) -> set[int]:
        """Return the postable accounts that are the one or stand under it."""
        return {key for key, node in self.nodes.items() if node.postable and acc_id in self.path(key)}


# --- Balance de sumas y saldos ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TrialRow:
    """What an account or heading brought along (a net) and moved."""

    node: Node
    opening: int
    debits: int
    credits: int

    @property
    def closing(self) -> int:
        """The net at the end."""
        return self.opening + self.debits - self.credits

    @property
    def debit_balance(self) -> int:
        """The saldo deudor, 0 where the balance is acreedor."""
        return max(self.closing, 0)

    @property
    def credit_balance(self) -> int:
        """The saldo acreedor, 0 where the balance is deudor."""
        return max(-self.closing, 0)


def trial_balance(
    chart: Chart, opening: Mapping[int, Sides], moved: Mapping[int, Sides], level: int | None = None
) -> list[TrialRow]:
    """Return the rows in order of code; what brought nothing along and moved nothing is left out."""
    sums: dict[int, list[int]] = {}
    for acc_id in opening.keys() | moved.keys():
        row = sums.setdefault(chart.at_level(acc_id, level).acc_id, [0, 0, 0])
        row[0] += _net(opening.get(acc_id, (0, 0)))
        debits, credits_ = moved.get(acc_id, (0, 0))
        row[1] += debits
        row[2] += credits_
    return [TrialRow(node, *sums[node.acc_id]) for node in _in_order(chart, sums) if any(sums[node.acc_id])]


# --- Estado de situación patrimonial ----------------------------------------------------------------


class Section(StrEnum):
    """The parts of the statements, in their order."""

    CURRENT_ASSETS = "activo_corriente"
    NON_CURRENT_ASSETS = "activo_no_corriente"
    CURRENT_LIABILITIES = "pasivo_corriente"
    NON_CURRENT_LIABILITIES = "pasivo_no_corriente"
    EQUITY = "patrimonio_neto"
    INCOME = "ingresos"
    EXPENSES = "egresos"


ASSETS = (Section.CURRENT_ASSETS, Section.NON_CURRENT_ASSETS)
LIABILITIES = (Section.CURRENT_LIABILITIES, Section.NON_CURRENT_LIABILITIES)


@dataclass(frozen=True, slots=True)
class Line:
    """An account or heading in a section; `amount` is positive on the section's own side."""

    section: Section
    node: Node
    amount: int


@dataclass(frozen=True, slots=True)
class Position:
    """What is owned, owed and left to the owners on a day.

    `result` is that of the span asked for, `unassigned` that of earlier ones which no entry has
    carried to the equity yet; both belong to it. `memorandum` is the net of cuentas de orden: other
    than 0 only where an entry balances one of them against an account of the statements.
    """

    lines: tuple[Line, ...]
    result: int
    unassigned: int
    memorandum: int

    def total(self, *sections: Section) -> int:
        """Return the sum of some sections' lines."""
        return sum(line.amount for line in self.lines if line.section in sections)

    @property
    def assets(self) -> int:
        """Activo."""
        return self.total(*ASSETS)

    @property
    def liabilities(self) -> int:
        """Pasivo."""
        return self.total(*LIABILITIES)

    @property
    def equity(self) -> int:
        """Patrimonio neto, results included."""
        return self.total(Section.EQUITY) + self.result + self.unassigned


def position(
    chart: Chart, balances: Mapping[int, Sides], results: Mapping[int, Sides], level: int | None = None
) -> Position:
    """Return the statement for `balances`, what was moved until a day.

    `results` is what income and expenses moved in the span whose result is told by itself.
    """
    lines = _lines(chart, balances, {ASSET, LIABILITY, EQUITY}, level)
    every_result = result_of(chart, balances)
    result = result_of(chart, results)
    memorandum = sum(_net(sides) for key, sides in balances.items() if chart.nodes[key].kind == MEMORANDUM)
    return Position(tuple(lines), result, every_result - result, memorandum)


# --- Estado de resultados ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ResultLine:
    """What a rubro gained or cost, and what it did in the span it is compared with."""

    section: Section
    node: Node
    amount: int
    compared: int = 0

    @property
    def change(self) -> int:
        """How much more it is than what it is compared with."""
        return self.amount - self.compared

    @property
    def change_tenths(self) -> int | None:
        """The change in tenths of a per cent; see the function."""
        return change_tenths(self.amount, self.compared)


@dataclass(frozen=True, slots=True)
class Results:
    """What was gained and spent in a span."""

    lines: tuple[ResultLine, ...]

    def total(self, section: Section) -> ResultLine | None:
        """Return the sum of a section as a line; None where it has none."""
        found = [line for line in self.lines if line.section == section]
        if not found:
            return None
        return ResultLine(
            section, found[0].node, sum(line.amount for line in found), sum(line.compared for line in found)
        )

    @property
    def result(self) -> int:
        """Ingresos - egresos."""
        return self._result("amount")

    @property
    def compared_result(self) -> int:
        """The same in the span that it is compared with."""
        return self._result("compared")

    def _result(self, name: str) -> int:
        return sum(
            getattr(line, name) * (1 if line.section == Section.INCOME else -1) for line in self.lines
        )


def results(
    chart: Chart,
    moved: Mapping[int, Sides],
    compared: Mapping[int, Sides] | None = None,
    level: int | None = 3,
) -> Results:
    """Return the statement of a span, beside another's."""
    now = {(line.section, line.node.acc_id): line for line in _lines(chart, moved, {INCOME, EXPENSE}, level)}
    then = {
        (line.section, line.node.acc_id): line
        for line in _lines(chart, compared or {}, {INCOME, EXPENSE}, level)
    }
    made = []
    for key in now.keys() | then.keys():
        line = now.get(key) or then[key]
        made.append(ResultLine(
            line.section, line.node, now[key].amount if key in now else 0, then[key].amount if key in then else 0
        ))
    order = list(Section)
    return Results(tuple(sorted(made, key=lambda line: (order.index(line.section), line.node.code))))


def result_of(chart: Chart, moved: Mapping[int, Sides]) -> int:
    """Return ingresos - egresos of what was moved."""
    return -sum(_net(sides) for key, sides in moved.items() if chart.nodes[key].kind in {INCOME, EXPENSE})


def change_tenths(amount: int, compared: int) -> int | None:
    """Return by how many tenths of a per cent an amount differs from another, rounded half away from zero.

    None without a base.
    """
    if compared == 0:
        return None
    change, base = amount - compared, abs(compared)
    rounded = (2 * abs(change) * 1000 + base) // (2 * base)
    return rounded if change >= 0 else -rounded


# --- What they share --------------------------------------------------------------------------------


def section_of(node: Node) -> Section:
    """Return the part of the statements that an account stands in; ValueError for a cuenta de orden."""
    match node.kind:
        case "activo":
            return Section.NON_CURRENT_ASSETS if node.liquidity == NON_CURRENT else Section.CURRENT_ASSETS
        case "pasivo":
            return Section.NON_CURRENT_LIABILITIES if node.liquidity == NON_CURRENT else Section.CURRENT_LIABILITIES
        case "patrimonio":
            return Section.EQUITY
        case "ingreso":
            return Section.INCOME
        case "egreso":
            return Section.EXPENSES
    raise ValueError(node.kind)


_DEBIT_SECTIONS = {*ASSETS, Section.EXPENSES}


def _lines(chart: Chart, moved: Mapping[int, Sides], kinds: set[str], level: int | None) -> Iterator[Line]:
    sums: dict[tuple[Section, int], int] = {}
    for acc_id, sides in moved.items():
        node = chart.nodes[acc_id]
        if node.kind in kinds:
            key = section_of(node), chart.at_level(acc_id, level).acc_id
            sums[key] = sums.get(key, 0) + _net(sides)
    order = list(Section)
    for section, acc_id in sorted(sums, key=lambda key: (order.index(key[0]), chart.nodes[key[1]].code)):
        net = sums[section, acc_id]
        if net:
            yield Line(section, chart.nodes[acc_id], net if section in _DEBIT_SECTIONS else -net)


def _in_order(chart: Chart, keys: Iterable[int]) -> list[Node]:
    return sorted((chart.nodes[key] for key in keys), key=lambda node: node.code)


def _net(sides: Sides) -> int:
    return sides[0] - sides[1]
