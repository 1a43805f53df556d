"""What grading says of the errors that students make, by example."""

from __future__ import annotations

import datetime as dt

import pytest

from ledger.grading import Alternative, Asiento, Card, CodedLine, Dates, Effect, ExpectedEntry, Key, Solution, grade

CHART = {
    "caja": Card("Caja", "activo", "111"), "banco": Card("Banco", "activo", "111"),
    "clientes": Card("Deudores por ventas", "activo", "113"),
    "cf": Card("IVA crédito fiscal", "activo", "114", vat=True),
    "mercaderias": Card("Mercaderías", "activo", "116"), "proveedores": Card("Proveedores", "pasivo", "211"),
    "df": Card("IVA débito fiscal", "pasivo", "214", vat=True), "capital": Card("Capital", "patrimonio", "311"),
    "ventas": Card("Ventas", "ingreso", "411"), "alquiler": Card("Alquileres", "egreso", "532"),
}
DAY = dt.date(2026, 3, 10)
MARCH = Dates(dt.date(2026, 3, 1), dt.date(2026, 3, 31))


def lines(**amounts: int) -> tuple[CodedLine, ...]:
    """caja=121 is a debit, ventas=-100 a credit."""
    return tuple(CodedLine(code, max(amount, 0), max(-amount, 0)) for code, amount in amounts.items())


def wanted(*alternatives, points=10, label="Venta"):
    return ExpectedEntry(label, points, tuple(Alternative(found) for found in alternatives), MARCH)


def key(*entries, tolerance=0):
    return Key((Solution(entries),), tolerance)


def asiento(ref=1, day=DAY, **amounts):
    return Asiento(ref, day, lines(**amounts))


SALE = lines(caja=12100, ventas=-10000, df=-2100)
KEY = key(wanted(SALE))


def graded(*asientos, against=KEY):
    return grade(asientos, against, CHART)


def only(*asientos, against=KEY):
    """Return the codes of the faults of the one expected asiento, and the facts of the first."""
    found = graded(*asientos, against=against).entries[0]
    return [fault.code for fault in found.faults], dict(found.faults[0].facts) if found.faults else {}


def test_the_same_asiento_is_full_in_any_order_and_cut_of_lines():
    found = graded(Asiento(7, DAY, (
        CodedLine("df", credit=2100), CodedLine("caja", debit=100), CodedLine("ventas", credit=10000),
        CodedLine("caja", debit=12000),
    )))
    assert (found.earned, found.points, found.is_full) == (1000, 1000, True)
    assert (found.entries[0].outcome, found.entries[0].refs, found.effect) == ("right", (7,), Effect())


def test_nothing_handed_in_earns_nothing_and_leaves_the_balance_short():
    found = graded()
    assert (found.earned, found.entries[0].outcome) == (0, "missing")
    assert found.effect == Effect(assets=-12100, liabilities=-2100, equity=-10000, result=-10000)


def test_inverted_sides_are_named_as_a_whole_and_by_line():
    assert only(asiento(caja=-12100, ventas=10000, df=2100))[0] == ["entry_inverted"]
    codes, facts = only(asiento(caja=12100, ventas=10000, df=-2100))
    assert codes == ["side_inverted"]
    assert facts == {"account": "ventas", "side": "credit", "wanted": 10000, "got": 10000}


def test_another_account_of_the_same_rubro_is_nearer_than_one_of_another():
    near = graded(asiento(banco=12100, ventas=-10000, df=-2100))
    far = graded(asiento(clientes=12100, ventas=-10000, df=-2100))
    assert near.entries[0].faults[0].code == "account_in_rubro"
    assert far.entries[0].faults[0].code == "account_wrong"
    assert far.earned < near.earned < near.points


def test_the_effect_says_what_is_overstated():
    found = graded(asiento(alquiler=12100, ventas=-10000, df=-2100))
    assert found.effect == Effect(assets=-12100, liabilities=0, equity=-12100, result=-12100)


@pytest.mark.parametrize("amounts,expected", [
    ({"caja": 12100, "ventas": -12100}, ["vat_in_price"]),
    ({"caja": 10000, "ventas": -10000}, ["vat_missing"]),
    ({"caja": 12100, "ventas": -10000, "cf": -2100}, ["vat_swapped"]),
    ({"caja": 11050, "ventas": -10000, "df": -1050}, ["vat_rate"]),
    ({"caja": 12541, "ventas": -10000, "df": -2541}, ["vat_of_total"]),
])
def test_what_is_done_to_the_iva_is_named(amounts, expected):
    assert sorted(only(asiento(**amounts))[0]) == sorted(expected)


@pytest.mark.parametrize("got,code,factor", [
    (121000, "amount_times", 10), (1210, "amount_divided", 10), (121, "amount_divided", 100),
    (21100, "amount_transposed", None), (12500, "amount_wrong", None),
])
def test_a_wrong_amount_says_by_what(got, code, factor):
    codes, facts = only(asiento(caja=got, ventas=-10000, df=-2100))
    assert codes == [code]
    assert facts["off"] == got - 12100
    assert facts.get("factor") == factor


