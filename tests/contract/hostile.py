"""What a hostile or broken client sends."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

Schema = dict[str, Any]

VALUES: list[Any] = [
    None, True, -1, 0, 1.5, 1e308, 2**31, 2**63, 10**40, "", " ", "-", "NaN", "9" * 5000, "\x00", "a\x00b", "ñ" * 3000,
    "<script>alert(1)</script>", "'; DROP TABLE users; --", "2026-02-31", "0000-00-00", "٣", [], {}, [[]], [None], [{}],
    {"a": {"b": [1]}}, "\ud800",
]
# Those that have told most, for each field by itself.
SINGLE: list[Any] = [None, True, 1.5, 10**40, "\x00", [], {}]

FILES: list[Any] = [
    "texto", SimpleUploadedFile("a.md", b""), SimpleUploadedFile("a.csv", b"\x00\xff\xfe;\n" * 9),
    SimpleUploadedFile("a.xlsx", b"PK\x03\x04 truncado"), SimpleUploadedFile("a.pdf", b"%PDF-1.4 truncado"),
    SimpleUploadedFile("a.docx", b"PK\x05\x06" + b"\x00" * 18), SimpleUploadedFile("a.exe", b"MZ"),
    SimpleUploadedFile("x" * 300 + ".md", b"# x"), SimpleUploadedFile("..\\..\\a.html", b"<script>" * 99),
    SimpleUploadedFile("a.csv", b"asiento,fecha,leyenda,cuenta,debe,haber\n1,31/02/2026,x,9,1e400,-1\n"),
    SimpleUploadedFile("a.csv", b'"sin cierre\n' * 9),
]

# For every parameter at once, and those that have told most for each by itself.
QUERIES = [
    "%00", "%ff%fe", "%F0%9F%92%A9", "a" * 3000, "9" * 40, "-1", "0", "1.5", "1e400", "NaN", "true", "2026-02-31", "[]",
    "%2C", ",,,", "1,2,x", "'%20OR%201=1--", "%25_%5C", "..%2F..%2Fetc", "0x10", "+1", "%20", "%D9%A3", "null", "",
]
SINGLE_QUERIES = ["%00", "9" * 40, "1e400", "-1", "texto", "2026-02-31", "%20"]

RAW: list[tuple[str, bytes]] = [
    ("application/json", b""),
    ("application/json", b"{"),
    ("application/json", b"null"),
    ("application/json", b'"texto"'),
    ("application/json", b"[1, [2]]"),
    ("application/json", b"[" * 50_000),
    ("application/json", b'{"a":' * 5000 + b"1" + b"}" * 5000),
    ("application/json", b'{"a": 1, "a": NaN}'),
    ("application/json", b"9" * 6000),
    ("application/json", b'{"\\udc00": "\\ud800"}'),
    ("application/json", b"\xff\xfe\x00"),
    ("application/json", b"\xef\xbb\xbf{}"),
    ("application/x-www-form-urlencoded", b"%ff=%00&a[b][c]=1&entries[0]=x&entries[0]acc_id=1&entries[x]acc_id=1"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2000))),
    ("multipart/form-data", b"sin frontera"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="entries"\r\n\r\n{'),
    ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--\r\n"),
    ("text/xml", b"<a/>"),
    ("application/octet-stream", b"\x00\x01"),
    ("basura", b"{}"),
    ("", b"{}"),
]


def sample(schema: Schema, components: Schema, known: dict[str, Any], name: str = "") -> Any:
    """Return a value that the schema allows; `known` gives that of some fields by name."""
    if name in known:
        return known[name]
    if "$ref" in schema:
        return sample(components[schema["$ref"].rsplit("/", maxsplit=1)[1]], components, known)
    for key in ("allOf", "oneOf", "anyOf"):
        if key in schema:
            return sample(schema[key][0], components, known)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    match kind, schema.get("format"):
        case "object", _:
            fields = schema.get("properties", {})
            return {field: sample(inner, components, known, field) for field, inner in fields.items()}
        case "array", _:
            return [sample(schema.get("items", {}), components, known)] * 2
        case "string", "date":
            return dt.date(2026, 3, 2).isoformat()
        case "string", "email":
            return "nueva@example.com"
        case "string", "uuid":
            return "6f1c1f0e-6a54-4d0e-9a55-0123456789ab"
        case "string", "binary":
            return SimpleUploadedFile("nuevo.md", b"# Nuevo")
        case "string", _:
            return "texto de prueba"
        case "boolean", _:
            return True
        case _:
            return max(schema.get("minimum", 1), 1)


def encoded(good: dict[str, Any] | None) -> tuple[str, bytes]:
    """Return a content type and body: JSON, or multipart where there is a file to send."""
    if good is None:
        return "application/json", b""
    if any(isinstance(value, SimpleUploadedFile) for value in good.values()):
        for value in good.values():
            if isinstance(value, SimpleUploadedFile):
                value.seek(0)
        return MULTIPART_CONTENT, encode_multipart(BOUNDARY, {k: v for k, v in good.items() if v is not None})
    return "application/json", json.dumps(good).encode()


def bodies(good: dict[str, Any] | None) -> Iterator[tuple[str, bytes]]:
    """Return (content type, body) pairs: the raw ones, and a good body spoilt in every field."""
    yield from RAW
    if good is None:
        return
    for value in VALUES:
        yield "application/json", json.dumps(dict.fromkeys(good, value)).encode()
    for spoilt in _spoilt(good):
        yield encoded(spoilt)


def _spoilt(good: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, inner in good.items():
        for value in FILES if isinstance(inner, SimpleUploadedFile) else SINGLE:
            yield {**good, name: value}
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            for item in _spoilt(inner[0]):
                yield {**good, name: [item, *inner[1:]]}


def queries(parameters: list[str]) -> Iterator[str]:
    """Return query strings that spoil the parameters."""
    for value in QUERIES:
        yield "&".join(f"{name}={value}" for name in parameters)
    for name in parameters:
        for value in SINGLE_QUERIES:
            yield f"{name}={value}"
