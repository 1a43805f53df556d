"""The assistant: functions over one service, made at the first call.

`rag_service.initialize()`, then `rag_service.query("¿Qué es el IVA?")`.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict

from services.chat import answering, index, llm_client
from services.chat.answering import Plan, Reply, SourceWire
from services.chat.citing import Place, open_place
from services.chat.config import EMBEDDING_DIMENSION, ChatConfig
from services.chat.conversation import Turn, readings
from services.chat.documents import Document, clean
from services.chat.generation import Generation
from services.chat.index import Progress, RebuildRunning
from services.chat.manifest import IndexMissing
from services.chat.meaning import Meaning, Vectors
from services.chat.networks import NETWORKS, ModelMissing, has_vectors_of, identity_of, unpacked_name
from services.chat.retrieval import Weights, retrieve
from services.chat.unpacking import tidy
from services.llm_gateway.calls import Completion, Finish
from services.llm_gateway.streams import TextStream

if TYPE_CHECKING:
    from services.chat.embedders import TextEmbedder

__all__ = [
    "IndexMissing",
    "RebuildRunning",
    "cancel_request",
    "configuration",
    "configure",
    "embed_in_background",
    "finish",
    "folder_documents",
    "get_stats",
    "has_vectors",
    "initialize",
    "is_available",
    "is_fresh",
    "meaning",
    "passage",
    "prepare",
    "query",
    "rebuild_index",
    "tidy_networks",
    "with_vectors",
    "with_vectors_if_any",
]

logger = logging.getLogger(__name__)
_SUFFIXES = {".md", ".txt"}
Documents = Callable[[], Sequence[Document]]


class QueryResult(TypedDict):
    """What `query` returns; `answer` is an iterator of text where a stream was asked for."""

    answer: str | Iterator[str]
    sources: list[SourceWire]
    context_used: bool
    streaming: bool
    provider: str
    grounded: NotRequired[bool]


class Stats(TypedDict):
    """How large the index is."""

    total_vectors: int
    total_documents: int
    embedding_dimension: int


def folder_documents(folder: Path) -> list[Document]:
    """Return the `.md` and `.txt` files of a folder and those below it, by name; FileNotFoundError without it."""
    if not folder.is_dir():
        # An index of nothing would take the place of a good one.
        raise FileNotFoundError(f"{folder} is no folder.")
    files = sorted(file for file in folder.rglob("*") if file.suffix.lower() in _SUFFIXES and file.is_file())
    return [
        Document(file.relative_to(folder).as_posix(), file.read_text(encoding="utf-8", errors="replace"))
        for file in files
    ]


class _Service:
    def __init__(self, config: ChatConfig, documents: Documents | None) -> None:
        self.config = config
        self._documents = documents or functools.partial(folder_documents, config.data_dir)
        self._lock = threading.Lock()
        self._generation: Generation | None = None
        self._vectors: Vectors | None = None
        self._embedder: TextEmbedder | None = None
        self._unreadable = ""  # the generation that is current and damaged
        self._without_vectors = ""  # the generation that cannot be asked for dense evidence, once that is known
        self._running: dict[str, TextStream | None] = {}

    # --- The index --------------------------------------------------------------------------------------

    def generation(self) -> Generation:
        """Return the current generation; another process's newer one is noticed here.

        The one that is held goes on answering where no newer one can be read. IndexMissing.
        """
        held = self._generation
        try:
            name = index.current_name(self.config.index_dir)
            if held is None or name not in {held.name, self._unreadable}:
                held = self._load(name)
        except IndexMissing:
            if held is None:
                raise
        return held

    def _load(self, name: str) -> Generation:
        with self._lock:
            held = self._generation
            if held is not None and name in {held.name, self._unreadable}:
                return held
            try:
                held = self._generation = index.load(self.config.index_dir)
            finally:
                # What cannot be read is not tried again at every question: its files are long.
                if held is not None and held.name != name:
                    self._unreadable = name
                    logger.error("chat.index_damaged", extra={"generation": name, "serving": held.name})
            return held

    def rebuild(self, progress: Progress | None, *, vectors: bool) -> Generation:
        config = self.config
        with index.building(config.index_dir):
            made = index.build(
                config.index_dir, self._documents(), size=config.chunk_size, overlap=config.chunk_overlap,
                progress=progress,
            )
        if vectors and config.dense:
            with contextlib.suppress(ModelMissing):
                made = self.add_vectors(progress)
        return made

    def is_fresh(self, *, vectors: bool) -> bool:
        config, generation = self.config, self.generation()
        if generation.name != index.current_name(config.index_dir):
            return False  # an older one answers in the place of one that is damaged
        if generation.manifest.chunking != (config.chunk_size, config.chunk_overlap):
            return False
        now = {Document(raw.name, clean(raw.text), raw.owner) for raw in self._documents()}
        lacks_vectors = vectors and config.dense and identity_of(config) and not self.has_vectors(generation)
        return now == set(generation.documents) and not lacks_vectors

    def add_vectors(self, progress: Progress | None) -> Generation:
        embedder = self.embedder()
        with index.embedding(self.config.index_dir):
            return index.add_vectors(
                self.config.index_dir, embedder.passages, embedder=embedder.identity, progress=progress
            )

    # --- Dense evidence ---------------------------------------------------------------------------------

    def embedder(self) -> TextEmbedder:
        """Return the configured network, loaded at the first call; ModelMissing where there is none."""
        held = self._embedder
        if held is None:
            with self._lock:
                from services.chat.embedders import make_embedder  # 1 MB that words do without

                held = self._embedder = self._embedder or make_embedder(self.config)
        return held

    def has_vectors(self, generation: Generation) -> bool:
        return has_vectors_of(self.config, generation.manifest)

    def meaning(self, generation: Generation, question: str) -> Meaning | None:
        if not (self.config.dense and generation.manifest.has_vectors) or self._without_vectors == generation.name:
            return None
        try:
            embedder = self._embedder_of(generation)
            held = self._vectors
            if held is None or held.generation != generation.name:
                held = self._vectors = Vectors.load(generation)
            return Meaning(embedder.question(question), held, embedder.scale)
        except (ModelMissing, OSError, ValueError) as missing:
            # A network that was damaged while open is opened anew for the next generation.
            self._without_vectors, self._embedder = generation.name, None
            logger.warning("chat.model_missing", extra={"reason": str(missing)})
            return None

    def _embedder_of(self, generation: Generation) -> TextEmbedder:
        """Return the network that made the vectors; ModelMissing where the configured one is another."""
        held = self._embedder  # another thread may let go of it at any moment
        configured = held.identity if held else identity_of(self.config)
        made_by = generation.manifest.embedder
        if made_by != (configured or made_by):
            raise ModelMissing(f"The vectors are of {made_by}: rebuild the index.")
        return held or self.embedder()

    # --- Answers ----------------------------------------------------------------------------------------

    def prepare(
        self, question: str, turns: Sequence[Turn], owner: int | None, weights: Weights, top_k: int | None
    ) -> Plan:
        generation = self.generation()
        plans = []
        for alone in readings(question, turns):
            found = retrieve(
                generation, alone, top_k=top_k or self.config.top_k, owner=owner, weights=weights,
                meaning=self.meaning,
            )
            plans.append(answering.plan(alone, generation, found))
            if plans[-1].quotable:
                break
        # What was likeliest meant, unless the documents know nothing of it and something of another reading.
        return plans[-1] if plans[-1].quotable else max(plans, key=lambda plan: plan.found.confidence)

    def open(self, plan: Plan, request_id: str | None, user: str) -> TextStream:
        stream = llm_client.open_stream(plan.system_prompt, plan.user_prompt or "", self.config, user=user)
        if request_id:
            self._running[request_id] = stream
        return stream

    def close(self, request_id: str | None) -> None:
        if request_id:
            self._running.pop(request_id, None)

    def cancel(self, request_id: str) -> bool:
        stream = self._running.pop(request_id, None)
        if stream is None:
            return False
        stream.cancel()
        return True


_service: _Service | None = None
# Kept so that Python does not complain of a child that outlives its parent's interest.
_embedding: list[subprocess.Popen[bytes]] = []
_making = threading.Lock()


def configure(config: ChatConfig | None = None, *, documents: Documents | None = None) -> None:
    """Set configuration and source of documents in place of the environment's; forgets what was loaded."""
    global _service  # noqa: PLW0603 - the one service of the process
    with _making:
        _service = _Service(config or ChatConfig.from_environment(), documents)


