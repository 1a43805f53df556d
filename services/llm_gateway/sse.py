"""Server-sent events out of bytes, however the network cut them."""

from __future__ import annotations

from services.llm_gateway.calls import SseEvent

_EVENT_BYTES_MAX = 1 << 20


class SseParser:
    """An incremental parser: lines end in LF, CRLF or CR, wherever a chunk ends.

    Text is decoded a whole line at a time, so that a character cut in two comes out whole.
    """

    def __init__(self) -> None:
        self._tail = b""
        self._after_cr = False
        self._event = ""
        self._data: list[str] = []
        self._size = 0

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """Return the events that `chunk` completes; raise ValueError for one above 1 MiB."""
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r") or (self._after_cr and not chunk)
        data = self._tail + chunk
        if b"\r" in data:
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        lines = data.split(b"\n")
        self._tail = lines.pop()
        if self._size + len(self._tail) > _EVENT_BYTES_MAX:
            raise ValueError("An event of the stream is too large.")
        return [event for line in lines if (event := self._line(line)) is not None]

    def flush(self) -> list[SseEvent]:
        """Return the event that the end of the stream left without its blank line."""
        return [event for line in (self._tail, b"") if (event := self._line(line)) is not None]

    def _line(self, line: bytes) -> SseEvent | None:
        if not line:
            if not self._data:
                self._event = ""
                return None
            event = SseEvent(self._event or "message", "\n".join(self._data))
            self._event, self._data, self._size = "", [], 0
            return event
        self._size += len(line)
        if self._size > _EVENT_BYTES_MAX:
            raise ValueError("An event of the stream is too large.")
        name, _colon, value = line.decode("utf-8", "replace").removeprefix("\ufeff").partition(":")
        if name == "data":
            self._data.append(value.removeprefix(" "))
        elif name == "event":
            self._event = value.removeprefix(" ")
        return None
