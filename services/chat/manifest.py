"""What a generation of the index says of itself, and whether it is whole: read without loading it, or numpy.

A manifest names each file of its generation with its length and SHA-256. Lengths are looked at by whoever only asks
how the index is, digests before a generation is loaded.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from services.chat.analysis import ANALYSIS_VERSION

FORMAT = 12
CURRENT = "current"
MANIFEST = "manifest.json"
Facts = tuple[int, str]


class IndexMissing(Exception):
    """No index has been made yet, or none that can be read."""

    def __init__(self) -> None:
        """Say which command makes one."""
        super().__init__("There is no index that can be read: run `python manage.py init_chat`.")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The facts of a generation.

    `created_at` ISO 8601; `chunking` size and overlap of the passages, in characters; `vocabulary` counts words;
    `vectors` is 0 until they have been made, by the network whose name `embedder` is; `files` gives length and
    SHA-256 by name.
    """

    created_at: str
    chunking: tuple[int, int]
    documents: int
    passages: int
    vocabulary: int
    vectors: int = 0
    embedder: str = ""
    files: dict[str, Facts] = dataclasses.field(default_factory=dict)

    @property
    def has_vectors(self) -> bool:
        """Whether each passage has its vector."""
        return self.vectors == self.passages > 0


def seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest of what is in a folder, to the disk: what makes a generation of it."""
    files = sorted(file for file in folder.iterdir() if file.name != MANIFEST)
    told = dataclasses.asdict(manifest) | {"files": {file.name: _facts(file) for file in files}}
    with (folder / MANIFEST).open("w", encoding="utf-8") as out:
        json.dump({"format": FORMAT, "analysis": ANALYSIS_VERSION, **told}, out)
        out.flush()
        os.fsync(out.fileno())


def of_index(root: Path) -> Manifest:
    """Return the manifest of the generation that answers: the current one, or the newest whole one; IndexMissing."""
    for folder in candidates(root):
        with contextlib.suppress(IndexMissing):
            return whole(folder)
    raise IndexMissing


def of_current(root: Path) -> Manifest:
    """Return the manifest of the current generation alone; IndexMissing where it is not whole."""
    return whole(root / current_name(root))


def whole(folder: Path) -> Manifest:
    """Return a generation's manifest; IndexMissing where a file is lost or has another length."""
    return _checked(folder, lambda file, facts: file.stat().st_size == facts[0])


def verified(folder: Path) -> Manifest:
    """Return a generation's manifest; IndexMissing where any of its files is not what it says."""
    return _checked(folder, lambda file, facts: _facts(file) == tuple(facts))


def current_name(root: Path) -> str:
    """Return the current generation's name; IndexMissing when there is none."""
    try:
        return (root / CURRENT).read_text(errors="replace").strip()
    except OSError:
        raise IndexMissing from None


def candidates(root: Path) -> list[Path]:
    """Return the folders that may answer, the current one first, then older ones; IndexMissing without an index."""
    named = current_name(root)
    return [folder for folder in reversed(generations(root)) if folder.name <= named or not named.isdigit()]


def generations(root: Path) -> list[Path]:
    """Return the folders of the generations, oldest first, whole or not."""
    return sorted(entry for entry in root.iterdir() if entry.is_dir() and entry.name.isdigit())


def file_digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _checked(folder: Path, is_sound: Callable[[Path, Sequence[int | str]], bool]) -> Manifest:
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if (told.pop("format"), told.pop("analysis")) != (FORMAT, ANALYSIS_VERSION):
            raise IndexMissing
        manifest = Manifest(**told | {"chunking": tuple(told["chunking"])})
        sound = all(is_sound(folder / name, facts) for name, facts in manifest.files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        sound = False
    if not sound:
        raise IndexMissing
    return manifest


def _facts(file: Path) -> Facts:
    return file.stat().st_size, file_digest(file)
