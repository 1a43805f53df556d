"""Server-sent events, however they are cut: the same events as of the whole."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.llm_gateway.calls import SseEvent
from services.llm_gateway.sse import SseParser

LINE_ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
TEXT = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12)


def events(*chunks: bytes) -> list[SseEvent]:
    parser = SseParser()
    return [event for chunk in chunks for event in parser.feed(chunk)] + parser.flush()


@given(
    texts=st.lists(st.tuples(TEXT, TEXT), max_size=5), end=LINE_ENDS, cuts=st.lists(st.integers(0, 300), max_size=12)
)
def test_any_cutting_gives_the_events_that_were_sent(
    texts: list[tuple[str, str]], end: bytes, cuts: list[int]
) -> None:
    sent = [SseEvent(name or "message", data) for name, data in texts]
    lines = [f"event: {name}\n: a comment\ndata: {data}\n\n".encode() for name, data in texts]
    stream = b"".join(lines).replace(b"\n", end)
    places = [0, *sorted(cut for cut in cuts if cut < len(stream)), len(stream)]

    assert events(*(stream[left:right] for left, right in itertools.pairwise(places))) == sent


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        (b"data: a\ndata: b\n\n", ["a\nb"]),
        (b"data:a\n\n", ["a"]),
        (b"data:  a\n\n", [" a"]),
        (b"data\n\n", [""]),
        (b": nothing\n\n\n\nevent: none\n\nid: 7\nretry: 1\n\n", []),
        (b"\xef\xbb\xbfdata: after a byte order mark\n\n", ["after a byte order mark"]),
        (b"data: [DONE]", ["[DONE]"]),
        (b"data: \xff\xfe\n\n", ["\ufffd\ufffd"]),
        (b"", []),
    ],
)
def test_the_corners_of_the_format(stream: bytes, expected: list[str]) -> None:
    assert [event.data for event in events(stream)] == expected


def test_an_event_without_end_is_given_up() -> None:
    lines = (b"data: " + b"x" * 50_000 + b"\n" for _ in range(40))

    with pytest.raises(ValueError, match="too large"):
        events(*lines)