def _the() -> _Service:
    if _service is None:
        configure()
    assert _service is not None  # noqa: S101
    return _service


def configuration() -> ChatConfig:
    """Return the configuration in force."""
    return _the().config


def initialize() -> Stats:
    """Make the index where there is none that can be read; return its size.

    Words answer at once; the vectors follow from a process of their own, where the model is installed.
    """
    service = _the()
    try:
        service.generation()
    except IndexMissing:
        rebuild_index(vectors=False)
        embed_in_background()
    return get_stats()


def is_available() -> bool:
    """Return whether there is an index to answer from."""
    with contextlib.suppress(IndexMissing):
        return bool(_the().generation())
    return False


def is_fresh(*, vectors: bool = True) -> bool:
    """Return whether there is an index of what the documents say now, in passages as configured.

    With `vectors` it must have those of the configured network, where they can be made.
    """
    with contextlib.suppress(IndexMissing, FileNotFoundError):
        return _the().is_fresh(vectors=vectors)
    return False


def rebuild_index(progress: Progress | None = None, *, vectors: bool = True) -> Stats:
    """Make the index anew from the documents; the old one answers until the new one is whole.

    Words first, then vectors where the model is installed. RebuildRunning when another process does.
    """
    _the().rebuild(progress, vectors=vectors)
    return get_stats()


def has_vectors() -> bool:
    """Return whether there is an index with vectors of the configured network. Loads no network."""
    with contextlib.suppress(IndexMissing):
        service = _the()
        return service.has_vectors(service.generation())
    return False


