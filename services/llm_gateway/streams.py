"""The streams a caller holds."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator
from types import TracebackType
from typing import Self

from services.llm_gateway.calls import Completion
from services.llm_gateway.control import CancelToken
from services.llm_gateway.loop import Call


class _Stream:
    """What both twins have."""

    _call: Call
    _token: CancelToken

    @property
    def completion(self) -> Completion | None:
        """The whole answer, once it has ended whole."""
        return self._call.completion

    @property
    def partial(self) -> str:
        """The text delivered so far."""
        return self._call.partial

    def cancel(self) -> None:
        """Stop, from any thread: the upstream is closed at once, a waiting reader gets Cancelled."""
        self._token.cancel()


class TextStream(_Stream, Iterator[str]):
    """The pieces of one answer, as they come; nothing is asked before the first `next`.

    One thread reads; `cancel` may be called from any other and wakes it. Ends whole, or with
    StreamInterrupted, Cancelled, DeadlineExceeded or what `complete` would raise. Close it (or use
    `with`) when you do not read to the end.
    """

    def __init__(self, call: Call, pieces: Generator[str, None, None], token: CancelToken) -> None:
        self._call = call
        self._pieces = pieces
        self._token = token

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        return next(self._pieces)

    def close(self) -> None:
        """Stop reading: closes the upstream and settles what was used; further reads end at once."""
        try:
            self._pieces.close()
        except ValueError:
            self._token.cancel()  # another thread stands in `next`: it will end and settle

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncTextStream(_Stream, AsyncIterator[str]):
    """TextStream's twin for an event loop."""

    def __init__(self, call: Call, pieces: AsyncGenerator[str, None], token: CancelToken) -> None:
        self._call = call
        self._pieces = pieces
        self._token = token

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        return await anext(self._pieces)

    async def aclose(self) -> None:
        """Stop reading: closes the upstream and settles what was used."""
        try:
            await self._pieces.aclose()
        except RuntimeError:
            self._token.cancel()  # another task stands in `anext`

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
