"""Making the index: generations in numbered folders, of which one is current.

A generation is written whole, its manifest with every file's checksum last, and becomes current by
one atomic rename; readers keep the one they hold until they are done with it. A kill at any moment
leaves the old one current, and a damaged one is never loaded.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import fcntl
import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.chat.analysis import fold, grams, terms
from services.chat.analysis import words as words_of
from services.chat.config import EMBEDDING_DIMENSION as DIMENSION
from services.chat.documents import Document, Passage, clean, passages, title_terms
from services.chat.forward import ForwardIndex
from services.chat.generation import (
    DIGESTS,
    READ,
    VOCABULARY,
    Generation,
    Section,
    load,
)
from services.chat.lexical import ImpactIndex, mapped
from services.chat.manifest import (
    CURRENT,
    MANIFEST,
    IndexMissing,
    Manifest,
    current_name,
    generations,
    seal,
    verified,
)
from services.chat.markup import plain
from services.chat.meaning import Made, Told
from services.chat.spelling import LENGTH_MAX, LENGTH_MIN, sound_grams
from services.chat.tables import head_line, heads, is_row
from services.chat.vector_store import FILE_NAME as VECTORS
from services.chat.vector_store import SENTENCES, SentenceStore, VectorStore

__all__ = ["RebuildRunning", "add_vectors", "build", "building", "current_name", "embedding", "load"]

HEADING_WEIGHT = 1.5

Progress = Callable[[int, int], None]
Embed = Callable[[Sequence[Told]], Made]
_NO_SENTENCES = np.empty((0, DIMENSION), dtype=np.int8)


class RebuildRunning(Exception):
    """Another process is making the index right now."""

    def __init__(self) -> None:
        super().__init__("Another process is making the index: wait until it has ended.")


class _Embedded(NamedTuple):
    passage: NDArray[np.float32]
    sentences: NDArray[np.int8]


@dataclass(frozen=True)
class _Draft:
    documents: list[Document]
    sections: list[Section]
    passages: list[tuple[int, Passage]]
    # Of each sentence, in the passages' order.
    heads: list[int]


@contextlib.contextmanager
def building(root: Path) -> Iterator[None]:
    """Hold the right to make the index; RebuildRunning when another process does. A kill frees it."""
    with _alone(root, "lock"):
        yield


@contextlib.contextmanager
def embedding(root: Path) -> Iterator[None]:
    """Hold the right to make vectors, for the minutes of which words may be made anew; RebuildRunning, as above."""
    with _alone(root, "lock-vectors"):
        yield


@contextlib.contextmanager
def _alone(root: Path, lock: str, *, waits: bool = False) -> Iterator[None]:
    root.mkdir(parents=True, exist_ok=True)
    with (root / lock).open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise RebuildRunning from None
        yield


def build(
    root: Path, documents: Sequence[Document], *, size: int, overlap: int, progress: Progress | None = None
) -> Generation:
    """Write a generation of the documents, without vectors, and make it current. Call within `building`."""
    draft = _cut(documents, size, overlap)
    with _new_folder(root) as folder:
        _write_lexical(folder, draft, progress or (lambda _done, _all: None))
        _write_documents(folder, draft)
        seal(folder, _manifest(folder, draft, chunking=(size, overlap)))
    return _publish(root, folder)


def add_vectors(
    root: Path, embed: Embed, *, embedder: str = "", batch: int = 32, progress: Progress | None = None
) -> Generation:
    """Write the current generation again with vectors, and make that current. Call within `embedding`.

    Passages whose text an older generation has embedded, by the same `embedder`, keep their vectors. One that becomes
    current meanwhile is embedded in its turn.
    """
    with _alone(root, "lock", waits=True):
        known = _known(root, embedder)
    while True:
        current = load(root)
        told = [_told(current, number) for number in range(len(current.spans))]
        digests = [_digest(passage) for passage in told]
        todo = [number for number, digest in enumerate(digests) if digest not in known]
        for start in range(0, len(todo), batch):
            chosen = todo[start : start + batch]
            read = _read(embed, [told[number] for number in chosen])
            known |= zip((digests[number] for number in chosen), read, strict=True)
            if progress:
                progress(min(start + batch, len(todo)), len(todo))
        with _alone(root, "lock", waits=True):
            if load(root).name == current.name:
                return _with_vectors(root, current, embedder, digests, [known[digest] for digest in digests])


def _with_vectors(
    root: Path, current: Generation, embedder: str, digests: Sequence[str], embedded: Sequence[_Embedded]
) -> Generation:
    passages = np.array([one.passage for one in embedded], dtype=np.float32)
    sentences = np.concatenate([_NO_SENTENCES, *(one.sentences for one in embedded)])
    with _new_folder(root) as folder:
        for file in current.folder.iterdir():
            if file.name not in {MANIFEST, VECTORS, SENTENCES, DIGESTS}:
                os.link(file, folder / file.name)
        VectorStore(passages.reshape(-1, DIMENSION)).save(folder)
        SentenceStore(sentences).save(folder)
        (folder / DIGESTS).write_text(json.dumps(digests))
        seal(folder, dataclasses.replace(current.manifest, vectors=len(embedded), embedder=embedder))
    return _publish(root, folder)


def _told(generation: Generation, passage: int) -> Told:
    """Return what the network reads of a passage."""
    return Told(
        " > ".join(generation.section_of(passage).heading),
        [plain(generation.sentence(passage, sentence)) for sentence in generation.sentences_of(passage)],
    )


def _embedded(root: Path, embedder: str) -> Path | None:
    """Return the newest sound generation whose vectors this network has made."""
    for folder in sorted(generations(root), reverse=True):
        if (folder / DIGESTS).is_file() and (folder / MANIFEST).is_file():
            with contextlib.suppress(IndexMissing):
                if verified(folder).embedder == embedder:
                    return folder
    return None


def _known(root: Path, embedder: str) -> dict[str, _Embedded]:
    """Return the vectors that are there already, by the digest of what was read."""
    folder = _embedded(root, embedder)
    if folder is None:
        return {}
    firsts, count = mapped(folder / "spans.npy")[:, 3], len(mapped(folder / "sentence_spans.npy"))
    sentences = np.split(SentenceStore.load(folder, count).vectors(), firsts[1:])
    digests = json.loads((folder / DIGESTS).read_text())
    return dict(zip(digests, map(_Embedded, VectorStore.load(folder).vectors(), sentences), strict=True))


def _read(embed: Embed, told: Sequence[Told]) -> Iterator[_Embedded]:
    made = embed(told)
    ends = np.cumsum([len(passage.sentences) for passage in told])
    yield from map(_Embedded, made.passages, np.split(SentenceStore.of(made.sentences).vectors(), ends[:-1]))


def _digest(told: Told) -> str:
    return hashlib.sha256("\0".join((told.heading, *told.sentences)).encode()).hexdigest()


def _cut(documents: Sequence[Document], size: int, overlap: int) -> _Draft:
    draft = _Draft([], [], [], [])
    for number, raw in enumerate(documents):
        document = Document(raw.name, clean(raw.text), raw.owner)
        draft.documents.append(document)
        last = -1
        found = passages(document.text, size=size, overlap=overlap)
        starts = [sentence.start for passage in found for sentence in passage.sentences]
        draft.heads.extend(heads(document.text, starts))
        for passage in found:
            if passage.section != last:
                draft.sections.append(Section(number, passage.heading))
                last = passage.section
            draft.passages.append((len(draft.sections) - 1, passage))
    return draft


def _write_lexical(folder: Path, draft: _Draft, progress: Progress) -> None:
    words: list[Counter[str]] = []
    spans = np.empty((len(draft.passages), 4), dtype=np.int32)
    sentence_spans: list[tuple[int, int]] = []
    for number, (section, passage) in enumerate(draft.passages):
        text = draft.documents[draft.sections[section].document].text
        spans[number] = section, passage.span.start, passage.span.end, len(sentence_spans)
        body = Counter(terms(text[passage.span.start : passage.span.end]))
        words.append(_with_heading(body, passage.heading))
        sentence_spans += [(sentence.start, sentence.end) for sentence in passage.sentences]
        progress(number + 1, len(draft.passages))
    np.save(folder / "spans.npy", spans)
    np.save(folder / "heads.npy", np.array(draft.heads, dtype=np.int32))
    np.save(folder / "sentence_spans.npy", np.array(sentence_spans, dtype=np.int32).reshape(-1, 2))
    index = ImpactIndex.build(words)
    index.save(folder, "words")
    _write_read(folder, draft, index)
    ImpactIndex.build([_grams_of(unit) for unit in words]).save(folder, "grams")
    titles = [frozenset(title_terms(passage.heading)) for _section, passage in draft.passages]
    ImpactIndex.build_shares(titles).save(folder, "titles")
    _write_vocabulary(folder, draft)


def _write_read(folder: Path, draft: _Draft, index: ImpactIndex) -> None:
    """Write what reading needs of each sentence and section."""
    sentences: list[str] = []
    heads: list[str | None] = []
    for section, passage in draft.passages:
        text = draft.documents[draft.sections[section].document].text
        for span in passage.sentences:
            at = draft.heads[len(sentences)]
            sentences.append(text[span.start : span.end])
            heads.append(head_line(text, at) if at >= 0 and is_row(sentences[-1]) else None)
    headings = [section.heading for section in draft.sections]
    ForwardIndex.build(sentences, heads, headings, index).save(folder, READ)


def _write_vocabulary(folder: Path, draft: _Draft) -> None:
    """Write the documents' words, one a line, and the index that finds them by their sound."""
    texts = [document.text for document in draft.documents]
    vocabulary = sorted({
        fold(word) for text in texts for word in words_of(text)
        if LENGTH_MIN <= len(word) <= LENGTH_MAX and word.isalpha()
    })
    (folder / VOCABULARY).write_text("\n".join(vocabulary), encoding="utf-8")
    ImpactIndex.build([Counter(sound_grams(word)) for word in vocabulary]).save(folder, "spellings")


