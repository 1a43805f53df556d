"""The status over the API."""

from __future__ import annotations

import pytest

from apps.llm.models import LlmUsage
from services.llm_gateway import get_gateway
from tests.llm_server import DEFAULT_TEXT, LLMServer

PATH = "/api/llm/status/"


@pytest.fixture
def server(monkeypatch):
    """OpenAI at the test server, nobody else."""
    with LLMServer() as running:
        for name in ("ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "LOCAL_BASE_URL", "OPENAI_MODEL"):
            monkeypatch.setenv(name, "")
        monkeypatch.setenv("LOCAL_MODEL_PATH", "absent.gguf")
        monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-0123456789")
        monkeypatch.setenv("OPENAI_BASE_URL", running.openai())
        get_gateway().shutdown()
        yield running
        get_gateway().shutdown()


def row(answer, provider):
    return next(row for row in answer.json()["providers"] if row["provider"] == provider)


def test_every_provider_is_listed_in_peoples_words(server, teacher_api):
    answer = teacher_api.get(PATH)

    body = answer.json()
    assert (body["total_providers"], body["available_providers"]) == (4, 1)
    assert [one["provider"] for one in body["providers"]] == ["openai", "anthropic", "google", "local"]
    assert (row(answer, "openai")["status"], row(answer, "openai")["error_message"]) == ("available", None)
    assert (row(answer, "google")["status"], row(answer, "google")["reason"]) == ("unavailable", "no_key")
    assert row(answer, "local")["reason"] == "no_model_file"
    assert "canary" not in answer.content.decode()
    assert server.received == []


def test_a_failing_provider_says_what_is_wrong(server, teacher_api):
    server.queue("openai", "401")
    with pytest.raises(Exception, match="No provider"):
        get_gateway().generate_simple("hola")

    found = row(teacher_api.get(PATH), "openai")

    assert (found["status"], found["reason"]) == ("error", "auth_failed")
    assert found["breaker"]["state"] == "open"
    assert "Incorrect API key" in found["detail"]
    assert "canary" not in found["detail"]


def test_what_users_used_today_is_summed(server, teacher_api, teacher, student, settings):
    settings.LLM_TOKENS_PER_USER_DAY = 1000
    settings.LLM_CENTS_PER_USER_DAY = 0
    for user in (teacher, student):
        assert get_gateway().complete("hola", max_tokens=100, user=str(user.pk)).text == DEFAULT_TEXT

    today = teacher_api.get(PATH).json()["today"]

    assert (today["users"], today["calls"]) == (2, 2)
    assert today["tokens"] == 2 * LlmUsage.objects.get(user=student).tokens > 0
    assert today["cost_usd"] > 0
    assert (today["tokens_per_user_max"], today["cost_usd_per_user_max"]) == (1000, None)


def test_a_setting_that_makes_no_sense_is_an_answer_and_not_a_crash(server, teacher_api, monkeypatch):
    get_gateway().shutdown()
    with monkeypatch.context() as patched:
        patched.setenv("LLM_DEADLINE_S", "soon")
        answer = teacher_api.get(PATH)

    assert (answer.status_code, answer.json()["code"]) == (503, "llm_misconfigured")


def test_the_status_costs_one_query_of_the_rooms_own(server, teacher_api, django_assert_max_num_queries):
    teacher_api.get(PATH)
    with django_assert_max_num_queries(3):
        teacher_api.get(PATH)
