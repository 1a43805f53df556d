"""The made-up journal is one that an accountant would sign."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.accounts.chart import default_chart
from apps.dash.demo.accounts import Acc
from apps.dash.demo.assets import instalment
from apps.dash.demo.books import Area, Books
from apps.dash.demo.days import ends_month
from apps.dash.demo.journal import generate
from apps.dash.demo.rates import VAT, VAT_REDUCED, share

YEAR = dt.date(2025, 1, 1), dt.date(2025, 12, 31)
POCKETS = (Acc.CASH, Acc.BANK, Acc.WALLET, Acc.CHEQUES)
EMPTY_AFTER_SETTLEMENT = (Acc.VAT_DEBIT, Acc.VAT_CREDIT, Acc.VAT_PERCEIVED, Acc.VAT_WITHHELD)


@pytest.fixture(scope="module")
def year():
    return generate(*YEAR)


@pytest.fixture(scope="module")
def chart_lines():
    return {line.code: line for line in default_chart()}


def running(entries):
    """Yield (entry, balances after it), debits less credits by code."""
    balances = defaultdict(int)
    for entry in entries:
        for line in entry.lines:
            balances[line.code] += line.debit - line.credit
        yield entry, balances


def month_ends(entries):
    """Return {(year, month): balances after the month's last transaction}."""
    found = {}
    for entry, balances in running(entries):
        found[entry.date.year, entry.date.month] = dict(balances)
    return found


def side(entry, code, name):
    return [getattr(line, name) for line in entry.lines if line.code == code and getattr(line, name)]


def test_every_account_is_a_postable_one_of_the_default_chart(chart_lines):
    assert [code for code in Acc if code not in chart_lines or not chart_lines[code].postable] == []


def test_a_year_has_two_thousand_transactions_in_order_of_date_from_every_desk(year):
    assert len(year) >= 2000
    assert [entry.date for entry in year] == sorted(entry.date for entry in year)
    # IVA is carried over only after a month of heavy buying.
    assert set(Acc) - {line.code for entry in year for line in entry.lines} <= {Acc.VAT_CARRIED}
    assert {entry.area for entry in year} == set(Area)


def test_every_transaction_balances_in_whole_centavos_with_one_side_a_line(year):
    for entry in year:
        assert sum(line.debit for line in entry.lines) == sum(line.credit for line in entry.lines) > 0
        assert all((line.debit > 0) != (line.credit > 0) for line in entry.lines)
        assert entry.legend
        assert len(entry.legend) <= 500


def test_the_same_arguments_give_the_same_journal_and_a_later_end_only_adds(year):
    assert generate(*YEAR) == year
    half = generate(YEAR[0], dt.date(2025, 7, 10))
    assert half == year[: len(half)]
    assert generate(*YEAR, seed="another")[:100] != year[:100]


@pytest.mark.parametrize("pace, start, end", [
    (6.0, *YEAR), (1.0, dt.date(2025, 10, 1), dt.date(2026, 12, 31)), (25.0, dt.date(2024, 2, 1), dt.date(2024, 5, 15)),
])
def test_nothing_is_paid_that_is_not_there_and_no_balance_turns_to_its_wrong_side(chart_lines, pace, start, end):
    for entry, balances in running(generate(start, end, pace=pace)):
        for code in {line.code for line in entry.lines if line.code[0] in "12"}:
            saldo = balances[code] if chart_lines[code].nature else -balances[code]
            assert saldo >= 0, (entry, code)


def test_iva_is_the_base_by_its_rate(year):
    sales = [entry for entry in year if entry.legend.startswith("Venta")]
    for entry in sales:
        bases, taxes = side(entry, Acc.SALES, "credit"), side(entry, Acc.VAT_DEBIT, "credit")
        allowed = sum(side(entry, Acc.SALES_ALLOWANCES, "debit"))
        if not allowed:
            rates = ((VAT,), (VAT_REDUCED,)) if len(bases) == 1 else ((VAT, VAT_REDUCED),)
            assert taxes in [[share(base, rate) for base, rate in zip(bases, each, strict=True)] for each in rates]
    purchases = [entry for entry in year if entry.legend.startswith("Compra de ") and entry.area is Area.PURCHASES]
    for entry in purchases:
        (base,), (tax,) = side(entry, Acc.MERCHANDISE, "debit"), side(entry, Acc.VAT_CREDIT, "debit")
        assert tax in {share(base, VAT), share(base, VAT_REDUCED)}
    assert len(sales) > 1000
    assert len(purchases) > 60


def test_each_month_settles_the_whole_of_iva(year):
    for balances in month_ends(year).values():
        assert [balances.get(code, 0) for code in EMPTY_AFTER_SETTLEMENT] == [0, 0, 0, 0]
        assert balances.get(Acc.VAT_DUE, 0) == 0 or balances.get(Acc.VAT_CARRIED, 0) == 0


def test_wages_are_paid_as_accrued(year):
    accrued = [entry for entry in year if entry.legend.startswith("Devengamiento de sueldos")]
    paid = [entry for entry in year if entry.legend.startswith("Pago de sueldos")]
    assert len(accrued) == 12
    owed = [side(entry, Acc.WAGES, "credit")[0] for entry in accrued[:-1]]
    assert [entry.lines[0].debit for entry in paid[1:]] == owed


def test_wages_and_taxes_are_paid_within_a_week_of_their_day(year):
    for legend, day in (("Pago de sueldos", 4), ("Pago F.931", 10), ("Pago de IVA", 20), ("Débito de e-cheq", None)):
        paid = [entry for entry in year if entry.legend.startswith(legend)]
        assert paid
        assert day is None or all(day <= entry.date.day <= day + 7 for entry in paid if "SAC" not in entry.legend)


def test_the_year_ends_with_no_result_account_open(year):
    balances = month_ends(year)[2025, 12]
    assert {code: amount for code, amount in balances.items() if code[0] in "45" and amount} == {}
    assert balances[Acc.YEAR_RESULT] < 0
    assert year[-1].legend == "Refundición de cuentas de resultado del ejercicio 2025"


def test_the_result_is_carried_over_when_the_next_year_opens():
    entries = generate(dt.date(2025, 11, 1), dt.date(2026, 4, 30))
    carried = [entry for entry in entries if entry.legend.startswith("Traslado del resultado")]
    assert [entry.date for entry in carried] == [dt.date(2026, 1, 2)]
    assert month_ends(entries)[2026, 1][Acc.YEAR_RESULT] == 0


def test_the_loan_is_paid_off_by_equal_instalments():
    principal, months, rate = 18_000_000_00, 36, 290
    left, paid = principal, instalment(principal, months, rate)
    for _month in range(months):
        interest = share(left, rate)
        assert left > 0
        left -= min(paid - interest, left)
    assert left == 0


@settings(max_examples=6, deadline=None)
@given(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)), st.integers(0, 120), st.floats(1, 12))
def test_any_start_length_and_pace_gives_a_journal_that_ends_in_time(day, length, pace):
    start, end = day.replace(day=1), day.replace(day=1) + dt.timedelta(days=length)
    entries = generate(start, end, pace=pace)
    assert entries[0].legend == "Asiento de apertura"
    assert all(start <= entry.date <= end for entry in entries)
    assert not ends_month(end) or entries[-1].date == end


@pytest.mark.parametrize("start, end, pace", [
    (dt.date(2025, 1, 2), dt.date(2025, 2, 1), 6), (dt.date(2025, 2, 1), dt.date(2025, 1, 31), 6),
    (dt.date(2020, 1, 1), dt.date(2030, 1, 1), 6), (*YEAR, 0), (*YEAR, 1e9), (*YEAR, float("nan")),
])
def test_arguments_out_of_bounds_are_refused(start, end, pace):
    with pytest.raises(ValueError, match=r"from the first|pace"):
        generate(start, end, pace=pace)


@pytest.mark.parametrize("debits, credit", [(100, 99), (0, 0), (-5, -5)])
def test_the_books_take_nothing_that_does_not_balance(debits, credit):
    with pytest.raises(ValueError, match="Venta"):
        Books().record(
            Area.SALES, YEAR[0], "Venta", debits=[(Acc.CASH, debits)], credits=[(Acc.SALES, credit)]
        )
