"""The default chart has the shape that the contract gives, and charts are planted and forked."""

from __future__ import annotations

from collections import Counter

import pytest

from apps.accounts.actions import copy_chart, load_default_chart
from apps.accounts.chart import default_chart
from apps.accounts.errors import ChartConflict
from apps.accounts.models import Account
from apps.audit.models import AuditEvent

KINDS = {"1": "activo", "2": "pasivo", "3": "patrimonio", "4": "ingreso", "5": "egreso"}
DEBIT_KINDS = {"activo", "egreso"}
# The accounts that stand on the other side of their kind.
CONTRA_CODES = {
    "11202", "11205", "11306", "11307", "11606",
    "12203", "12303", "12305", "12307", "12309", "12311", "12313", "12315", "12402", "12404", "12406", "12408",
    "21105", "21205", "31301", "31302", "41103", "41104", "51203", "51204",
}

LINES = default_chart()
POSTABLE = [line for line in LINES if line.postable]


def test_the_chart_has_191_accounts_in_40_rubros():
    assert Counter(len(line.code) for line in LINES) == {1: 5, 2: 14, 3: 40, 5: 191}
    assert all(line.postable is (len(line.code) == 5) for line in LINES)


def test_the_chart_has_the_contracts_number_of_accounts_of_each_kind():
    by_kind = Counter(line.kind for line in POSTABLE)
    assert by_kind == {"activo": 67, "pasivo": 32, "patrimonio": 12, "ingreso": 18, "egreso": 62}
    assert all(line.kind == KINDS[line.code[0]] for line in LINES)


def test_116_accounts_are_deudoras_and_75_acreedoras():
    assert Counter(line.nature for line in POSTABLE) == {True: 116, False: 75}


def test_only_the_regularizadoras_carry_the_nature_opposite_to_their_kind():
    assert {line.code for line in LINES if line.nature is not (line.kind in DEBIT_KINDS)} == CONTRA_CODES


def test_codes_and_names_are_unique_and_in_order():
    codes = [line.code for line in LINES]
    assert codes == sorted(set(codes))
    assert all(code.isascii() and code.isdigit() for code in codes)
    assert len({line.name for line in LINES}) == len(LINES)


def test_each_line_stands_under_the_heading_one_step_shorter():
    shorter = {1: 0, 2: 1, 3: 2, 5: 3}
    assert all((line.parent_code or "") == line.code[:shorter[len(line.code)]] for line in LINES)


def test_each_rubro_numbers_its_accounts_from_01_without_gaps():
    for rubro in (line.code for line in LINES if len(line.code) == 3):
        numbers = [line.code[3:] for line in POSTABLE if line.code.startswith(rubro)]
        assert numbers == [f"{number:02}" for number in range(1, len(numbers) + 1)]


def test_exactly_assets_and_liabilities_below_the_partida_say_their_liquidity():
    for line in LINES:
        expected = line.kind in {"activo", "pasivo"} and len(line.code) > 1
        assert bool(line.liquidity) is expected, line
        assert line.liquidity in {"", {"1": "corriente", "2": "no_corriente"}.get(line.code[1:2])}


@pytest.mark.django_db
def test_loading_the_default_chart_is_quick_and_done_once(company, teacher, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        assert load_default_chart(company, acting_user=teacher) == 250
    assert load_default_chart(company, acting_user=teacher) == 0
    assert Account.objects.filter(company=company).count() == 250
    assert AuditEvent.objects.filter(action="chart.loaded").count() == 1


@pytest.mark.django_db
def test_loading_leaves_what_is_already_there_as_it_is(company, teacher):
    mine = Account.objects.create(
        company=company, code="11101", name="Caja chica", nature=True, kind="activo", status=False
    )
    assert load_default_chart(company, acting_user=teacher) == 249
    mine.refresh_from_db()
    assert (mine.name, mine.status, mine.parent) == ("Caja chica", False, None)


@pytest.mark.django_db
@pytest.mark.parametrize("postable, kind", [(True, "activo"), (False, "pasivo")])
def test_loading_refuses_to_hang_accounts_under_what_is_no_heading_of_their_kind(company, teacher, postable, kind):
    Account.objects.create(company=company, code="111", name="Caja", nature=True, kind=kind, postable=postable)
    with pytest.raises(ChartConflict) as refusal:
        load_default_chart(company, acting_user=teacher)
    assert refusal.value.account_code == "111"
    assert Account.objects.filter(company=company).count() == 1


@pytest.mark.django_db
def test_a_copy_has_the_chart_of_its_source_without_balances(company, other_company, teacher, teacher_api):
    load_default_chart(company, acting_user=teacher)
    caja, ventas = Account.objects.filter(company=company, code__in=["11101", "41101"]).order_by("code")
    lines = [{"acc_id": caja.pk, "debit": 500}, {"acc_id": ventas.pk, "credit": 500}]
    assert teacher_api.post("/api/trans/", {"date": "2026-03-02", "entries": lines}).status_code == 201
    Account.objects.filter(pk=caja.pk).update(name="Caja central", status=False)
    assert copy_chart(company, other_company, acting_user=teacher) == 250
    fields = ("code", "name", "nature", "kind", "status", "postable", "parent__code", "liquidity", "monetary")
    charts = [set(Account.objects.filter(company=which).values_list(*fields)) for which in (company, other_company)]
    assert charts[0] == charts[1]
    copied = Account.objects.get(company=other_company, code="11101")
    assert (copied.debits, copied.search_text, copied.parent.company) == (0, "11101 caja central", other_company)
