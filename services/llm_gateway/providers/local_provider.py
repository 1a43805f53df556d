"""The model of last resort: a GGUF on this machine, in a process that belongs to the gateway.

The process is started by the first call, speaks OpenAI's dialect on 127.0.0.1 behind a key of its
own, and is stopped when nobody has asked for a while. It ends with the process that started it; a
fork starts its own. Why it is one says local_server.py.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from importlib.util import find_spec
from pathlib import Path

from services.llm_gateway.config import LocalLimits
from services.llm_gateway.control import CancelToken, seconds_left
from services.llm_gateway.environment import HOW_TO_GET_A_MODEL
from services.llm_gateway.errors import GatewayClosed, ModelUnavailable, RateLimited, Timeout
from services.llm_gateway.providers.local_process import LocalServer, start_server
from services.llm_gateway.providers.openai_provider import OpenAIDialect

logger = logging.getLogger("llm_gateway")

_MAGIC = b"GGUF"
_BUSY_RETRY_S = 1.0  # when a full queue is worth another look


class Lease:
    """A place at the local model, to be given back when the call has ended."""

    def __init__(self, engine: LocalEngine, dialect: OpenAIDialect) -> None:
        self.dialect = dialect
        self._engine: LocalEngine | None = engine

    def release(self) -> None:
        """Give the place back; calling it again does nothing."""
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.leave()


class LocalEngine:
    """One GGUF, loaded by the first call and shared by all threads.

    At most `slots` calls generate at once and `queue_max` more wait their turn, first come first
    served; a further one gets RateLimited at once.
    """

    def __init__(self, path: Path, model: str, limits: LocalLimits) -> None:
        self._path = path
        self._model = model
        self._limits = limits
        self._lock = threading.Lock()
        self._loading: Future[LocalServer] | None = None
        self._closed = False
        self._leases = 0
        self._idle: threading.Timer | None = None

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""
        server = _server_of(self._loading)
        return server is not None and server.alive

    def check(self) -> None:
        """Raise ModelUnavailable when a call could not work, without loading anything."""
        if find_spec("xllamacpp") is None:
            raise ModelUnavailable("The local engine is not installed: pip install xllamacpp, or set LOCAL_BASE_URL.")
        try:
            with self._path.open("rb") as file:
                magic = file.read(len(_MAGIC))
        except OSError as error:
            raise ModelUnavailable(f"{self._path.name}: {error.strerror}. {HOW_TO_GET_A_MODEL}") from None
        if magic != _MAGIC:
            raise ModelUnavailable(f"{self._path.name} is not a GGUF file. {HOW_TO_GET_A_MODEL}")

    def lease(self, token: CancelToken, until: float) -> Lease:
        """Take a place, once the model is loaded.

        Raises RateLimited when the queue is full, ModelUnavailable, Timeout when loading takes
        longer than `until` (it goes on, for the next call), Cancelled, GatewayClosed.
        """
        self.check()
        with self._lock:
            if self._closed:
                raise GatewayClosed("The gateway was shut down, and the local model with it.")
            if self._leases >= self._limits.slots + self._limits.queue_max:
                raise RateLimited(
                    f"The local model is busy: {self._leases} calls are under way or wait (LOCAL_QUEUE_MAX).",
                    retry_after_s=_BUSY_RETRY_S,
                )
            self._leases += 1
            loading = self._load()
        try:
            return Lease(self, _wait_for(loading, token, until).dialect)
        except BaseException:
            self.leave()
            raise

    def leave(self) -> None:
        """Give a place back; with the last one, the time until the model is unloaded begins."""
        with self._lock:
            self._leases -= 1
            if self._leases == 0 and self._loading is not None:
                self._idle = threading.Timer(self._limits.unload_after_s, self._unload_if_idle)
                self._idle.daemon = True
                self._idle.start()

    def shutdown(self) -> None:
        """Free the model for good, whoever is using it."""
        with self._lock:
            self._closed = True
            loading = self._take_out()
        _stop_when_loaded(loading)

    def after_fork(self) -> None:
        """Forget the parent's process without ending it: a fork starts its own."""
        server = _server_of(self._loading)
        if server is not None:
            server.process.returncode = 0  # not ours to wait for
            server.close_pipes()  # else it would outlive its parent for as long as we live
        self._lock = threading.Lock()
        self._loading = self._idle = None
        self._leases = 0

    def _load(self) -> Future[LocalServer]:
        """Return the server that runs or is on its way, else start one; to be called under the lock."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        loading = self._loading
        if loading is None or (loading.done() and not self.loaded):
            loading = self._loading = Future()
            start = threading.Thread(target=self._start, args=(loading,), name="llm-local-load", daemon=True)
            start.start()
        return loading

    def _start(self, loading: Future[LocalServer]) -> None:
        try:
            loading.set_result(start_server(self._path, self._model, self._limits))
        except ModelUnavailable as error:
            loading.set_exception(error)
        except Exception as error:  # whoever waits must learn of it
            logger.exception("llm.local_start_failed")
            loading.set_exception(ModelUnavailable(f"The local model's process could not be started: {error!r}"))

    def _unload_if_idle(self) -> None:
        with self._lock:
            if threading.current_thread() is not self._idle:
                return  # somebody came
            loading = self._take_out()
        _stop_when_loaded(loading)

    def _take_out(self) -> Future[LocalServer] | None:
        """Return the server that is to be stopped, outside of the lock: that may take two seconds."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None
        loading, self._loading = self._loading, None
        return loading


def _wait_for(loading: Future[LocalServer], token: CancelToken, until: float) -> LocalServer:
    ready = threading.Event()
    loading.add_done_callback(lambda _loading: ready.set())
    token.add(ready.set)
    try:
        in_time = ready.wait(seconds_left(until))
    finally:
        token.discard(ready.set)
    token.check()
    if not in_time:
        raise Timeout("The local model is still being loaded.")
    fault = loading.exception()
    if fault is not None:
        raise ModelUnavailable(str(fault))  # one of each caller's own: a traceback belongs to one thread
    return loading.result()


def _server_of(loading: Future[LocalServer] | None) -> LocalServer | None:
    return loading.result() if loading is not None and loading.done() and not loading.exception() else None


def _stop_when_loaded(loading: Future[LocalServer] | None) -> None:
    if loading is not None:
        loading.add_done_callback(_stop)


def _stop(loading: Future[LocalServer]) -> None:
    server = _server_of(loading)
    if server is not None:
        server.stop()
