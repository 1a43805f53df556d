"""A folder for the files, a transaction, and documents of each kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from apps.accounts.models import Account
from apps.trans.tests.books import closed, recorded

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\x00" * 20
WEBP = b"RIFF\x1a\x00\x00\x00WEBPVP8 " + b"\x00" * 10
XML = '<?xml version="1.0" encoding="UTF-8"?><factura numero="42">ñandú</factura>'.encode()
TEXT = "Recibí de Ana $ 100.\n".encode()


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """Where the files of the tests go."""
    settings.ATTACHMENTS_DIR = tmp_path / "attachments"
    return settings.ATTACHMENTS_DIR


def stored(folder: Path) -> list[Path]:
    """Return the files that are there."""
    return sorted(path for path in folder.glob("*/*"))


def send(api: APIClient, trans_id: int, content: bytes = PDF, name: str = "factura.pdf") -> Any:
    """Send a document."""
    file = SimpleUploadedFile(name, content, content_type="text/html")
    return api.post(f"/api/trans/{trans_id}/attachments/", {"file": file}, format="multipart")


@pytest.fixture
def trans_id(teacher_api: APIClient, chart: dict[str, Account]) -> int:
    """A transaction that awaits verification."""
    return recorded(teacher_api, chart)["trans_id"]


@pytest.fixture
def closed_id(teacher_api: APIClient, chart: dict[str, Account]) -> int:
    """A closed transaction."""
    return closed(teacher_api, chart)["trans_id"]