def with_vectors(progress: Progress | None = None) -> Stats:
    """Add vectors to the current index; ModelMissing, IndexMissing or RebuildRunning."""
    _the().add_vectors(progress)
    return get_stats()


def with_vectors_if_any(progress: Progress | None = None) -> Stats:
    """Add vectors where the model is installed; IndexMissing or RebuildRunning."""
    with contextlib.suppress(ModelMissing):
        return with_vectors(progress)
    return get_stats()


def tidy_networks() -> None:
    """Read the unpacked network whole, have it made anew if it is damaged, and remove those nobody needs."""
    config = _the().config
    try:
        tidy(config.index_dir / NETWORKS, unpacked_name(config))
    except OSError:
        logger.warning("chat.networks_not_tidied", exc_info=True)


def embed_in_background() -> subprocess.Popen[bytes] | None:
    """Start a process that adds the vectors, whose memory goes with it; None where they are there or cannot be made."""
    config = _the().config
    if not (config.dense and identity_of(config)) or has_vectors():
        return None
    root = str(Path(__file__).resolve().parents[2])
    environment = os.environ | {"CHAT_INDEX_DIR": str(config.index_dir), "PYTHONPATH": root}
    child = subprocess.Popen(
        [sys.executable, "-m", "services.chat.embed_index"], env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, start_new_session=True,
    )
    _embedding.append(child)
    return child


def get_stats() -> Stats:
    """Return the index's size; zeros where there is none."""
    try:
        generation = _the().generation()
    except IndexMissing:
        return {"total_vectors": 0, "total_documents": 0, "embedding_dimension": EMBEDDING_DIMENSION}
    return {
        "total_vectors": len(generation.spans),
        "total_documents": len(generation.documents),
        "embedding_dimension": EMBEDDING_DIMENSION,
    }


def prepare(
    question: str,
    *,
    turns: Sequence[Turn] = (),
    owner: int | None = None,
    weights: Weights = Weights(),  # noqa: B008 - frozen
    top_k: int | None = None,
) -> Plan:
    """Find the passages for a question, of everybody's documents and the owner's; IndexMissing."""
    return _the().prepare(question, turns, owner, weights, top_k)


def meaning(generation: Generation, question: str) -> Meaning | None:
    """Return what a question means beside a generation's vectors; None without them or without their network."""
    return _the().meaning(generation, question)


def passage(chunk_id: str, owner: int | None = None) -> Place | None:
    """Return what a citation points to, in its document; None where it is no more. IndexMissing."""
    return open_place(_the().generation(), chunk_id, owner)


def finish(plan: Plan, written: str | None, completion: Completion | None = None) -> Reply:
    """Return the reply to a plan: a model's words checked, or (None) sentences quoted."""
    if written is None:
        return answering.quote(plan)
    from services.chat.checking import check  # quoted sentences need none

    provider, cut_off = (completion.provider.value, completion.finish is Finish.LENGTH) if completion else ("", False)
    return check(plan, written, provider, cut_off=cut_off)


def query(
    question: str, request_id: str | None = None, stream: bool = False, *, turns: Sequence[Turn] = (),
    owner: int | None = None, user: str = "",
) -> QueryResult:
    """Answer a question; with `stream` the answer is an iterator of pieces.

    Makes the index at the first call. A cancelled request raises the gateway's Cancelled.
    """
    initialize()
    service = _the()
    plan = prepare(question, turns=turns, owner=owner)
    if not plan.answerable or not llm_client.is_configured():
        reply = answering.quote(plan)
        return _result(reply, iter([reply.text]) if stream else reply.text)
    if stream:
        from services.chat.checking import offered

        given = Reply("", offered(plan), context_used=True, grounded=False, provider="")
        return _result(given, _pieces(service, plan, request_id, user))
    opened = service.open(plan, request_id, user)
    try:
        with opened:
            written = "".join(opened)
        reply = finish(plan, written, opened.completion)
    except llm_client.GatewayError as error:
        if error.code == "cancelled":
            raise
        logger.warning("chat.model_failed", extra={"code": error.code})
        reply = answering.quote(plan)
    finally:
        service.close(request_id)
    return _result(reply, reply.text)


def _pieces(service: _Service, plan: Plan, request_id: str | None, user: str) -> Iterator[str]:
    """Yield a model's words as they come; the quoted sentences where none answers."""
    opened = service.open(plan, request_id, user)
    begun = False
    try:
        with opened:
            for piece in opened:
                begun = True
                yield piece
    except llm_client.GatewayError as error:
        if begun or error.code == "cancelled":
            raise
        logger.warning("chat.model_failed", extra={"code": error.code})
        yield answering.quote(plan).text
    finally:
        service.close(request_id)


def _result(reply: Reply, answer: str | Iterator[str]) -> QueryResult:
    return {
        "answer": answer,
        "sources": reply.sources,
        "context_used": reply.context_used,
        "streaming": not isinstance(answer, str),
        "provider": reply.provider,
        "grounded": reply.grounded,
    }


def cancel_request(request_id: str) -> bool:
    """Stop a running request of this process, upstream too; False where there is none such."""
    return _the().cancel(request_id)
