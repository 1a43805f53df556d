"""The networks that turn texts into vectors: the multilingual one by default, others by configuration.

An index that another one made is not asked for dense evidence until it has been embedded anew.
"""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from services.chat.config import EMBEDDING_DIMENSION, ChatConfig
from services.chat.encoder import unit
from services.chat.meaning import Made, Scale, Told
from services.chat.minilm import TOKENS_MAX, MiniLM
from services.chat.multilingual import Multilingual
from services.chat.networks import (
    MINILM,
    MULTILINGUAL,
    NETWORKS,
    ModelMissing,
    chosen,
    onnx_identity,
    transformers_identity,
)
from services.chat.wordpiece import WordPiece

Floats = NDArray[np.float32]
ONNX_BATCH = 16


class TextEmbedder(Protocol):
    """Turns texts into unit vectors of 384 numbers; safe to share between threads."""

    identity: str
    scale: Scale

    def question(self, text: str) -> Floats:
        """Return a question's vector, float32[384]."""
        ...

    def passages(self, passages: Sequence[Told]) -> Made:
        """Return the vectors of passages and of their sentences."""
        ...


def make_embedder(config: ChatConfig) -> TextEmbedder:
    """Return the configured embedder, loaded; ModelMissing says what is not there and how to get it."""
    match chosen(config):
        case "onnxruntime":
            return OnnxEmbedder(config.model_dir)
        case "sentence-transformers":
            return TransformersEmbedder(str(config.model_dir or config.model_name))
        case "numpy":
            return MiniLM(MINILM.folder(config.model_dir), config.index_dir / NETWORKS)
        case _:
            return Multilingual(MULTILINGUAL.folder(config.model_dir), config.index_dir / NETWORKS)


class _OfTexts(ABC):
    """A network that knows whole texts alone: a sentence is read with the headings above it."""

    scale = Scale(other=0.1, answer=0.6)

    def question(self, text: str) -> Floats:
        """Return a question's vector, float32[384]."""
        vector: Floats = self.embed([text])[0]
        return vector

    def passages(self, passages: Sequence[Told]) -> Made:
        """Return the vectors of passages and of their sentences."""
        whole = ["\n".join((passage.heading, *passage.sentences)) for passage in passages]
        alone = [f"{passage.heading}\n{sentence}" for passage in passages for sentence in passage.sentences]
        return Made(self.embed(whole), self.embed(alone))

    @abstractmethod
    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text, float32[n, 384]."""


class OnnxEmbedder(_OfTexts):
    """A BERT-like network exported to ONNX: `model.onnx` and `vocab.txt` in one folder.

    Its first output is float32[batch, tokens, 384], averaged here over the tokens that are no padding.
    """

    def __init__(self, folder: Path | None) -> None:
        """Load the network on one thread; ModelMissing."""
        identity = onnx_identity(folder)
        if folder is None or identity is None:
            raise ModelMissing("EMBEDDING_MODEL_DIR must name a folder with model.onnx and vocab.txt.")
        try:
            import onnxruntime
        except ImportError:
            raise ModelMissing("onnxruntime is not installed: pip install onnxruntime.") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        file = folder / "model.onnx"
        with _told_as_missing():
            self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self._inputs = {given.name for given in self._session.get_inputs()}
        try:
            self._tokens = WordPiece(folder / "vocab.txt")
        except (OSError, ValueError) as error:
            raise ModelMissing(f"vocab.txt cannot be read: {error}") from error
        self.identity = identity

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text; each is cut at 256 tokens."""
        batches = [self._embed(texts[start : start + ONNX_BATCH]) for start in range(0, len(texts), ONNX_BATCH)]
        return np.concatenate(batches) if batches else np.empty((0, EMBEDDING_DIMENSION), dtype=np.float32)

    def _embed(self, texts: Sequence[str]) -> Floats:
        tokens = self._tokens
        encoded = [
            np.array([tokens.begin, *tokens.cut(text, TOKENS_MAX - 2), tokens.end], dtype=np.int64) for text in texts
        ]
        longest = max(len(ids) for ids in encoded)
        ids = np.stack([np.pad(one, (0, longest - len(one))) for one in encoded])
        mask = np.stack([np.arange(longest) < len(one) for one in encoded]).astype(np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        with _told_as_missing():
            states = self._session.run(None, {name: feed[name] for name in self._inputs})[0]
        summed = (states * mask[:, :, None]).sum(axis=1)
        return _checked(summed / mask.sum(axis=1, keepdims=True))


@contextlib.contextmanager
def _told_as_missing() -> Iterator[None]:
    """Tell what onnxruntime raises as ModelMissing; its errors have no base but Exception."""
    try:
        yield
    except Exception as error:
        raise ModelMissing(f"model.onnx cannot be used: {error}") from error


class TransformersEmbedder(_OfTexts):
    """A model of sentence-transformers, by name or folder."""

    def __init__(self, name: str) -> None:
        """Load the model; ModelMissing."""
        try:
            import sentence_transformers
        except ImportError:
            raise ModelMissing("sentence-transformers is not installed: pip install sentence-transformers.") from None
        try:
            self._model: Any = sentence_transformers.SentenceTransformer(name, device="cpu")
        except (OSError, ValueError) as error:
            raise ModelMissing(f"sentence-transformers has no model {name}: {error}") from error
        self.identity = transformers_identity(name)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text."""
        return _checked(np.asarray(self._model.encode(list(texts), show_progress_bar=False), dtype=np.float32))


def _checked(vectors: NDArray[Any]) -> Floats:
    if vectors.ndim != 2 or vectors.shape[1] != EMBEDDING_DIMENSION:
        raise ModelMissing(f"The embedding model must give vectors of {EMBEDDING_DIMENSION} numbers.")
    return unit(vectors.astype(np.float32))
