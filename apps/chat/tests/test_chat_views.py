"""Asking the documents over the API."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.conf import settings

from apps.chat.models import ChatQuery, ChatQuota, IndexStatus
from apps.chat.running import Running, stop
from apps.chat.serializers import AnswerSerializer

pytestmark = pytest.mark.django_db

QUESTION = {"question": "¿Cuándo se debita Mercaderías?"}
GOOD = "Mercaderías se debita por las compras [1]."


def ask(api, **body):
    return api.post("/api/chat/query/", QUESTION | body, format="json")


def events_of(response):
    async def collect():
        return [chunk async for chunk in response.streaming_content]

    text = b"".join(async_to_sync(collect)()).decode()
    blocks = [block.split("\n") for block in text.split("\n\n") if block.startswith("event:")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


# --- Without a model ----------------------------------------------------------------------------------


def test_without_a_model_sentences_are_quoted_with_their_sources(indexed, student_api, student):
    answer = ask(student_api, request_id="mi-pregunta").json()

    assert answer.keys() == AnswerSerializer().fields.keys()
    assert "Se debita por las compras y las devoluciones de clientes. [1]" in answer["answer"]
    assert (answer["provider"], answer["context_used"], answer["grounded"]) == ("extractivo", True, True)
    assert answer["request_id"] == "mi-pregunta"
    source = answer["sources"][0]
    assert (source["name"], source["heading"]) == ("cuentas.md", "Manual de cuentas > Mercaderías")
    assert 0 < source["similarity"] <= 1
    query = ChatQuery.objects.get(pk=answer["query_id"])
    assert (query.user, query.company_id, query.question) == (student, student.company_id, QUESTION["question"])


def test_what_the_documents_do_not_hold_is_said(indexed, student_api):
    answer = ask(student_api, question="¿Quién ganó el mundial de fútbol de 2022?").json()

    assert answer["answer"].startswith("No está en los documentos")
    assert (answer["context_used"], answer["sources"]) == (False, [])


def test_a_follow_up_is_understood(indexed, student_api):
    first = ask(student_api).json()

    second = ask(student_api, question="¿y al revés?", conversation_id=first["conversation_id"]).json()

    assert "Se acredita por el costo de lo vendido" in second["answer"]
    assert second["conversation_id"] == first["conversation_id"]


def test_another_users_conversation_lends_nothing(indexed, student_api, teacher_api):
    first = ask(teacher_api).json()

    second = ask(student_api, question="¿y al revés?", conversation_id=first["conversation_id"]).json()

    assert (second["context_used"], second["sources"]) == (False, [])


@pytest.mark.parametrize(
    "body",
    [{"question": ""}, {"question": "  ab "}, {"question": "x" * 2001}, {"question": None}, {"question": ["a"]},
     {"question": "nul\0nul"}, {"request_id": "con espacio"}, {"request_id": "x" * 65}, {"conversation_id": "7"},
     {"stream": "quizás"}],
)
def test_a_bad_question_is_400(indexed, student_api, body):
    assert ask(student_api, **body).status_code == 400
    assert ChatQuery.objects.count() == 0


def test_before_the_first_index_the_answer_is_503(bare, student_api):
    answer = ask(student_api)

    assert answer.status_code == 503
    assert answer.json()["error"]
    assert (answer.json()["is_rebuilding"], answer.json()["is_available"]) == (False, False)


def test_a_day_has_so_many_questions(indexed, student_api, settings):
    settings.CHAT_QUESTIONS_PER_DAY = 1
    ask(student_api)

    refused = ask(student_api)

    assert (refused.status_code, refused.json()["code"]) == (429, "chat_quota_exceeded")
    assert 0 < int(refused.headers["Retry-After"]) <= 24 * 3600 + 1


def test_of_questions_at_once_no_more_are_answered_than_a_day_has(indexed, as_user, student, settings, at_once):
    settings.CHAT_QUESTIONS_PER_DAY = 3
    ask(as_user(student))  # the index is loaded

    answers = at_once([lambda: ask(as_user(student)).status_code] * 10)

    assert sorted(answers) == [200] * 2 + [429] * 8
    assert ChatQuery.objects.count() == 3


def test_a_new_day_has_all_its_questions(indexed, student_api, student, settings):
    settings.CHAT_QUESTIONS_PER_DAY = 1
    ask(student_api)
    ChatQuota.objects.update(day=dt.date(2020, 1, 1))

    assert ask(student_api).status_code == 200
    assert ask(student_api).status_code == 429


@pytest.mark.parametrize("stream", [False, True])
def test_a_question_that_was_not_answered_is_given_back(indexed, student_api, student, settings, stream):
    settings.CHAT_QUESTIONS_PER_DAY = 1
    with Running("corre", student):
        refused = ask(student_api, request_id="corre", stream=stream)
        if stream:
            assert events_of(refused)[-1][0] == "error"

    assert ChatQuota.objects.get().asked == 0
    assert ask(student_api).status_code == 200


def test_without_an_index_no_question_is_used_up(bare, student_api):
    ask(student_api)

    assert ChatQuota.objects.get().asked == 0


def test_a_citation_opens_the_exact_place(indexed, student_api, shelf):
    source = ask(student_api).json()["sources"][0]
    place = student_api.get("/api/chat/passage/", {"chunk_id": source["chunk_id"]}).json()
    document = (shelf / "data" / "cuentas.md").read_text(encoding="utf-8")

    assert (place["name"], place["heading"]) == ("cuentas.md", "Manual de cuentas > Mercaderías")
    assert document[place["start"] : place["end"]] == place["text"]
    assert source["quote"] in place["text"].replace("\n", " ")
    assert place["before"].endswith("## Mercaderías\n\n")
    assert document.startswith(place["before"] + place["text"])


@pytest.mark.parametrize(
    ("chunk_id", "status"), [("0" * 16 + ":0-5", 404), ("", 400), ("x", 400), ("0" * 16 + ":5-" + "9" * 10, 400)]
)
def test_a_place_that_is_not_there(indexed, student_api, chunk_id, status):
    assert student_api.get("/api/chat/passage/", {"chunk_id": chunk_id}).status_code == status


# --- With a model ---------------------------------------------------------------------------------------


def test_a_model_writes_and_is_held_to_the_passages(indexed, llm, student_api):
    llm.text = f"{GOOD} Fue fundada en 1890 [1]."

    answer = ask(student_api).json()

    assert answer["answer"] == "Mercaderías se debita por las compras. [1]"
    assert (answer["provider"], answer["grounded"]) == ("openai", False)


def test_the_same_question_is_not_paid_twice(indexed, llm, student_api, teacher_api):
    llm.text = GOOD

    answers = [ask(api).json()["answer"] for api in (student_api, student_api, teacher_api)]

    assert len(set(answers)) == 1
    assert len(llm.received) == 1


@pytest.mark.parametrize("fault", ["500", "401", "quota", "html", "empty", "truncated"])
def test_when_no_model_answers_the_sentences_are_quoted(indexed, llm, student_api, fault):
    llm.always("openai", fault)

    answer = ask(student_api)

    assert answer.status_code == 200
    assert answer.json()["provider"] == "extractivo"


def test_nothing_found_asks_no_model(indexed, llm, student_api):
    ask(student_api, question="¿Quién ganó el mundial de fútbol de 2022?")

    assert llm.received == []


# --- Streams --------------------------------------------------------------------------------------------


def test_a_stream_tells_tokens_and_ends_with_the_whole(indexed, llm, student_api):
    llm.text = GOOD

    told = events_of(ask(student_api, stream=True, request_id="r-1"))

    names = [name for name, _data in told]
    assert names[0] == "meta"
    assert set(names[1:-1]) == {"token"}
    assert names[-1] == "done"
    assert told[0][1]["request_id"] == "r-1"
    assert "".join(data["text"] for name, data in told if name == "token") == GOOD
    assert told[-1][1].keys() == AnswerSerializer().fields.keys()
    assert ChatQuery.objects.get(pk=told[-1][1]["query_id"]).provider == "openai"


def test_a_stream_may_be_asked_for_by_the_header(indexed, student_api):
    response = student_api.post("/api/chat/query/", QUESTION, format="json", headers={"Accept": "text/event-stream"})

    assert response.headers["Content-Type"].startswith("text/event-stream")
    assert [name for name, _data in events_of(response)] == ["meta", "token", "done"]
    refused = student_api.post("/api/chat/query/", {"question": ""}, headers={"Accept": "text/event-stream"})
    assert refused.status_code == 400


def test_a_stream_that_breaks_off_says_so(indexed, llm, student_api):
    llm.always("openai", "truncated")

    told = events_of(ask(student_api, stream=True))

    assert [name for name, _data in told][-1] in {"error", "done"}
    assert sum(name in {"done", "cancelled", "error"} for name, _data in told) == 1


def test_a_stream_without_a_model_that_answers_is_quoted(indexed, llm, student_api):
    llm.always("openai", "500")

    told = events_of(ask(student_api, stream=True))

    assert told[-1][0] == "done"
    assert told[-1][1]["provider"] == "extractivo"


# --- Cancelling -----------------------------------------------------------------------------------------


def test_only_ones_own_running_request_can_be_stopped(indexed, student_api, teacher_api, student):
    def cancel(api, name):
        return api.post("/api/chat/cancel/", {"request_id": name}).status_code

    assert cancel(student_api, "nadie") == 404
    with Running("corre", student) as running:
        assert cancel(teacher_api, "corre") == 404
        assert not running.is_stopped
        assert cancel(student_api, "corre") == 200
        assert running.is_stopped
        assert ask(student_api, request_id="corre").json()["code"] == "request_running"
    assert cancel(student_api, "corre") == 404
    assert cancel(student_api, "") == 400
    assert cancel(student_api, "con espacios y ñ \x7f") == 404


def test_two_users_may_use_the_same_id_at_once(indexed, student_api, teacher_api, student):
    with Running("uno", student):
        assert ask(teacher_api, request_id="uno").status_code == 200


def test_a_late_order_to_stop_does_not_stop_the_next(student):
    with Running("otra", student) as first:
        stop("otra", acting_user=student)
        assert first.is_stopped
    with Running("otra", student) as second:
        assert not second.is_stopped


def test_a_stopped_stream_ends_with_cancelled(indexed, llm, student_api, student, settings):
    llm.always("openai", "loop")
    response = ask(student_api, stream=True, request_id="para")

    async def read():
        told = []
        async for chunk in response.streaming_content:
            told.append(chunk.decode())
            if len(told) == 5:
                await sync_to_async(stop)("para", acting_user=student)
        return told

    told = async_to_sync(read)()

    assert told[-1].startswith("event: cancelled")
    assert ChatQuery.objects.count() == 0
    assert ChatQuota.objects.get().asked == 1  # the model was asked


# --- Status and rebuilding ---------------------------------------------------------------------------------


def test_status(indexed, student_api):
    assert student_api.get("/api/chat/status/").json() == {
        "status_id": 1, "is_available": True, "is_rebuilding": False, "last_rebuild": None, "total_vectors": 2,
        "total_documents": 2, "rebuild_by": None, "rebuild_by_name": None, "progress": 0, "has_vectors": False,
    }


def test_status_before_the_first_index(bare, student_api):
    told = student_api.get("/api/chat/status/").json()

    assert (told["is_available"], told["total_vectors"], told["total_documents"]) == (False, 0, 0)


def test_status_is_of_the_index_that_answers(indexed, student_api):
    shutil.copytree(indexed / "000001", indexed / "000002")
    (indexed / "000002" / "documents.json").write_text("[]")
    (indexed / "current").write_text("000002")

    assert student_api.get("/api/chat/status/").json()["total_documents"] == 2
    assert "debita" in ask(student_api).json()["answer"]


def test_status_loads_neither_the_index_nor_numpy(indexed, shelf):
    script = """
