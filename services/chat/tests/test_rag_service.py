"""The functions over the one service, as other programs call them."""

from __future__ import annotations

import pytest

from services.chat import rag_service
from services.chat.config import ChatConfig
from services.llm_gateway import get_gateway
from tests.llm_server import LLMServer

QUESTION = "¿Cuándo se debita Mercaderías?"


@pytest.fixture
def service(root, documents, monkeypatch):
    """The service over three documents, with no model."""
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "LOCAL_BASE_URL"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("LOCAL_MODEL_PATH", "absent.gguf")
    rag_service.configure(ChatConfig(index_dir=root, dense=False), documents=lambda: documents)
    yield rag_service
    rag_service.configure()
    get_gateway().shutdown()


@pytest.fixture
def llm(service, monkeypatch):
    """A model behind the OpenAI dialect."""
    with LLMServer() as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-a")
        monkeypatch.setenv("OPENAI_BASE_URL", server.openai())
        get_gateway().shutdown()
        yield server


def test_a_question_makes_the_index_and_is_answered(service):
    answer = service.query(QUESTION)

    assert answer.keys() >= {"answer", "sources", "context_used", "streaming"}
    assert "Se debita por las compras" in answer["answer"]
    assert answer["sources"][0]["name"] == "cuentas.md"
    assert not answer["streaming"]
    assert service.get_stats() == {"total_vectors": 4, "total_documents": 3, "embedding_dimension": 384}


def test_without_a_model_a_stream_is_one_piece(service):
    answer = service.query(QUESTION, stream=True)

    assert answer["streaming"]
    assert list(answer["answer"]) == [service.query(QUESTION)["answer"]]


def test_with_a_model_a_stream_has_its_words_and_the_passages_it_was_given(llm, service):
    llm.text = "Se debita por las compras [1]."
    answer = service.query(QUESTION, stream=True)

    assert answer["context_used"]
    assert "debita" in answer["sources"][0]["quote"]
    assert "".join(answer["answer"]) == llm.text
    assert len(llm.received) == 1


def test_a_request_can_be_cancelled_by_its_id(llm, service):
    llm.always("openai", "loop")
    pieces = service.query(QUESTION, request_id="r-7", stream=True)["answer"]
    next(pieces)

    assert not service.cancel_request("otra")
    assert service.cancel_request("r-7")
    with pytest.raises(Exception, match=r".") as stopped:
        list(pieces)
    assert stopped.value.code == "cancelled"
    assert llm.wait_for(lambda: llm.received[0].closed_at is not None)


def test_a_companys_documents_are_its_own(service):
    question = "¿Cuánto se archivan las facturas?"

    assert "diez años" in service.query(question, owner=7)["answer"]
    assert "diez años" not in service.query(question)["answer"]


def test_a_changed_document_makes_the_index_stale(service, documents):
    service.initialize()
    assert service.is_fresh()

    documents.pop()

    assert not service.is_fresh()
    assert service.rebuild_index()["total_documents"] == 2
    assert service.is_fresh()
