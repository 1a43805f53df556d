"""Answers as server-sent events: `meta`, `token`*, then exactly one of `done`, `cancelled`, `error`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from apps.chat import answers
from apps.chat.answers import Asking
from apps.chat.errors import RequestRunning
from apps.chat.running import KEPT_S, POLL_S, Running
from apps.chat.service import assistant

if TYPE_CHECKING:
    from services.chat.answering import Reply

logger = logging.getLogger(__name__)
_BEAT_S = 10.0
_ENDS = frozenset({"done", "cancelled", "error"})


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event; without a name a comment that keeps the line open."""

    name: str
    data: dict[str, Any]

    def written(self) -> str:
        """Return it as it goes over the wire."""
        return f"event: {self.name}\ndata: {json.dumps(self.data, ensure_ascii=False)}\n\n" if self.name else ": \n\n"


async def events(asking: Asking) -> AsyncGenerator[str, None]:
    """Yield the events of an answer as text; whoever stops reading stops the model too."""
    yield Event("meta", {"request_id": asking.request_id, "conversation_id": str(asking.conversation_id)}).written()
    end: Event | None = None
    try:
        async with _running(asking) as running, aclosing(_answer(asking, running)) as told:
            async for event in told:
                # The end is told when all is put away: nothing can fail after it.
                if event.name in _ENDS:
                    end = event
                else:
                    yield event.written()
    except RequestRunning as error:
        end = Event("error", {"code": error.code, "error": str(error.message)})
    except Exception:  # the stream has begun: no error page can be sent any more
        logger.exception("chat.stream_failed")
    finally:
        await sync_to_async(asking.reserved.give_back_unused)()
    yield (end or Event("error", {"code": "internal_error", "error": _("Something went wrong on our side.")})).written()


@contextlib.asynccontextmanager
async def _running(asking: Asking) -> AsyncGenerator[Running, None]:
    """Let other processes know of the request while it runs; RequestRunning. The cache may be across a network."""
    running = Running(asking.request_id, asking.user)
    await sync_to_async(running.begin)()
    try:
        yield running
    finally:
        await sync_to_async(running.end)()


async def _answer(asking: Asking, running: Running) -> AsyncGenerator[Event, None]:
    kept = await sync_to_async(answers.cached)(asking)
    if kept is None and asking.asks_a_model:
        async with aclosing(_from_model(asking, running)) as told:
            async for event in told:
                yield event
        return
    async for event in _whole(asking, kept or await sync_to_async(answers.quoted)(asking)):
        yield event


async def _whole(asking: Asking, reply: Reply) -> AsyncGenerator[Event, None]:
    yield Event("token", {"text": reply.text})
    yield await _done(asking, reply)


async def _done(asking: Asking, reply: Reply) -> Event:
    return Event("done", dict(await sync_to_async(answers.store)(asking, reply)))


async def _from_model(asking: Asking, running: Running) -> AsyncGenerator[Event, None]:
    from services.chat.llm_client import GatewayError, open_async_stream

    asking.reserved.use()
    stream = open_async_stream(
        asking.plan.system_prompt, asking.plan.user_prompt or "", assistant().configuration(), user=asking.payer
    )
    try:
        async with aclosing(_pieces(stream, running)) as pieces:
            async for piece in pieces:
                yield Event("token", {"text": piece}) if piece else Event("", {})
        yield await _done(asking, await sync_to_async(answers.checked)(asking, stream.partial, stream.completion))
    except GatewayError as error:
        if error.code == "cancelled":
            yield Event("cancelled", {"request_id": asking.request_id, "partial": stream.partial})
        elif stream.partial:
            text = _("The model broke off in the middle of its answer: ask again.")
            yield Event("error", {"code": error.code, "error": text, "partial": stream.partial})
        else:
            async for event in _whole(asking, await sync_to_async(answers.failed)(asking, error.code)):
                yield event
    finally:
        stream.cancel()


async def _pieces(stream: Any, running: Running) -> AsyncGenerator[str, None]:
    """Yield the model's pieces, "" when it has been silent for long; looks for the order to stop."""
    waiting = asyncio.ensure_future(anext(stream))
    watching = asyncio.ensure_future(_stop_when_told(stream, running))
    try:
        while True:
            done, _pending = await asyncio.wait({waiting}, timeout=_BEAT_S)
            if not done:
                yield ""
                continue
            try:
                piece = waiting.result()
            except StopAsyncIteration:
                return
            waiting = asyncio.ensure_future(anext(stream))
            yield piece
    finally:
        for task in (waiting, watching):
            task.cancel()
        await asyncio.gather(waiting, watching, return_exceptions=True)


async def _stop_when_told(stream: Any, running: Running) -> None:
    until = time.monotonic() + KEPT_S
    # The order lies in the cache, where another process puts it: there is no event to wait for.
    while time.monotonic() < until and not await sync_to_async(lambda: running.is_stopped)():  # noqa: ASYNC110
        await asyncio.sleep(POLL_S)
    stream.cancel()
