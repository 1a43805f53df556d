"""The vendors' own clients behind one face: the oracles of what the wire formats are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import anthropic
import httpx2
import openai
from google import genai
from google.genai import errors as google_errors

from tests.gateway.questions import SYSTEM, USER
from tests.llm_server import LLMServer

MODELS = {"openai": "gpt-4o-mini", "anthropic": "claude-3-5-haiku-20241022", "google": "gemini-2.0-flash-exp"}
TIMEOUT_S = 0.5
@dataclass(frozen=True)
class Said:
    """An answer as an SDK reports it."""

    text: str
    finish: str | None
    prompt_tokens: int | None
    completion_tokens: int | None


@dataclass(frozen=True)
class Sdk:
    """One vendor's client: `ask(server, behaviour)` and `stream(server, behaviour)`, and the classes of its errors."""

    ask: Callable[..., Said]
    stream: Callable[..., Said]
    models: Callable[[LLMServer], list[str]]
    errors: dict[str, type[Exception]]


def where(behaviour: str) -> tuple[str, ...]:
    """The URL segments of a behaviour."""
    return (f"fault/{behaviour}",) if behaviour else ()


def plain() -> httpx2.Client:
    """A client that loads no certificates: that would take longer than the tests."""
    return httpx2.Client(verify=False)


# --- OpenAI -----------------------------------------------------------------------------------------------------------


def _openai(server: LLMServer, behaviour: str) -> openai.OpenAI:
    base_url = server.openai(*where(behaviour))
    return openai.OpenAI(api_key="sk-test", base_url=base_url, max_retries=0, timeout=TIMEOUT_S, http_client=plain())


def openai_arguments(**more: Any) -> dict[str, Any]:
    messages = [{"role": "system", "content": SYSTEM}, {"role": "user", "content": USER}]
    return {"model": MODELS["openai"], "messages": messages, "max_tokens": 300, **more}


def ask_openai(server: LLMServer, behaviour: str = "", **more: Any) -> Said:
    with _openai(server, behaviour) as client:
        got = client.chat.completions.create(**openai_arguments(**more))
    choice, usage = got.choices[0], got.usage
    return Said(choice.message.content or "", choice.finish_reason, usage.prompt_tokens, usage.completion_tokens)


def stream_openai(server: LLMServer, behaviour: str = "", **more: Any) -> Said:
    text, finish, usage = "", None, None
    arguments = openai_arguments(stream=True, stream_options={"include_usage": True}, **more)
    with _openai(server, behaviour) as client:
        for chunk in client.chat.completions.create(**arguments):
            usage = chunk.usage or usage
            for choice in chunk.choices:
                text += choice.delta.content or ""
                finish = choice.finish_reason or finish
    return Said(text, finish, usage and usage.prompt_tokens, usage and usage.completion_tokens)


# --- Anthropic --------------------------------------------------------------------------------------------------------


def _anthropic(server: LLMServer, behaviour: str) -> anthropic.Anthropic:
    base_url = server.anthropic(*where(behaviour))
    return anthropic.Anthropic(
        api_key="sk-ant-test", base_url=base_url, max_retries=0, timeout=TIMEOUT_S, http_client=plain()
    )


def anthropic_arguments(**more: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": USER}]
    return {"model": MODELS["anthropic"], "system": SYSTEM, "messages": messages, "max_tokens": 300, **more}


def ask_anthropic(server: LLMServer, behaviour: str = "", **more: Any) -> Said:
    with _anthropic(server, behaviour) as client:
        return _said_by_anthropic(client.messages.create(**anthropic_arguments(**more)))


def stream_anthropic(server: LLMServer, behaviour: str = "", **more: Any) -> Said:
    with _anthropic(server, behaviour) as client, client.messages.stream(**anthropic_arguments(**more)) as stream:
        return _said_by_anthropic(stream.get_final_message())


def _said_by_anthropic(message: anthropic.types.Message) -> Said:
    text = "".join(block.text for block in message.content if block.type == "text")
    return Said(text, message.stop_reason, message.usage.input_tokens, message.usage.output_tokens)


# --- Google -----------------------------------------------------------------------------------------------------------


def _google(server: LLMServer, behaviour: str) -> genai.Client:
    options = {"base_url": server.google(*where(behaviour)), "timeout": int(TIMEOUT_S * 1000), "httpx_client": plain()}
    return genai.Client(api_key="AIza-test", http_options=options)


def google_arguments(**more: Any) -> dict[str, Any]:
    config = {"system_instruction": SYSTEM, "max_output_tokens": 300, **more}
    return {"model": MODELS["google"], "contents": USER, "config": config}


def ask_google(server: LLMServer, behaviour: str = "", **more: Any) -> Said:
    with _google(server, behaviour) as client:
        return _said_by_google(iter([client.models.generate_content(**google_arguments(**more))]))


def stream_google(server: LLMServer, behaviour: str = "", **more: Any) -> Said:
    with _google(server, behaviour) as client:
        return _said_by_google(client.models.generate_content_stream(**google_arguments(**more)))


def list_google(server: LLMServer) -> list[str]:
    with _google(server, "") as client:
        return [model.name for model in client.models.list()]


def _said_by_google(parts: Iterator[Any]) -> Said:
    text, finish, usage = "", None, None
    for part in parts:
        text += part.text or ""
        for candidate in part.candidates or ():
            finish = candidate.finish_reason.value if candidate.finish_reason else finish
        usage = part.usage_metadata or usage
    return Said(text, finish, usage and usage.prompt_token_count, usage and usage.candidates_token_count)


SDKS = {
    "openai": Sdk(
        ask_openai, stream_openai,
        lambda server: [model.id for model in _openai(server, "").models.list()],
        {
            "401": openai.AuthenticationError, "403": openai.PermissionDeniedError, "404": openai.NotFoundError,
            "400": openai.BadRequestError, "context": openai.BadRequestError, "429": openai.RateLimitError,
            "quota": openai.RateLimitError, "500": openai.InternalServerError, "503": openai.InternalServerError,
            "529": openai.InternalServerError, "hang": openai.APITimeoutError, "reset": openai.APIConnectionError,
        },
    ),
    "anthropic": Sdk(
        ask_anthropic, stream_anthropic,
        lambda server: [model.id for model in _anthropic(server, "").models.list()],
        {
            "401": anthropic.AuthenticationError, "403": anthropic.PermissionDeniedError,
            "404": anthropic.NotFoundError, "400": anthropic.BadRequestError, "context": anthropic.BadRequestError,
            "429": anthropic.RateLimitError, "quota": anthropic.BadRequestError,
            "500": anthropic.InternalServerError, "503": anthropic.InternalServerError,
            "529": anthropic.InternalServerError, "hang": anthropic.APITimeoutError,
            "reset": anthropic.APIConnectionError,
        },
    ),
    "google": Sdk(
        ask_google, stream_google,
        list_google,
        {
            "401": google_errors.ClientError, "403": google_errors.ClientError, "404": google_errors.ClientError,
            "400": google_errors.ClientError, "context": google_errors.ClientError, "429": google_errors.ClientError,
            "quota": google_errors.ClientError, "500": google_errors.ServerError, "503": google_errors.ServerError,
        },
    ),
}
