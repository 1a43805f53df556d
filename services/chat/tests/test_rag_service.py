"""The functions over the one service, as other programs call them."""

from __future__ import annotations

from unittest.mock import Mock, patch

import pytest

from services.chat import embedders, index, rag_service
from services.chat.config import ChatConfig
from services.chat.documents import Document
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


@pytest.mark.parametrize("damage", [
    lambda root: (root / "current").write_text("garabatos"),
    lambda root: (root / (root / "current").read_text().strip() / "words.impacts.npy").unlink(),
], ids=["pointer", "file"])
def test_an_index_that_is_damaged_is_made_anew(service, root, documents, damage):
    service.initialize()
    service.rebuild_index()
    damage(root)
    service.configure(ChatConfig(index_dir=root, dense=False), documents=lambda: documents)

    assert not service.is_fresh()
    service.rebuild_index()
    assert service.is_fresh()


@pytest.mark.parametrize("changed", [{"chunk_size": 200}, {"chunk_overlap": 0}], ids=["size", "overlap"])
def test_passages_of_another_size_or_overlap_make_the_index_stale(service, root, documents, changed):
    service.initialize()

    service.configure(ChatConfig(index_dir=root, dense=False, **changed), documents=lambda: documents)

    assert not service.is_fresh()
    service.rebuild_index()
    assert service.is_fresh()


def test_vectors_are_added_to_an_index_that_stays_fresh(service, root, letters):
    service.initialize()
    with index.embedding(root):
        index.add_vectors(root, letters.passages)

    assert service.get_stats()["total_vectors"] == 4
    assert index.load(root).manifest.has_vectors
    assert service.is_fresh()


def test_the_generation_that_is_held_answers_where_no_newer_one_can_be_read(service, root, documents):
    service.initialize()
    service.query(QUESTION)
    with index.building(root):
        newer = index.build(root, [*documents, Document("nuevo.md", "Un texto.")], size=500, overlap=50)
    for folder in (root / "000001", newer.folder):
        (folder / "manifest.json").write_text("{}")

    assert "Se debita por las compras" in service.query(QUESTION)["answer"]
    assert service.is_available()

    (root / "current").unlink()
    assert "Se debita por las compras" in service.query(QUESTION)["answer"]
    with pytest.raises(index.IndexMissing):
        index.load(root)


def test_a_damaged_generation_is_not_read_again_at_every_question(service, root, documents, monkeypatch):
    service.initialize()
    service.query(QUESTION)
    with index.building(root):
        newer = index.build(root, documents, size=500, overlap=50)
    (newer.folder / "spans.npy").write_bytes(b"")
    loads = Mock(side_effect=index.load)
    monkeypatch.setattr(index, "load", loads)

    for _time in range(3):
        service.query(QUESTION)

    assert loads.call_count == 1


def test_vectors_that_are_damaged_after_loading_are_done_without(service, root, generation, letters):
    with index.embedding(root):
        dense = index.add_vectors(root, letters.passages, embedder=letters.identity)
    (dense.folder / "vectors.faiss").write_bytes(b"")
    rag_service.configure(ChatConfig(index_dir=root))

    with patch.object(embedders, "make_embedder", return_value=letters):
        assert rag_service.meaning(dense, "qwerty") is None


def test_an_answer_that_was_cut_off_loses_the_sentence_it_was_cut_in(llm, service, root, documents):
    service.configure(ChatConfig(index_dir=root, dense=False, max_tokens=14), documents=lambda: documents)
    llm.text = "Mercaderías se debita por las compras [1]. Se debita por las devoluciones de clientes y de nadie [1]."

    assert service.query(QUESTION)["answer"] == "Mercaderías se debita por las compras. [1]"
