"""Files on their way out."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from typing import IO

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header

_CHUNK = 1 << 18


def sent(handle: IO[bytes], request: HttpRequest, *, name: str, media_type: str) -> StreamingHttpResponse:
    """Answer an open file piece by piece, whoever serves: memory does not grow with it. It is closed at the end."""
    # Django would gather all of a plain iterator before the first byte goes out by ASGI.
    pieces = _awaited(handle) if isinstance(request, ASGIRequest) else _read(handle)
    headers = {
        "Content-Length": str(os.fstat(handle.fileno()).st_size), "Cache-Control": "no-store",
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "attachment",
    }
    return StreamingHttpResponse(pieces, content_type=media_type, headers=headers)


def _read(handle: IO[bytes]) -> Iterator[bytes]:
    with handle:
        while piece := handle.read(_CHUNK):
            yield piece


async def _awaited(handle: IO[bytes]) -> AsyncIterator[bytes]:
    with handle:
        while piece := await sync_to_async(handle.read)(_CHUNK):
            yield piece
