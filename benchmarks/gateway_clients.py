"""The clients under measurement, behind one face: import, construction, a call, a stream.

Nothing is imported before a client is made, so that a process measures only what it asked for.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any, Protocol

PROMPT = "¿Qué es la partida doble?"
MODEL = "gpt-4o-mini"
TIMEOUT_S = 1.0
KEY = "sk-benchmark"


class Client(Protocol):
    """What is measured. `primary` and `second` are base URLs; a client without fallback ignores the second."""

    def __init__(self, primary: str, second: str) -> None: ...
    def ask(self) -> str: ...
    def stream(self) -> Iterator[str]: ...
    def close(self) -> None: ...


def body(*, stream: bool) -> dict[str, Any]:
    """The request that all of them send."""
    asked = {"model": MODEL, "messages": [{"role": "user", "content": PROMPT}], "max_tokens": 512}
    return asked | ({"stream": True, "stream_options": {"include_usage": True}} if stream else {})


class Bare:
    """One pooled httpx2 client: what any library over it pays at least."""

    def __init__(self, primary: str, _second: str) -> None:
        import httpx2

        self._client = httpx2.Client(base_url=primary, headers={"authorization": f"Bearer {KEY}"}, timeout=TIMEOUT_S)

    def ask(self) -> str:
        answer = self._client.post("/chat/completions", json=body(stream=False)).json()
        return answer["choices"][0]["message"]["content"]

    def stream(self) -> Iterator[str]:
        with self._client.stream("POST", "/chat/completions", json=body(stream=True)) as response:
            for line in response.iter_lines():
                if line.startswith("data: {"):
                    for choice in json.loads(line[6:])["choices"]:
                        if text := choice["delta"].get("content"):
                            yield text

    def close(self) -> None:
        self._client.close()


class Ours:
    """The gateway: OpenAI's dialect first, then a compatible server."""

    def __init__(self, primary: str, second: str) -> None:
        from services.llm_gateway import GatewayConfig, LLMGateway

        self._gateway = LLMGateway(GatewayConfig.from_environment({
            "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": primary, "LOCAL_BASE_URL": second, "LOCAL_MODEL": MODEL,
            "LOCAL_API_KEY": KEY,
            "LLM_FIRST_TOKEN_S": str(TIMEOUT_S), "LLM_IDLE_S": str(TIMEOUT_S),
        }))

    def ask(self) -> str:
        return self._gateway.generate(PROMPT)

    def stream(self) -> Iterator[str]:
        return self._gateway.generate(PROMPT, stream=True)

    def close(self) -> None:
        self._gateway.shutdown()


class OpenAISdk:
    """The vendor's SDK; it has retries and no fallback, so it is given none of either."""

    def __init__(self, primary: str, _second: str) -> None:
        import openai

        self._client = openai.OpenAI(api_key=KEY, base_url=primary, max_retries=0, timeout=TIMEOUT_S)

    def ask(self) -> str:
        return self._client.chat.completions.create(**body(stream=False)).choices[0].message.content

    def stream(self) -> Iterator[str]:
        with self._client.chat.completions.create(**body(stream=True)) as chunks:
            for chunk in chunks:
                for choice in chunk.choices:
                    if choice.delta.content:
                        yield choice.delta.content

    def close(self) -> None:
        self._client.close()


class LiteLLM:
    """LiteLLM's Router with a fallback, no retries in place, and no price list from the network."""

    def __init__(self, primary: str, second: str) -> None:
        os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
        import litellm

        litellm.suppress_debug_info = True
        litellm.telemetry = False
        self._router = litellm.Router(
            model_list=[
                {"model_name": name, "litellm_params": {"model": f"openai/{MODEL}", "api_base": url, "api_key": KEY}}
                for name, url in (("primary", primary), ("second", second))
            ],
            fallbacks=[{"primary": ["second"]}], num_retries=0, timeout=TIMEOUT_S,
        )

    def _completion(self, *, stream: bool) -> Any:
        return self._router.completion(**body(stream=stream) | {"model": "primary"})

    def ask(self) -> str:
        return self._completion(stream=False).choices[0].message.content

    def stream(self) -> Iterator[str]:
        for chunk in self._completion(stream=True):
            for choice in chunk.choices:
                if choice.delta.content:
                    yield choice.delta.content

    def close(self) -> None:
        pass


CLIENTS: dict[str, type[Client]] = {"bare": Bare, "ours": Ours, "openai SDK": OpenAISdk, "LiteLLM Router": LiteLLM}
