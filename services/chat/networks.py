"""Networks unpacked under the index's folder, once for all processes, so that they can be mapped into memory.

A folder is written beside its place, to the disk, its manifest last, and takes its name by one rename: a kill leaves
no half network, and one that is damaged is written anew.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from services.chat.generation import MANIFEST, file_digest

# Larger files are known by their size alone: the digest of 65 MB would cost each process a fifth of a second.
DIGEST_MAX_BYTES = 4_000_000


def unpacked(root: Path, name: str, write: Callable[[Path], None]) -> Path:
    """Return `root`'s folder of a network, which `write` fills where there is no sound one yet. OSError.

    Of several processes one writes and the others wait for it. Other networks' folders go with it.
    """
    folder = root / name
    if is_sound(folder):
        return folder
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_sound(folder):
            for other in [entry for entry in root.iterdir() if entry.is_dir()]:
                shutil.rmtree(other)
            begun = root / f"{name}.begun"
            begun.mkdir()
            try:
                write(begun)
                _seal(begun)
                begun.rename(folder)
            finally:
                shutil.rmtree(begun, ignore_errors=True)
    return folder


def is_sound(folder: Path) -> bool:
    """Return whether a folder is whole: each file has its size, and the smaller ones their digest."""
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return bool(files) and all(_facts(folder / file) == facts for file, facts in files.items())
    except (OSError, ValueError, AttributeError):
        return False


def _facts(file: Path) -> list[int | str]:
    size = file.stat().st_size
    return [size, file_digest(file) if size <= DIGEST_MAX_BYTES else ""]


def _seal(folder: Path) -> None:
    files = sorted(folder.iterdir())
    for file in files:
        with file.open("rb") as written:
            os.fsync(written.fileno())
    with (folder / MANIFEST).open("w", encoding="utf-8") as out:
        json.dump({file.name: _facts(file) for file in files}, out)
        out.flush()
        os.fsync(out.fileno())