@pytest.mark.parametrize("factor,code", [(10, "entry_times"), (100, "entry_times")])
def test_amounts_that_are_all_off_by_one_factor_are_one_error(factor, code):
    codes, facts = only(asiento(caja=12100 * factor, ventas=-10000 * factor, df=-2100 * factor))
    assert (codes, facts) == ([code], {"factor": factor})
    codes, facts = only(asiento(caja=121, ventas=-100, df=-21))
    assert (codes, facts) == (["entry_divided"], {"factor": 100})


def test_the_tolerance_forgives_and_leaves_no_effect():
    near = asiento(caja=12101, ventas=-10000, df=-2101)
    assert graded(near, against=key(wanted(SALE), tolerance=1)).is_full
    assert not graded(near).is_full


def test_missing_and_extra_lines_are_named():
    codes, _facts = only(asiento(caja=12100, ventas=-10000, df=-2100, alquiler=500, capital=-500))
    assert codes == ["line_extra", "line_extra"]
    three = key(wanted(lines(caja=12100, ventas=-12000, capital=-100)))
    codes, _facts = only(asiento(caja=12100, ventas=-12000), against=three)
    assert codes == ["line_missing"]


def test_errors_are_told_in_one_order_whatever_that_of_the_lines():
    first = asiento(caja=12100, ventas=-10000, df=-2100, alquiler=500, capital=-500)
    assert graded(first) == graded(Asiento(first.ref, first.date, first.lines[::-1]))


def test_another_period_costs_a_fifth():
    found = graded(asiento(day=dt.date(2026, 4, 1), caja=12100, ventas=-10000, df=-2100))
    assert [fault.code for fault in found.entries[0].faults] == ["wrong_period"]
    assert found.earned == 800
    assert not found.effect
    assert found.entries[0].period_effect == Effect(assets=-12100, liabilities=-2100, equity=-10000, result=-10000)


def test_a_second_time_is_a_duplicate_and_a_stranger_an_extra():
    right = asiento(caja=12100, ventas=-10000, df=-2100)
    again = graded(right, Asiento(2, DAY, right.lines))
    assert [(found.ref, found.outcome) for found in again.surplus] == [(2, "duplicated")]
    assert again.effect == Effect(assets=12100, liabilities=2100, equity=10000, result=10000)
    other = graded(right, asiento(3, alquiler=500, caja=-500))
    assert [(found.ref, found.outcome) for found in other.surplus] == [(3, "extra")]
    assert again.earned == other.earned == 750


RENT = wanted(lines(alquiler=500, banco=-500), label="Alquiler")


def test_asientos_find_theirs_whatever_their_order():
    both = key(RENT, wanted(SALE))
    found = graded(asiento(1, caja=12100, ventas=-10000, df=-2100), asiento(2, alquiler=500, caja=-500), against=both)
    assert [entry.refs for entry in found.entries] == [(2,), (1,)]
    assert [entry.outcome for entry in found.entries] == ["wrong", "right"]


def test_two_asientos_in_one_keep_most_of_the_points_and_leave_the_balance_right():
    joined = asiento(caja=12100, ventas=-10000, df=-2100, alquiler=500, banco=-500)
    found = graded(joined, against=key(RENT, wanted(SALE)))
    assert [entry.outcome for entry in found.entries] == ["joined", "joined"]
    assert [entry.faults[0].code for entry in found.entries] == ["entries_joined", "entries_joined"]
    assert (found.earned, found.points, found.effect, found.surplus) == (1600, 2000, Effect(), ())


def test_one_asiento_in_two_keeps_most_of_the_points():
    found = graded(asiento(1, caja=10000, ventas=-10000), asiento(2, caja=2100, df=-2100))
    assert (found.entries[0].outcome, set(found.entries[0].refs)) == ("cut", {1, 2})
    assert (found.earned, found.surplus, found.effect) == (800, (), Effect())


def test_joined_and_cut_out_of_time_say_so():
    late = dt.date(2026, 5, 2)
    found = graded(asiento(1, caja=10000, ventas=-10000), asiento(2, late, caja=2100, df=-2100))
    assert [fault.code for fault in found.entries[0].faults] == ["entry_cut", "wrong_period"]
    assert found.earned == 640


def test_the_nearest_alternative_counts():
    either = key(wanted(SALE, lines(banco=12100, ventas=-10000, df=-2100)))
    found = graded(asiento(banco=12100, ventas=-10000, df=-2100), against=either)
    assert (found.is_full, found.entries[0].alternative) == (True, 1)


def test_an_alternative_may_have_dates_of_its_own():
    late = Alternative(SALE, Dates(dt.date(2026, 4, 1), None))
    entry = ExpectedEntry("Venta", 10, (Alternative(SALE), late), MARCH)
    assert graded(asiento(day=dt.date(2026, 4, 9), caja=12100, ventas=-10000, df=-2100), against=key(entry)).is_full


def test_the_best_of_several_solutions_counts():
    other = Solution((wanted(lines(caja=12100, ventas=-12100)),))
    found = graded(asiento(caja=12100, ventas=-12100), against=Key((KEY.solutions[0], other)))
    assert (found.solution, found.is_full) == (1, True)


def test_an_account_that_the_chart_does_not_know_is_wrong_and_breaks_nothing():
    found = graded(asiento(caja=12100, ventas=-10000, misterio=-2100))
    assert found.entries[0].faults[0].code == "account_wrong"
