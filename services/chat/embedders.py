"""Which network turns texts into vectors: the multilingual one by default, others by configuration.

Vectors of one `identity` can be compared; an index that another one made is not asked for dense evidence
until it has been embedded anew.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from services.chat import multilingual
from services.chat.config import EMBEDDING_DIMENSION, ChatConfig
from services.chat.embedder import TOKENS_MAX, Embedder, ModelMissing, model_folder
from services.chat.generation import file_digest
from services.chat.multilingual import Multilingual, weights_folder
from services.chat.wordpiece import WordPiece

Floats = NDArray[np.float32]
ONNX_BATCH = 16
# The folder of unpacked networks, within that of the index.
NETWORKS = "networks"
_EPSILON = 1e-12


class TextEmbedder(Protocol):
    """Turns texts into unit vectors float32[n, 384]; safe to share between threads."""

    identity: str

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text."""


def make_embedder(config: ChatConfig) -> TextEmbedder:
    """Return the configured embedder, loaded; ModelMissing says what is not there and how to get it."""
    match _chosen(config):
        case "onnxruntime":
            return OnnxEmbedder(config.model_dir)
        case "sentence-transformers":
            return TransformersEmbedder(str(config.model_dir or config.model_name))
        case "numpy":
            return Embedder(model_folder(config.model_dir), config.index_dir / NETWORKS)
        case _:
            return Multilingual(weights_folder(config.model_dir), config.index_dir / NETWORKS)


def identity_of(config: ChatConfig) -> str | None:
    """Return the identity of the configured embedder without loading it; None where it could not be made."""
    match _chosen(config):
        case "onnxruntime":
            return _onnx_identity(config.model_dir) if find_spec("onnxruntime") else None
        case "sentence-transformers":
            name = config.model_dir or config.model_name
            return f"sentence-transformers/{name}" if find_spec("sentence_transformers") else None
        case "numpy":
            return Embedder.identity if _is_found(model_folder, config.model_dir) else None
        case _:
            return multilingual.identity() if _is_found(weights_folder, config.model_dir) else None


def _chosen(config: ChatConfig) -> str:
    """Return the embedder's name; where none is named, MiniLM if it alone is there, else the multilingual one."""
    if config.embedder != "auto":
        return config.embedder
    only = not _is_found(weights_folder, config.model_dir) and _is_found(model_folder, config.model_dir)
    return "numpy" if only else "multilingual"


def _is_found(find: Callable[[Path | None], Path], configured: Path | None) -> bool:
    try:
        return bool(find(configured))
    except ModelMissing:
        return False


class OnnxEmbedder:
    """A BERT-like network exported to ONNX: `model.onnx` and `vocab.txt` in one folder.

    Its first output is float32[batch, tokens, 384], averaged here over the tokens that are no padding.
    """

    def __init__(self, folder: Path | None) -> None:
        """Load the network on one thread; ModelMissing."""
        identity = _onnx_identity(folder)
        if folder is None or identity is None:
            raise ModelMissing("EMBEDDING_MODEL_DIR must name a folder with model.onnx and vocab.txt.")
        try:
            import onnxruntime
        except ImportError:
            raise ModelMissing("onnxruntime is not installed: pip install onnxruntime.") from None
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        file = folder / "model.onnx"
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        self._inputs = {given.name for given in self._session.get_inputs()}
        self._tokens = WordPiece(folder / "vocab.txt")
        self.identity = identity

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text; each is cut at 256 tokens."""
        batches = [self._embed(texts[start : start + ONNX_BATCH]) for start in range(0, len(texts), ONNX_BATCH)]
        return np.concatenate(batches) if batches else np.empty((0, EMBEDDING_DIMENSION), dtype=np.float32)

    def _embed(self, texts: Sequence[str]) -> Floats:
        encoded = [self._tokens.encode(text, TOKENS_MAX) for text in texts]
        longest = max(len(ids) for ids in encoded)
        ids = np.stack([np.pad(one, (0, longest - len(one))) for one in encoded])
        mask = np.stack([np.arange(longest) < len(one) for one in encoded]).astype(np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        states = self._session.run(None, {name: feed[name] for name in self._inputs})[0]
        summed = (states * mask[:, :, None]).sum(axis=1)
        return _unit(summed / mask.sum(axis=1, keepdims=True))


class TransformersEmbedder:
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
        self.identity = f"sentence-transformers/{name}"

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector per text."""
        return _unit(np.asarray(self._model.encode(list(texts), show_progress_bar=False), dtype=np.float32))


def _onnx_identity(folder: Path | None) -> str | None:
    if folder is None or not all((folder / name).is_file() for name in ("model.onnx", "vocab.txt")):
        return None
    file = folder / "model.onnx"
    return f"onnx/{_digest(file, file.stat().st_mtime_ns)[:16]}"


@functools.lru_cache(maxsize=1)
def _digest(file: Path, _changed: int) -> str:
    return file_digest(file)


def _unit(vectors: NDArray[Any]) -> Floats:
    if vectors.ndim != 2 or vectors.shape[1] != EMBEDDING_DIMENSION:
        raise ModelMissing(f"The embedding model must give vectors of {EMBEDDING_DIMENSION} numbers.")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Floats = (vectors / np.maximum(lengths, _EPSILON)).astype(np.float32)
    return unit
