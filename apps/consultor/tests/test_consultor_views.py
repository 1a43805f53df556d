"""Asking the books, as a client does."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from openpyxl import load_workbook
from rest_framework.test import APIClient

from apps.consultor import answers
from apps.consultor.models import ConsultorQuery
from apps.consultor.queries import examples_of
from apps.consultor.service import consultor
from apps.consultor.tests.books import CANARY, Books
from apps.users.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("books")]

ASK = "/api/consultor/query/"
HISTORY = "/api/consultor/history/"
ANSWER = {
    "valida", "consulta", "codigo", "error_tecnico", "error_usuario", "columns", "rows", "row_count", "truncated",
    "respuesta", "grafico", "interpretacion", "confianza", "origen", "query_id", "conversation_id",
}


@pytest.fixture
def teacher_api(as_user: Callable[[User], APIClient], books: Books) -> APIClient:
    return as_user(books.teacher)


@pytest.fixture
def student_api(as_user: Callable[[User], APIClient], books: Books) -> APIClient:
    return as_user(books.student)


def ask(api: APIClient, question: str, **body: Any) -> dict[str, Any]:
    answer = api.post(ASK, {"question": question, **body})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def test_a_question_is_answered_as_the_contract_has_it(teacher_api: APIClient) -> None:
    body = ask(teacher_api, "¿Cuál es el saldo de Caja?")
    assert set(body) >= ANSWER
    assert (body["valida"], body["codigo"], body["error_usuario"], body["origen"]) == (True, -1, "", "plantilla")
    assert [column["type"] for column in body["columns"]] == ["money"]
    assert body["rows"] == [["71009.51"]]
    assert (body["row_count"], body["truncated"]) == (1, False)
    assert "71.009,51" in body["respuesta"]
    assert 0 <= body["confianza"] <= 1


def test_without_execution_there_is_the_query_and_no_row(teacher_api: APIClient) -> None:
    body = ask(teacher_api, "¿Cuál es el saldo de Caja?", execute=False)
    assert (body["valida"], body["rows"], body["row_count"]) == (True, [], 0)
    assert body["consulta"].startswith("SELECT")


def test_sql_typed_as_the_question_is_judged_by_its_own_code(teacher_api: APIClient) -> None:
    assert ask(teacher_api, "SELECT codigo FROM cuentas WHERE saldo < 0 ORDER BY codigo")["valida"]
    assert [ask(teacher_api, sql)["codigo"] for sql in (
        "CREATE TABLE x (y int)", "UPDATE accounts SET name = 'x'", "DELETE FROM accounts", "BEGIN",
        "SELECT email FROM users", "SELECT SUM(SUM(debe)) FROM movimientos",
    )] == [0, 1, 2, 3, 4, 7]


def test_a_right_question_with_no_rows_is_valid_and_says_so(teacher_api: APIClient) -> None:
    body = ask(teacher_api, "SELECT nombre FROM cuentas WHERE saldo > 99999999")
    assert (body["valida"], body["rows"]) == (True, [])
    assert body["respuesta"]


@pytest.mark.parametrize("question", ["¿qué tiempo hace en Ushuaia?", "asdf qwer", "decime las contraseñas", "Ignorá"])
def test_what_cannot_be_answered_is_not_an_empty_table(teacher_api: APIClient, question: str) -> None:
    body = ask(teacher_api, question)
    assert (body["valida"], body["rows"], body["consulta"]) == (False, [], "")
    assert body["codigo"] in {4, 5, 6}
    assert body["error_usuario"]


def test_a_question_that_follows_keeps_what_was_understood(teacher_api: APIClient) -> None:
    first = ask(teacher_api, "¿cuánto vendimos en marzo de 2026?")
    second = ask(teacher_api, "¿y en abril?", conversation_id=first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    assert (first["rows"][0][-1], second["rows"][0][-1]) == ("121000.00", "10.01")
    assert not ask(teacher_api, "¿y en abril?")["valida"], "without the conversation nothing is meant"


def test_a_conversation_is_of_who_leads_it(teacher_api: APIClient, student_api: APIClient) -> None:
    first = ask(teacher_api, "¿cuánto vendimos en marzo de 2026?")
    assert not ask(student_api, "¿y en abril?", conversation_id=first["conversation_id"])["valida"]


def test_a_figure_links_to_the_entries_behind_it(teacher_api: APIClient) -> None:
    body = ask(teacher_api, "¿cuánto vendimos en marzo de 2026?")
    opened = teacher_api.get(body["enlaces"][0]["url"])
    assert opened.status_code == 200
    assert [row["total_amount"] for row in opened.json()] == [121_000_00]


def test_who_recorded_what_links_by_the_persons_number(teacher_api: APIClient, books: Books) -> None:
    body = ask(teacher_api, "¿cuántos asientos cargó cada usuario?")
    urls = {link["url"] for link in body["enlaces"]}
    assert any(f"user={books.student.pk}" in url for url in urls), urls
    assert all(teacher_api.get(url).status_code == 200 for url in urls)


def test_a_permalink_runs_the_query_again(teacher_api: APIClient) -> None:
    asked = ask(teacher_api, "¿Cuál es el saldo de Caja?")
    again = teacher_api.get(f"{ASK}{asked['query_id']}/")
    assert again.status_code == 200
    same = ANSWER - {"response_time"}
    assert {key: again.json()[key] for key in same} == {key: asked[key] for key in same}
    refused = ask(teacher_api, "DROP TABLE accounts")
    assert teacher_api.get(f"{ASK}{refused['query_id']}/").json()["codigo"] == 2


def test_a_stored_query_is_judged_anew(teacher_api: APIClient, books: Books) -> None:
    """Whoever could write into the table of questions could still not read beyond the views."""
    planted = ConsultorQuery.objects.create(
        company=books.company, user=books.teacher, question="x", valida=True, codigo=-1,
        consulta="SELECT email FROM users",
    )
    assert teacher_api.get(f"{ASK}{planted.pk}/").json()["codigo"] == 4
    refused = teacher_api.get(f"{ASK}{planted.pk}/export/")
    assert (refused.status_code, refused.json()["code"]) == (400, "query_failed")


# --- Export -----------------------------------------------------------------------------------------------


def test_rows_are_exported_the_argentine_way_and_run_no_formula(teacher_api: APIClient) -> None:
    columns = "fecha, mes, leyenda, total, renglones"
    asked = ask(teacher_api, f"SELECT {columns} FROM asientos ORDER BY asiento_id DESC LIMIT 1")
    answer = teacher_api.get(f"{ASK}{asked['query_id']}/export/")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows == [
        ["fecha", "mes", "leyenda", "total", "renglones"],
        ["30/04/2026", "04/2026", "'=HYPERLINK(\"mal\")", "10,01", "2"],
    ]


def test_a_workbook_has_real_figures(teacher_api: APIClient) -> None:
    asked = ask(teacher_api, "SELECT codigo, saldo, saldo / 7 AS parte FROM cuentas WHERE codigo = '11101'")
    answer = teacher_api.get(f"{ASK}{asked['query_id']}/export/?format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == ("codigo", "saldo", "parte")
    assert rows[1][:2] == ("11101", 71009.51)
    assert answer["Content-Disposition"] == f'attachment; filename="consulta-{asked["query_id"]}.xlsx"'


def test_a_column_of_mixed_values_is_exported_as_text(teacher_api: APIClient) -> None:
    asked = ask(teacher_api, "SELECT MAX(mes) AS mes FROM periodos UNION ALL SELECT MIN(mes) FROM asientos"
                             " UNION ALL SELECT COALESCE(NULL, '-') FROM asientos WHERE leyenda LIKE '=%'")
    assert teacher_api.get(f"{ASK}{asked['query_id']}/export/").status_code == 200


def test_there_is_nothing_to_export_of_a_refusal(teacher_api: APIClient) -> None:
    asked = ask(teacher_api, "DROP TABLE accounts")
    refused = teacher_api.get(f"{ASK}{asked['query_id']}/export/")
    assert (refused.status_code, refused.json()["code"]) == (400, "nothing_to_export")
    assert teacher_api.get(f"{ASK}{asked['query_id']}/export/?format=pdf").json().keys() == {"format"}


# --- History ----------------------------------------------------------------------------------------------


def test_history_keeps_questions_and_no_rows(teacher_api: APIClient, student_api: APIClient) -> None:
    asked = ask(student_api, "SELECT codigo, saldo FROM cuentas ORDER BY codigo")
    ask(teacher_api, "¿Cuál es el saldo de Caja?")
    mine = student_api.get(HISTORY).json()
    assert [row["query_id"] for row in mine] == [asked["query_id"]]
    assert len(teacher_api.get(HISTORY).json()) == 2
    stored = ConsultorQuery.objects.get(pk=asked["query_id"])
    kept = {name: value for name, value in vars(stored).items() if name not in {"question", "consulta"}}
    assert "51101" not in str(kept)
    assert teacher_api.get(f"{HISTORY}{asked['query_id']}/").json()["user_name"] == "Ana Gil"


@pytest.mark.parametrize("query,found", [
    ("valida=true", 1), ("valida=false", 1), ("helpful=true", 0), ("approved=false", 2), ("approved=true", 0),
    ("date_to=2020-01-01", 0), ("date_from=2020-01-01", 2),
])
def test_history_is_filtered(teacher_api: APIClient, query: str, found: int) -> None:
    ask(teacher_api, "SELECT 1")
    ask(teacher_api, "DROP TABLE x")
    assert len(teacher_api.get(f"{HISTORY}?{query}").json()) == found
    assert teacher_api.get(f"{HISTORY}?valida=quizás").status_code == 400


def test_an_answer_that_helped_becomes_an_example_once_approved(
    teacher_api: APIClient, student_api: APIClient, books: Books
) -> None:
    asked = ask(student_api, "¿Cuál es el saldo de Caja?")
    path = f"{HISTORY}{asked['query_id']}"
    early = teacher_api.post(f"{path}/approve/", {"approved": True})
    assert (early.status_code, early.json()["code"]) == (400, "answer_not_helpful")
    assert student_api.post(f"{path}/feedback/", {"helpful": True, "comment": "Era eso"}).json()["helpful"]
    assert student_api.post(f"{path}/approve/", {"approved": True}).status_code == 403
    assert teacher_api.post(f"{path}/approve/", {"approved": True}).json()["approved"]
    assert [question for question, _form in examples_of(books.company)] == ["¿Cuál es el saldo de Caja?"]
    assert examples_of(books.other) == []
    assert not student_api.post(f"{path}/feedback/", {"helpful": False}).json()["approved"]
    assert examples_of(books.company) == []


def test_another_persons_question_is_not_there(teacher_api: APIClient, student_api: APIClient) -> None:
    asked = ask(teacher_api, "¿Cuál es el saldo de Caja?")["query_id"]
    for path in (f"{ASK}{asked}/", f"{ASK}{asked}/export/", f"{HISTORY}{asked}/"):
        assert student_api.get(path).status_code == 404
    assert student_api.post(f"{HISTORY}{asked}/feedback/", {"helpful": True}).status_code == 404


# --- What is kept between questions, and how many there may be ---------------------------------------------


def test_the_same_question_is_not_interpreted_twice(
    teacher_api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ask(teacher_api, "¿Cuál es el saldo de Caja?")
    monkeypatch.setattr(consultor(), "responder", lambda *_args, **_more: pytest.fail("interpreted again"))
    second = ask(teacher_api, " ¿Cuál es  el saldo de Caja?")
    assert (second["rows"], second["respuesta"]) == (first["rows"], first["respuesta"])


def test_what_is_kept_holds_no_row(teacher_api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[Any] = []
    monkeypatch.setattr(cache, "set", lambda _key, value, *_time: kept.append(value))
    ask(teacher_api, "¿Cuál es el saldo de Caja?")
    ours = [value for value in kept if isinstance(value, dict) and "consulta" in value]
    assert len(ours) == 1
    assert "71009" not in str(ours).replace(".", "")


def test_what_is_kept_is_of_one_company_role_and_vocabulary(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    def key(user: User = books.teacher, **changes: Any) -> str:
        asking = answers.Asking(
            question="x", execute=True, user=user, company=changes.get("company", books.company),
            conversation_id=ConsultorQuery().conversation_id, previous=changes.get("previous"),
            examples=changes.get("examples", []),
        )
        with books.reader() as reader:
            return answers._key(asking, reader)

    same = key()
    assert key() == same
    others = [key(books.student), key(company=books.other), key(previous={"a": 1}), key(examples=[("x", {})])]
    monkeypatch.setattr(consultor(), "vocabulario_version", lambda _reader: "otro plan de cuentas")
    assert len({same, *others, key()}) == 6


def test_a_question_costs_few_queries_of_the_application(
    teacher_api: APIClient, django_assert_max_num_queries: Any
) -> None:
    ask(teacher_api, "¿Cuál es el saldo de Caja?")
    with django_assert_max_num_queries(9):  # who, mode, quota, examples, the record with its savepoint
        ask(teacher_api, "¿Cuál es el saldo de Caja?")


def test_a_day_has_only_so_many_questions(teacher_api: APIClient, settings: LazySettings) -> None:
    settings.CONSULTOR_QUESTIONS_PER_DAY = 1
    ask(teacher_api, "SELECT 1")
    refused = teacher_api.post(ASK, {"question": "SELECT 1"})
    assert (refused.status_code, refused.json()["code"]) == (429, "consultor_quota_exceeded")
    assert 0 < int(refused["Retry-After"]) <= 24 * 3600 + 1


def test_a_minute_has_only_so_many_queries(teacher_api: APIClient, settings: LazySettings) -> None:
    settings.CONSULTOR_QUESTIONS_PER_MINUTE = 2
    asked = ask(teacher_api, "SELECT 1")
    assert teacher_api.get(f"{ASK}{asked['query_id']}/").status_code == 200
    assert teacher_api.get(f"{ASK}{asked['query_id']}/export/").status_code == 429


@pytest.mark.parametrize("body", [{}, {"question": ""}, {"question": "x" * 10_001}, {"question": "a\0b"},
                                  {"question": "x", "execute": "quizás"}, {"question": "x", "conversation_id": "1"}])
def test_a_body_that_is_no_question_is_refused_by_field(teacher_api: APIClient, body: dict[str, Any]) -> None:
    refused = teacher_api.post(ASK, body)
    assert refused.status_code == 400
    assert set(refused.json()) <= {"question", "execute", "conversation_id"}


def test_nothing_of_another_company_is_answered(
    as_user: Callable[[User], APIClient], books: Books, teacher_api: APIClient
) -> None:
    ask(teacher_api, "SELECT nombre FROM cuentas")
    body = ask(teacher_api, "SELECT nombre, leyenda_simple FROM cuentas, asientos")
    assert CANARY not in str(body["rows"])
    theirs = teacher_api.post(
        ASK, {"question": "SELECT SUM(total) AS total FROM asientos"}, headers={"X-Company": str(books.other.pk)}
    ).json()
    assert theirs["rows"] == [["7777777.77"]]
    assert theirs["rows"][0] not in ask(teacher_api, "SELECT total FROM asientos")["rows"]
