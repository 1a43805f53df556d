"""The files of attachments: random names in a folder outside the web root, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings

from apps.attachments.errors import FileMissing

_PART = ".part"
# A file newer than this may belong to a transaction that is being committed.
ORPHAN_AGE_S = 24 * 60 * 60


def store(content: bytes) -> str:
    """Write a file to the disk for good, and return its name."""
    name = uuid.uuid4().hex
    target = _path(name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_suffix(_PART)
    with part.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    return name


def read(name: str) -> bytes:
    """Return a file; FileMissing where it is not there."""
    try:
        return _path(name).read_bytes()
    except FileNotFoundError as error:
        raise FileMissing from error


def remove(names: Iterable[str]) -> None:
    """Delete files; one that is gone already is no matter."""
    for name in names:
        _path(name).unlink(missing_ok=True)


def exists(name: str) -> bool:
    """Return whether the file is there."""
    return _path(name).is_file()


def digest(name: str) -> str:
    """Return the SHA-256 of a file; FileMissing."""
    return hashlib.sha256(read(name)).hexdigest()


def old_files() -> Iterator[str]:
    """Yield the names of the files that are older than a day, finished or not."""
    before = time.time() - ORPHAN_AGE_S
    for path in settings.ATTACHMENTS_DIR.glob("*/*"):
        if path.stat().st_mtime < before:
            yield path.name


def remove_orphan(name: str) -> None:
    """Delete a file, finished or not, by the name that `old_files` gave."""
    (settings.ATTACHMENTS_DIR / name[:2] / name).unlink(missing_ok=True)


def _path(name: str) -> Path:
    folder: Path = settings.ATTACHMENTS_DIR
    return folder / name[:2] / name
