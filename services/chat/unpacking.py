"""Networks unpacked under the index's folder, once for all processes, so that they can be mapped into memory.

A folder is written beside its place, to the disk, its manifest last, and takes its name by one rename: a kill leaves
no half network, and one that is damaged is written anew. Who reads a network holds a lock on its manifest as long as
the process lives, so that no other takes it for one that nobody needs (decision 0048).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from services.chat.manifest import MANIFEST, file_digest

# By folder, open with a shared lock: other processes see by it that the network is in use.
_in_use: dict[Path, IO[bytes]] = {}


def unpacked(root: Path, name: str, write: Callable[[Path], None]) -> Path:
    """Return `root`'s folder of a network, which `write` fills where there is no sound one yet. OSError.

    Of several processes one writes and the others wait for it.
    """
    folder = root / name
    if _hold(folder) and is_sound(folder):
        return folder
    with _alone(root):
        if not is_sound(folder):
            _write(folder, write)
        _hold(folder)
    return folder


def tidy(root: Path, needed: str | None) -> None:
    """Look at every byte of the needed network and remove the others that no process has in use. OSError.

    A damaged one is written anew by the next process that asks for it; those that have it open keep what they have.
    """
    if not root.is_dir():
        return
    with _alone(root):
        for folder in [entry for entry in root.iterdir() if entry.is_dir()]:
            if folder.name != needed:
                _remove_unused(folder)
            elif not is_sound(folder, whole=True):
                (folder / MANIFEST).unlink(missing_ok=True)


def is_sound(folder: Path, *, whole: bool = False) -> bool:
    """Return whether each file has its length and its time, or else its digest; with `whole` each has its digest."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(files) and all(_is_intact(folder / file, facts, whole) for file, facts in files.items())
    except (OSError, ValueError, AttributeError):
        return False


def _is_intact(file: Path, facts: list[int | str], whole: bool) -> bool:
    length, written_ns, digest = facts
    found = file.stat()
    if found.st_size != length:
        return False
    # A copy of the folder may have other times.
    return (found.st_mtime_ns == written_ns and not whole) or file_digest(file) == digest


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Hold the right to change the folders of networks."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _hold(folder: Path) -> bool:
    """Let others see that the network is in use; returns whether there is one."""
    try:
        manifest = (folder / MANIFEST).open("rb")
    except OSError:
        return False
    fcntl.flock(manifest, fcntl.LOCK_SH)
    _in_use[folder] = manifest
    return True


def _remove_unused(folder: Path) -> None:
    try:
        with (folder / MANIFEST).open("rb") as manifest:
            fcntl.flock(manifest, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder)
    except BlockingIOError:
        return
    except FileNotFoundError:  # begun by a process that was killed, or damaged
        shutil.rmtree(folder)


def _write(folder: Path, write: Callable[[Path], None]) -> None:
    begun = folder.with_name(f"{folder.name}.begun")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir()
    try:
        write(begun)
        _seal(begun)
        shutil.rmtree(folder, ignore_errors=True)
        begun.rename(folder)
    finally:
        shutil.rmtree(begun, ignore_errors=True)


def _seal(folder: Path) -> None:
    files = sorted(folder.iterdir())
    for file in files:
        with file.open("rb") as written:
            os.fsync(written.fileno())
    with (folder / MANIFEST).open("w", encoding="utf-8") as out:
        json.dump({file.name: _facts(file) for file in files}, out)
        out.flush()
        os.fsync(out.fileno())


def _facts(file: Path) -> list[int | str]:
    found = file.stat()
    return [found.st_size, found.st_mtime_ns, file_digest(file)]