def _with_heading(body: Counter[str], heading: tuple[str, ...]) -> Counter[str]:
    """Return the frequencies with the headings' terms, the nearest heading counting most."""
    weighted: Counter[str] = Counter(body)
    for distance, title in enumerate(reversed(heading)):
        for term in terms(title):
            weighted[term] += HEADING_WEIGHT / (1 + distance)  # type: ignore[assignment]
    return weighted


def _grams_of(unit: Counter[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for term, frequency in unit.items():
        for gram in grams(term):
            found[gram] += frequency
    return found


def _write_documents(folder: Path, draft: _Draft) -> None:
    (folder / "documents.json").write_text(json.dumps(
        [[document.name, document.owner, document.text] for document in draft.documents], ensure_ascii=False
    ), encoding="utf-8")
    (folder / "sections.json").write_text(json.dumps(
        [[section.document, section.heading] for section in draft.sections], ensure_ascii=False
    ), encoding="utf-8")


def _manifest(folder: Path, draft: _Draft, *, chunking: tuple[int, int]) -> Manifest:
    return Manifest(
        created_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        chunking=chunking,
        documents=len(draft.documents),
        passages=len(draft.passages),
        vocabulary=len((folder / VOCABULARY).read_text(encoding="utf-8").splitlines()),
    )


@contextlib.contextmanager
def _new_folder(root: Path) -> Iterator[Path]:
    last = max((int(folder.name) for folder in generations(root)), default=0)
    folder = root / f"{last + 1:06}"
    folder.mkdir()
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _publish(root: Path, folder: Path) -> Generation:
    pointer = root / f"{CURRENT}.new"
    pointer.write_text(folder.name)
    pointer.replace(root / CURRENT)
    # The previous one stays for readers on the point of opening it, the last vectors for the next ones.
    found = generations(root)
    kept = {folder, *found[-2:], *[old for old in found if (old / DIGESTS).is_file()][-1:]}
    for old in found:
        if old not in kept:
            shutil.rmtree(old, ignore_errors=True)
    return load(root)
