"""A small library, indexed once, and a model server on request."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.chat.service import assistant
from services.chat import index
from services.chat.rag_service import folder_documents
from services.llm_gateway import get_gateway
from tests.llm_server import LLMServer

CUENTAS = """# Manual de cuentas

## Mercaderías

Representa los bienes comprados para ser vendidos. Se debita por las compras y las devoluciones de clientes.
Se acredita por el costo de lo vendido. Su saldo es deudor.
"""
IVA = """# IVA

La alícuota general del IVA es del 21 %. La alícuota reducida es del 10,5 %.
"""


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `data` and the `index` made of it."""
    shelf = tmp_path_factory.mktemp("shelf")
    (shelf / "data").mkdir()
    (shelf / "data" / "cuentas.md").write_text(CUENTAS, encoding="utf-8")
    (shelf / "data" / "iva.txt").write_text(IVA, encoding="utf-8")
    with index.building(shelf / "index"):
        index.build(shelf / "index", folder_documents(shelf / "data"), size=500, overlap=50)
    return shelf


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start and end without any model configured."""
    for name in ("OPENAI", "ANTHROPIC", "GOOGLE"):
        monkeypatch.setenv(f"{name}_API_KEY", "")
    monkeypatch.setenv("LOCAL_BASE_URL", "")
    monkeypatch.setenv("LOCAL_MODEL_PATH", "absent.gguf")
    yield
    get_gateway().shutdown()


@pytest.fixture
def bare(tmp_path: Path, shelf: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The assistant with documents and no index yet; returns where the index will be."""
    monkeypatch.setenv("CHAT_DATA_DIR", str(shelf / "data"))
    monkeypatch.setenv("CHAT_DENSE", "0")
    settings.CHAT_INDEX_DIR = tmp_path / "index"
    assistant.cache_clear()
    yield settings.CHAT_INDEX_DIR
    assistant.cache_clear()


@pytest.fixture
def indexed(bare: Path, shelf: Path) -> Path:
    """The assistant ready to answer."""
    shutil.copytree(shelf / "index", bare)
    return bare


@pytest.fixture
def llm(monkeypatch: pytest.MonkeyPatch) -> Iterator[LLMServer]:
    """A model behind the OpenAI dialect."""
    with LLMServer() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")
        monkeypatch.setenv("OPENAI_BASE_URL", server.openai())
        get_gateway().shutdown()
        yield server
