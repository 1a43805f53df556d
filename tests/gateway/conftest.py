"""Fixtures of the tests that talk over real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.llm_gateway.config import GatewayConfig
from services.llm_gateway.gateway import LLMGateway
from tests.llm_server import LLMServer
from tests.tiny_gguf import build

KEYS = {
    "OPENAI_API_KEY": "sk-canary-openai-0123456789",
    "ANTHROPIC_API_KEY": "sk-ant-canary-0123456789",
    "GOOGLE_API_KEY": "AIzaCanaryGoogle0123456789",
}


@pytest.fixture
def server() -> Iterator[LLMServer]:
    """A fresh server of the three wire formats."""
    with LLMServer() as running:
        yield running


@pytest.fixture
def remote(server: LLMServer) -> dict[str, str]:
    """The environment in which the three vendors are the test server."""
    return KEYS | {
        "OPENAI_BASE_URL": server.openai(),
        "ANTHROPIC_BASE_URL": server.anthropic(),
        "GOOGLE_BASE_URL": server.google(),
        "LOCAL_MODEL_PATH": "/nowhere/none.gguf",
    }


@pytest.fixture
def make_gateway() -> Iterator[Callable[..., LLMGateway]]:
    """Make gateways from an environment; they are shut down after the test."""
    made: list[LLMGateway] = []

    def make(environ: dict[str, str], **more: Any) -> LLMGateway:
        made.append(LLMGateway(GatewayConfig.from_environment(environ), **more))
        return made[-1]

    yield make
    for gateway in made:
        gateway.shutdown()


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tiny models: `sentence`, `loop`, `q3_k_s`, and three that cannot be loaded."""
    folder = tmp_path_factory.mktemp("gguf")
    models = {
        "sentence": build(folder / "sentence.gguf"),
        "loop": build(folder / "loop.gguf", loop=True),
        "q3_k_s": build(folder / "q3_k_s.gguf", quantised=True),
        "truncated": folder / "truncated.gguf",
        "wrong": folder / "wrong.gguf",
        "absent": folder / "absent.gguf",
    }
    models["truncated"].write_bytes(models["sentence"].read_bytes()[:400_000])
    models["wrong"].write_bytes(b"PK\x03\x04 this is an archive")
    return models
