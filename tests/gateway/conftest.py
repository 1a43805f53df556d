"""Fixtures of the tests that talk over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.llm_server import LLMServer


@pytest.fixture
def server() -> Iterator[LLMServer]:
    """A fresh server of the three wire formats."""
    with LLMServer() as running:
        yield running
