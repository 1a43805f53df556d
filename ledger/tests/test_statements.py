"""The statements hold together, whatever was recorded in whatever chart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ledger.statements import Chart, Node, Section, position, result_of, results, trial_balance

KINDS = ["activo", "pasivo", "patrimonio", "ingreso", "egreso"]


def make_chart() -> Chart:
    """Three levels: per kind a partida, two rubros, two accounts under each."""
    nodes, key = [], 0
    for first, kind in enumerate(KINDS, start=1):
        key += 1
        top = key
        nodes.append(Node(top, f"{first}", kind, kind, kind in {"activo", "egreso"}, "", False, None))
        for second in (1, 2):
            liquidity = ("corriente", "no_corriente")[second - 1] if kind in {"activo", "pasivo"} else ""
            key += 1
            rubro = key
            nodes.append(Node(rubro, f"{first}{second}", kind, kind, True, liquidity, False, top))
            for third in (1, 2):
                key += 1
                nodes.append(Node(key, f"{first}{second}{third}", kind, kind, third == 1, liquidity, True, rubro))
    return Chart(nodes)


CHART = make_chart()
ACCOUNTS = sorted(key for key, node in CHART.nodes.items() if node.postable)
levels = st.none() | st.integers(1, 5)
movements = st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(ACCOUNTS), st.integers(1, 10**15)))


def posted(pairs):
    moved = {}
    for debited, credited, amount in pairs:
        for key, sides in ((debited, (amount, 0)), (credited, (0, amount))):
            before = moved.get(key, (0, 0))
            moved[key] = (before[0] + sides[0], before[1] + sides[1])
    return moved


@given(movements, movements, levels)
def test_a_trial_balance_balances_at_every_level(before, during, level):
    rows = trial_balance(CHART, posted(before), posted(during), level)
    assert sum(row.debits for row in rows) == sum(row.credits for row in rows)
    assert sum(row.debit_balance for row in rows) == sum(row.credit_balance for row in rows)
    assert sum(row.opening for row in rows) == 0
    assert [row.node.code for row in rows] == sorted(row.node.code for row in rows)
    assert all(CHART.level(row.node.acc_id) <= (level or 9) for row in rows)


@given(movements, movements, levels)
def test_assets_are_liabilities_and_equity(before, during, level):
    found = position(CHART, posted([*before, *during]), posted(during), level)
    assert found.assets == found.liabilities + found.equity
    assert found.memorandum == 0


@given(movements, movements, levels)
def test_the_result_of_the_statement_of_results_is_the_line_of_the_equity(before, during, level):
    stated = results(CHART, posted(during), posted(before), level)
    assert stated.result == position(CHART, posted([*before, *during]), posted(during)).result
    assert stated.compared_result == result_of(CHART, posted(before))


@given(movements, levels)
def test_every_level_shows_the_same_totals(pairs, level):
    moved = posted(pairs)
    at_level, by_account = position(CHART, moved, moved, level), position(CHART, moved, moved)
    for section in Section:
        assert at_level.total(section) == by_account.total(section)


def test_current_and_non_current_stand_apart_under_one_partida():
    found = position(CHART, posted([(4, 13, 100), (7, 13, 50)]), {}, level=1)
    assert [(line.section, line.node.code, line.amount) for line in found.lines] == [
        ("activo_corriente", "1", 100), ("activo_no_corriente", "1", 50), ("pasivo_no_corriente", "2", 150),
    ]


def test_a_change_is_told_in_tenths_of_a_per_cent():
    sale = next(key for key in ACCOUNTS if CHART.nodes[key].kind == "ingreso")
    (line,) = results(CHART, {sale: (0, 1150)}, {sale: (0, 1000)}).lines
    assert (line.change, line.change_tenths) == (150, 150)
    (line,) = results(CHART, {sale: (0, 1)}, {sale: (0, 3)}).lines
    assert (line.change, line.change_tenths) == (-2, -667)
    (line,) = results(CHART, {sale: (0, 1)}).lines
    assert line.change_tenths is None


def test_a_cuenta_de_orden_is_kept_apart():
    nodes = [
        Node(1, "1", "Caja", "activo", True, "corriente", True, None),
        Node(2, "9", "Valores al cobro", "orden", True, "", True, None),
    ]
    found = position(Chart(nodes), {1: (100, 0), 2: (0, 100)}, {})
    assert (found.assets, found.liabilities + found.equity, found.memorandum) == (100, 0, -100)


def test_what_stands_under_a_heading_is_found():
    rubro = next(node for node in CHART.nodes.values() if node.code == "11")
    assert {CHART.nodes[key].code for key in CHART.under(rubro.acc_id)} == {"111", "112"}
