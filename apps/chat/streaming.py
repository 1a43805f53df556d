"""Answers as server-sent events: `meta`, `token`*, then exactly one of `done`, `cancelled`, `error`."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.utils.translation import gettext as _

from apps.chat import answers
from apps.chat.answers import Asking
from apps.chat.errors import RequestRunning
from apps.chat.running import POLL_S, Running
from apps.chat.service import assistant

if TYPE_CHECKING:
    from services.chat.answering import Reply

logger = logging.getLogger(__name__)
_BEAT_S = 10.0
_BEAT = ": \n\n"


def event(name: str, data: dict[str, Any]) -> str:
    """Return one server-sent event."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def events(asking: Asking) -> AsyncIterator[str]:
    """Yield the events of an answer; whoever stops reading stops the model too."""
    yield event("meta", {"request_id": asking.request_id, "conversation_id": str(asking.conversation_id)})
    try:
        with Running(asking.request_id, asking.user) as running:
            kept = await sync_to_async(answers.cached)(asking)
            if kept is None and asking.asks_a_model:
                async for text in _from_model(asking, running):
                    yield text
            else:
                yield await _whole(asking, kept or answers.quoted(asking))
    except RequestRunning as error:
        yield event("error", {"code": error.code, "error": str(error.message)})
    except Exception:  # the stream has begun: no error page can be sent any more
        logger.exception("chat.stream_failed")
        yield event("error", {"code": "internal_error", "error": _("Something went wrong on our side.")})


async def _whole(asking: Asking, reply: Reply) -> str:
    return event("token", {"text": reply.text}) + await _done(asking, reply)


async def _done(asking: Asking, reply: Reply) -> str:
    body = await sync_to_async(answers.store)(asking, reply)
    return event("done", dict(body))


async def _from_model(asking: Asking, running: Running) -> AsyncGenerator[str, None]:
    from services.chat.llm_client import GatewayError, open_async_stream

    stream = open_async_stream(
        asking.plan.system_prompt, asking.plan.user_prompt or "", assistant().configuration(), user=asking.payer
    )
    try:
        async for piece in _pieces(stream, running):
            yield event("token", {"text": piece}) if piece else _BEAT
        reply = await sync_to_async(answers.checked)(asking, stream.partial, stream.completion)
        yield await _done(asking, reply)
    except GatewayError as error:
        if error.code == "cancelled":
            yield event("cancelled", {"request_id": asking.request_id, "partial": stream.partial})
        elif stream.partial:
            text = _("The model broke off in the middle of its answer: ask again.")
            yield event("error", {"code": error.code, "error": text, "partial": stream.partial})
        else:
            yield await _whole(asking, answers.failed(asking, error.code))
    finally:
        stream.cancel()


async def _pieces(stream: Any, running: Running) -> AsyncIterator[str]:
    """Yield the model's pieces, "" when it has been silent for long; looks for the order to stop."""
    waiting = asyncio.ensure_future(anext(stream))
    look_at, beat_at = time.monotonic(), time.monotonic() + _BEAT_S
    try:
        while True:
            done, _pending = await asyncio.wait({waiting}, timeout=POLL_S)
            now = time.monotonic()
            if now >= look_at:
                look_at = now + POLL_S
                if running.is_stopped:
                    stream.cancel()
            if done:
                try:
                    piece = waiting.result()
                except StopAsyncIteration:
                    return
                yield piece
                waiting, beat_at = asyncio.ensure_future(anext(stream)), now + _BEAT_S
            elif now >= beat_at:
                yield ""
                beat_at = now + _BEAT_S
    finally:
        waiting.cancel()
        with contextlib.suppress(asyncio.CancelledError, StopAsyncIteration, Exception):
            await waiting
