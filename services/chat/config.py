"""What an operator decides about the assistant, from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.llm_gateway.environment import read_environment

_HERE = Path(__file__).resolve().parent

CHUNK_SIZE = 500
CHUNK_OVERLAP = 50
TOP_K_RESULTS = 3
LLM_MAX_TOKENS = 512
EMBEDDING_DIMENSION = 384
EMBEDDERS = ("auto", "multilingual", "numpy", "onnxruntime", "sentence-transformers")
MODEL_NAME = "sentence-transformers/all-MiniLM-L6-v2"
QUESTION_MIN = 3
QUESTION_MAX = 2000
DATA_DIR = _HERE / "data"
INDEX_DIR = _HERE / "vector_store"


class ConfigurationError(ValueError):
    """A variable cannot be what it says; the message names it."""


@dataclass(frozen=True, slots=True)
class ChatConfig:
    """The assistant's parameters.

    `chunk_size` and `chunk_overlap` in characters; `top_k` passages are shown as sources; `embedder` is one
    of EMBEDDERS (`auto`: the multilingual one where it is installed, else numpy's MiniLM); `model_dir` a folder
    with its model, None for the installed package's (or, with sentence-transformers, for the one of `model_name`).
    """

    data_dir: Path = DATA_DIR
    index_dir: Path = INDEX_DIR
    chunk_size: int = CHUNK_SIZE
    chunk_overlap: int = CHUNK_OVERLAP
    top_k: int = TOP_K_RESULTS
    max_tokens: int = LLM_MAX_TOKENS
    embedder: str = EMBEDDERS[0]
    model_dir: Path | None = None
    model_name: str = MODEL_NAME
    dense: bool = True

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> ChatConfig:
        """Read the variables (system, gateway's file, root's file) or `environ` alone; ConfigurationError."""
        env = read_environment() if environ is None else dict(environ)
        size = _number(env, "CHUNK_SIZE", CHUNK_SIZE, 100, 5000)
        model_dir = env.get("EMBEDDING_MODEL_DIR", "").strip()
        return cls(
            data_dir=Path(env.get("CHAT_DATA_DIR", "").strip() or DATA_DIR),
            index_dir=Path(env.get("CHAT_INDEX_DIR", "").strip() or INDEX_DIR),
            chunk_size=size,
            chunk_overlap=_number(env, "CHUNK_OVERLAP", CHUNK_OVERLAP, 0, size // 2),
            top_k=_number(env, "TOP_K_RESULTS", TOP_K_RESULTS, 1, 20),
            max_tokens=_number(env, "LLM_MAX_TOKENS", LLM_MAX_TOKENS, 16, 8192),
            embedder=_choice(env, "CHAT_EMBEDDER", EMBEDDERS),
            model_name=env.get("EMBEDDING_MODEL", "").strip() or MODEL_NAME,
            model_dir=Path(model_dir).expanduser() if model_dir else None,
            dense=env.get("CHAT_DENSE", "").strip().lower() not in {"0", "false", "no", "off"},
        )


def _number(env: Mapping[str, str], name: str, default: int, minimum: int, maximum: int) -> int:
    raw = env.get(name, "").strip()
    value = int(raw) if raw.isascii() and raw.isdigit() else (-1 if raw else default)
    if not minimum <= value <= maximum:
        raise ConfigurationError(f"{name} must be a whole number in {minimum}..{maximum}.")
    return value


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    chosen = env.get(name, "").strip().lower() or allowed[0]
    if chosen not in allowed:
        raise ConfigurationError(f"{name} must be one of {', '.join(allowed)}.")
    return chosen


def pin_threads() -> None:
    """Keep the linear algebra to one thread: two under load cost ten times the time. Before numpy is loaded."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
