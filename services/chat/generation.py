"""A generation of the index, and reading the current one: whole and sound, or not at all."""

from __future__ import annotations

import contextlib
import functools
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.chat.documents import Document
from services.chat.forward import ForwardIndex
from services.chat.lexical import ImpactIndex, mapped
from services.chat.manifest import IndexMissing, Manifest, candidates, verified
from services.chat.spelling import Spellings
from services.chat.tables import head_line

VOCABULARY = "vocabulary.txt"
DIGESTS = "vectors.json"
LEXICAL = ("words", "grams", "titles", "spellings")
READ = "read"


@dataclass(frozen=True, slots=True)
class Section:
    """Where passages stand: a document and the headings above them."""

    document: int
    heading: tuple[str, ...]


@dataclass(frozen=True)
class Generation:
    """One state of the documents, ready to be searched.

    `spans` int32[P, 4]: section, start, end (characters of the document) and first sentence of each
    passage; `sentence_spans` int32[S, 2]; `heads` int32[S] where the head of the table begins that a sentence is
    a row of (or what tables.py says in its place).
    """

    name: str
    folder: Path
    manifest: Manifest
    documents: tuple[Document, ...]
    sections: tuple[Section, ...]
    spans: NDArray[np.int32]
    sentence_spans: NDArray[np.int32]
    heads: NDArray[np.int32]
    words: ImpactIndex
    grams: ImpactIndex
    titles: ImpactIndex
    read: ForwardIndex
    spellings: Spellings

    def section_of(self, passage: int) -> Section:
        """Return where a passage stands."""
        return self.sections[int(self.spans[passage, 0])]

    def document_of(self, passage: int) -> Document:
        """Return the document of a passage."""
        return self.documents[self.section_of(passage).document]

    @functools.cached_property
    def _names(self) -> list[str]:
        of_all: dict[str, int] = {}
        shown = []
        for document in self.documents:
            if document.owner is None:
                of_all[document.name] = turn = of_all.get(document.name, 0) + 1
                shown.append(f"{document.name} ({turn})" if turn > 1 else document.name)
            else:
                shown.append(document.name)
        return [
            f"{name} (de la empresa)" if document.owner is not None and name in of_all else name
            for name, document in zip(shown, self.documents, strict=True)
        ]

    def name_of(self, passage: int) -> str:
        """Return the name under which a passage's document is cited: no two that one company sees share it."""
        return self._names[self.section_of(passage).document]

    def text(self, passage: int) -> str:
        """Return a passage's text."""
        _section, start, end, _first = self.spans[passage]
        return self.document_of(passage).text[start:end]

    def sentences_of(self, passage: int) -> range:
        """Return the numbers of a passage's sentences."""
        end = self.spans[passage + 1, 3] if passage + 1 < len(self.spans) else len(self.sentence_spans)
        return range(int(self.spans[passage, 3]), int(end))

    def sentence(self, passage: int, sentence: int) -> str:
        """Return a sentence's text."""
        start, end = self.sentence_spans[sentence]
        return self.document_of(passage).text[start:end]

    def head_of(self, passage: int, sentence: int) -> str:
        """Return the head of the table that a sentence is a row of, at most HEAD_MAX characters; "" without one."""
        at = int(self.heads[sentence])
        return head_line(self.document_of(passage).text, at) if at >= 0 else ""


def load(root: Path) -> Generation:
    """Return the current generation, or the newest sound one; IndexMissing when none can be read."""
    for folder in candidates(root):
        with contextlib.suppress(IndexMissing):
            return _load(folder, verified(folder))
    raise IndexMissing


def _load(folder: Path, manifest: Manifest) -> Generation:
    spans = mapped(folder / "spans.npy")
    sentence_spans = mapped(folder / "sentence_spans.npy")
    rows = json.loads((folder / "sections.json").read_text(encoding="utf-8"))
    sections = tuple(Section(document, tuple(heading)) for document, heading in rows)
    counts = dict.fromkeys(LEXICAL, len(spans)) | {"spellings": manifest.vocabulary}
    vocabulary = (folder / VOCABULARY).read_text(encoding="utf-8")
    lexical = {name: ImpactIndex.load(folder, name, counts[name]) for name in LEXICAL}
    return Generation(
        name=folder.name,
        folder=folder,
        manifest=manifest,
        documents=tuple(
            Document(name, text, owner)
            for name, owner, text in json.loads((folder / "documents.json").read_text(encoding="utf-8"))
        ),
        sections=sections,
        spans=spans,
        sentence_spans=sentence_spans,
        heads=mapped(folder / "heads.npy"),
        words=lexical["words"],
        grams=lexical["grams"],
        titles=lexical["titles"],
        read=ForwardIndex.load(folder, READ, len(sections)),
        spellings=Spellings(lexical["spellings"], functools.cache(vocabulary.splitlines)),
    )
