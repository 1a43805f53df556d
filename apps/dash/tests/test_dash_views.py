"""The dashboard over HTTP."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone, translation

from apps.dash.tests.books import record, tamper

PATHS = ["/api/dash/stats/", "/api/dashboard/stats/"]


@pytest.fixture
def clock(monkeypatch):
    """Set Django's clock: `clock("2026-03-01T01:30+00:00")`."""

    def set_to(instant):
        monkeypatch.setattr(timezone, "now", lambda: dt.datetime.fromisoformat(instant))

    return set_to


@pytest.mark.parametrize("path", PATHS)
def test_the_answer_has_the_literal_keys_of_the_contract(student_api, chart, student, clock, path):
    clock("2026-03-15T12:00:00+00:00")
    record(student, chart, "2026-03-01")
    record(student, chart, "2026-03-02", "2025-10-31", status=2)

    assert student_api.get(path).json() == {
        "total-alumnos": 1,
        "cantidad-grupos": 1,
        "asientos-cargados": 3,
        "libros-diarios": 2,
        "evolucionHistorica": [
            {"mes": "Oct", "asientos": 1, "cobertura": 1},
            {"mes": "Nov", "asientos": 0, "cobertura": 0},
            {"mes": "Dic", "asientos": 0, "cobertura": 0},
            {"mes": "Ene", "asientos": 0, "cobertura": 0},
            {"mes": "Feb", "asientos": 0, "cobertura": 0},
            {"mes": "Mar", "asientos": 2, "cobertura": 1},
        ],
        "actividadPorGrupo": [{"grupo": "3A", "asientos": 3, "cobertura": 1}],
        "avisos": [],
    }


@pytest.mark.parametrize("instant, last", [
    ("2026-03-01T02:59:59+00:00", "Feb"),  # 23:59:59 of 28 February in Buenos Aires
    ("2026-03-01T03:00:00+00:00", "Mar"),
    ("2025-01-01T01:00:00+00:00", "Dic"),
    ("2024-03-01T01:00:00+00:00", "Feb"),  # the leap day's evening
])
def test_the_current_month_is_that_of_buenos_aires(student_api, clock, instant, last):
    clock(instant)

    assert student_api.get(PATHS[0]).json()["evolucionHistorica"][-1]["mes"] == last


def test_rol_0_sees_all_companies_together_unless_one_is_named(
    teacher_api, student, chart, outsider, other_chart, other_company, company
):
    record(student, chart, "2026-03-01")
    record(outsider, other_chart, "2026-03-01", "2026-03-02")

    def loaded(**headers):
        return teacher_api.get(PATHS[0], headers=headers).json()["asientos-cargados"]

    assert loaded() == 3
    assert loaded(**{"X-Company": str(other_company.pk)}) == 2
    assert loaded(**{"X-Company": str(company.pk)}) == 1


def test_a_student_sees_only_their_company(as_user, student_api, student, chart, outsider, other_chart, other_company):
    record(outsider, other_chart, "2026-03-01", "2026-03-02")

    assert student_api.get(PATHS[0]).json()["actividadPorGrupo"] == [{"grupo": "3A", "asientos": 0, "cobertura": 0}]
    refused = student_api.get(PATHS[0], headers={"X-Company": str(other_company.pk)})
    assert (refused.status_code, refused.json()["code"]) == (403, "company_forbidden")
    assert as_user(outsider).get(PATHS[0]).json()["asientos-cargados"] == 2


@pytest.mark.parametrize("account, column, side", [("caja", "debits", "Deudor"), ("ventas", "credits", "Acreedor")])
def test_a_difference_made_behind_the_systems_back_is_told(teacher_api, student, chart, account, column, side):
    record(student, chart, "2026-03-01")
    assert "alerta" not in teacher_api.get(PATHS[0]).json()
    tamper(f"UPDATE accounts SET {column} = {column} + 123450 WHERE acc_id = %s", chart[account].pk)

    alert = teacher_api.get(PATHS[0]).json()["alerta"]

    assert alert == f"Hay una diferencia de $1.234,50 a favor del Saldo {side}"


def test_notices_name_what_waits_too_long_and_who_does_nothing(student_api, student, chart, clock):
    record(student, chart, "2025-11-03", "2025-12-03", status=0)
    clock("2026-03-16T12:00:00+00:00")

    with translation.override("en"):
        notices = student_api.get(PATHS[0]).json()["avisos"]

    assert notices == [
        {
            "code": "unverified_overdue",
            "mensaje": "2 transactions are still unverified more than 15 days after their month ended;"
            " the oldest month is November 2025.",
            "asientos": 2,
            "mes": "2025-11",
        },
        {
            "code": "group_idle",
            "mensaje": "The group 3A has no transactions dated this month or the last one.",
            "grupo": "3A",
        },
    ]


def test_an_empty_system_answers_zeros(teacher_api):
    found = teacher_api.get(PATHS[0]).json()

    assert (found["asientos-cargados"], found["actividadPorGrupo"], found["avisos"]) == (0, [], [])
    assert len(found["evolucionHistorica"]) == 6


def test_the_whole_request_takes_at_most_six_queries(teacher_api, student, chart, django_assert_max_num_queries):
    record(student, chart, *[dt.date(2025, 1, 1) + dt.timedelta(days=step) for step in range(200)])
    teacher_api.get(PATHS[0])

    with django_assert_max_num_queries(6):
        assert teacher_api.get(PATHS[0]).status_code == 200