import django, sys
from pathlib import Path
from django.conf import settings
django.setup()
settings.CHAT_INDEX_DIR = Path(sys.argv[1])
from apps.chat import queries
queries.index_row = queries.IndexStatus
told = queries.status()
print(told.is_available, told.total_documents, queries.has_index())
print({"numpy", "services.chat.rag_service"} & set(sys.modules))
"""
    said = subprocess.run(
        [sys.executable, "-c", script, str(indexed)], cwd=settings.BASE_DIR, check=True, capture_output=True, text=True,
        env={
            **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "SECRET_KEY": "x" * 60, "CHAT_DENSE": "",
            "DATA_DIR": str(shelf),
        },
    )
    assert said.stdout.splitlines() == ["True 2 True", "set()"]


def test_rebuilding_needs_rol_0_and_confirmation(indexed, student_api, teacher_api):
    assert student_api.post("/api/chat/rebuild/", {"confirm": True}).status_code == 403
    assert teacher_api.post("/api/chat/rebuild/", {}).status_code == 400
    assert teacher_api.post("/api/chat/rebuild/", {"confirm": False}).status_code == 400
    assert not IndexStatus.objects.exclude(lease="").exists()


# --- History ----------------------------------------------------------------------------------------------


@pytest.fixture
def asked(indexed, student_api, teacher_api, classmate, as_user):
    return {
        "student": ask(student_api).json()["query_id"],
        "classmate": ask(as_user(classmate)).json()["query_id"],
        "teacher": ask(teacher_api, question="¿Cuál es la alícuota del IVA?").json()["query_id"],
    }


def test_a_student_reads_their_own_history_and_a_teacher_all(asked, student_api, teacher_api, student):
    def read(api, query=""):
        return {row["query_id"] for row in api.get(f"/api/chat/history/{query}").json()}

    assert read(student_api) == {asked["student"]}
    assert read(teacher_api) == set(asked.values())
    assert read(teacher_api, f"?user={student.pk}") == {asked["student"]}
    assert read(teacher_api, "?date_from=2999-01-01") == set()
    assert teacher_api.get("/api/chat/history/?date_to=ayer").status_code == 400
    assert student_api.get(f"/api/chat/history/{asked['teacher']}/").status_code == 404
    row = student_api.get(f"/api/chat/history/{asked['student']}/").json()
    assert (row["user_email"], row["question"], row["sources"][0]["name"]) == (
        student.email, QUESTION["question"], "cuentas.md",
    )


def test_feedback_is_kept(asked, student_api):
    path = f"/api/chat/history/{asked['student']}/feedback/"

    assert student_api.post(path, {"helpful": True, "comment": "¡Claro!"}).status_code == 200
    assert student_api.post(path, {}).status_code == 400
    assert student_api.post(f"/api/chat/history/{asked['teacher']}/feedback/", {"helpful": True}).status_code == 404
    query = ChatQuery.objects.get(pk=asked["student"])
    assert (query.helpful, query.comment) == (True, "¡Claro!")


def test_another_company_sees_nothing(asked, as_user, outsider):
    theirs = as_user(outsider)

    assert theirs.get("/api/chat/history/").json() == []
    assert theirs.get(f"/api/chat/history/{asked['student']}/").status_code == 404


def test_a_refusal_is_json_to_who_asked_for_a_stream(indexed, student_api, api_client):
    for client, question, status in ((student_api, "ab", 400), (api_client, "¿Qué es el IVA?", 401)):
        refused = client.post("/api/chat/query/", {"question": question}, headers={"accept": "text/event-stream"})

        assert (refused.status_code, refused["Content-Type"]) == (status, "application/json")
        assert refused.json()


def test_an_optional_id_may_be_null(indexed, student_api):
    answered = ask(student_api, request_id=None, conversation_id=None)

    assert answered.status_code == 200
    assert answered.json()["request_id"]
