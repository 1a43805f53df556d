"""An archive: a zip of files under a manifest that names each with its size and SHA-256.

It appears under its name only when it is whole and on the disk; what is not as its manifest says is
never unpacked.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

MANIFEST = "manifest.json"
PART = ".part"
_CHUNK = 1 << 20
_MANIFEST_BYTES_MAX = 64 << 20


class Damaged(Exception):
    """The archive is not what was written; the text says where."""


class NotAnArchive(Damaged):
    """The file is no archive of this kind."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of an archive, as its manifest states it."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself: its kind, the version of its format, facts of its maker, its files."""

    kind: str
    format: int
    facts: Mapping[str, Any]
    files: tuple[File, ...]

    def named(self, name: str) -> File:
        """Return the file of that name; Damaged where there is none."""
        found = next((file for file in self.files if file.name == name), None)
        if found is None:
            raise Damaged(f"{name} is missing")
        return found


class Writer:
    """Takes files into an archive under way."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self.files: list[File] = []

    def add(self, name: str, source: Path) -> None:
        """Take in a file from the disk."""
        with source.open("rb") as handle:
            self.add_stream(name, iter(lambda: handle.read(_CHUNK), b""))

    def add_stream(self, name: str, pieces: Iterator[bytes]) -> None:
        """Take in a file piece by piece."""
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as member:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                member.write(piece)
        self.files.append(File(name, size, digest.hexdigest()))


@contextmanager
def writing(path: Path, *, kind: str, version: int, facts: Callable[[], Mapping[str, Any]]) -> Iterator[Writer]:
    """Write an archive: the block adds files, its end the manifest, with the `facts` as they are then.

    Readable by its owner alone. After an error nothing is left.
    """
    part = path.with_name(f"{path.name}{PART}")
    part.unlink(missing_ok=True)
    try:
        with (
            os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as handle,
            zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as zipped,
        ):
            writer = Writer(zipped)
            yield writer
            files = [[file.name, file.size, file.sha256] for file in writer.files]
            manifest = {"kind": kind, "format": version, **facts(), "files": files}
            zipped.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
            zipped.close()
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


class Reader:
    """An archive whose manifest has been read."""

    def __init__(self, zipped: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip = zipped
        self.manifest = manifest

    def check(self) -> None:
        """Read everything and raise Damaged where it is not as the manifest says."""
        for file in self.manifest.files:
            for _piece in self.pieces(file):
                pass

    def pieces(self, file: File) -> Iterator[bytes]:
        """Yield a file's bytes; Damaged, at the latest after the last of them, where they are others."""
        digest, size = hashlib.sha256(), 0
        try:
            with self._zip.open(file.name) as member:
                for piece in _chunks(member):
                    size += len(piece)
                    if size > file.size:  # before it fills a disk
                        raise Damaged(f"{file.name} is larger than it was")
                    digest.update(piece)
                    yield piece
        except _UNREADABLE as error:
            raise Damaged(f"{file.name}: {error}") from error
        if (size, digest.hexdigest()) != (file.size, file.sha256):
            raise Damaged(f"{file.name} is not what was written")

    def extract(self, file: File, to: Path) -> None:
        """Write a file to the disk; Damaged leaves nothing there."""
        to.parent.mkdir(parents=True, exist_ok=True)
        part = to.with_name(f"{to.name}{PART}")
        try:
            with part.open("wb") as handle:
                for piece in self.pieces(file):
                    handle.write(piece)
                handle.flush()
                os.fsync(handle.fileno())
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def reading(path: Path, *, kind: str) -> Iterator[Reader]:
    """Open an archive; NotAnArchive, or Damaged where its manifest cannot be read."""
    try:
        zipped = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise NotAnArchive(str(error)) from error
    with zipped:
        yield Reader(zipped, _manifest(zipped, kind))


# What reading a damaged zip raises: its own errors, zlib's, and those of damaged lengths and flags.
_UNREADABLE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, KeyError, NotImplementedError, OSError, RuntimeError,
    ValueError, zlib.error,
)


def _chunks(member: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: member.read(_CHUNK), b"")


def _manifest(zipped: zipfile.ZipFile, kind: str) -> Manifest:
    try:
        if zipped.getinfo(MANIFEST).file_size > _MANIFEST_BYTES_MAX:
            raise Damaged(f"{MANIFEST} is too large")
        read = json.loads(zipped.read(MANIFEST))
        files = tuple(File(str(name), int(size), str(digest)) for name, size, digest in read.pop("files"))
        found = Manifest(str(read.pop("kind")), int(read.pop("format")), read, files)
    except KeyError as error:
        raise NotAnArchive(f"{error} is missing") from error
    except (*_UNREADABLE, TypeError, AttributeError) as error:
        raise Damaged(f"{MANIFEST}: {error}") from error
    if found.kind != kind:
        raise NotAnArchive(f"{found.kind} is not {kind}")
    for file in found.files:
        _must_stay_inside(file.name)
    return found


def _must_stay_inside(name: str) -> None:
    """Refuse a name by which unpacking would write outside its folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name or not path.parts:
        raise Damaged(f"{name!r} is no name of a file")


def _sync_folder(folder: Path) -> None:
    """Let the new name survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
