"""Generations: whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from services.chat import index, manifest
from services.chat.documents import Document
from services.chat.index import RebuildRunning
from services.chat.manifest import IndexMissing
from services.chat.vector_store import SentenceStore, VectorStore


def rebuild(root, documents):
    with index.building(root):
        return index.build(root, documents, size=500, overlap=50)


def test_nothing_is_there_before_the_first(root):
    root.mkdir()
    with pytest.raises(IndexMissing, match="init_chat"):
        index.load(root)


def test_a_generation_reads_back_as_it_was_written(root, generation):
    again = index.load(root)

    assert [again.text(number) for number in range(len(again.spans))] == [
        generation.text(number) for number in range(len(generation.spans))
    ]
    assert again.section_of(0).heading == ("Manual de cuentas", "Mercaderías")


def test_readers_keep_theirs_while_a_new_one_is_made(root, generation, documents):
    before = generation.text(0)

    for _time in range(3):
        newest = rebuild(root, [Document("otro.md", "Un texto nuevo.")])

    assert index.load(root).name == newest.name == "000004"
    assert generation.text(0) == before
    assert generation.words.scores([0]).shape == (len(generation.spans),)


@pytest.mark.parametrize("name", ["words.impacts.npy", "documents.json", "manifest.json", "spans.npy"])
def test_a_damaged_generation_is_never_loaded(root, generation, documents, name):
    newest = rebuild(root, documents)
    file = newest.folder / name
    file.write_bytes(file.read_bytes()[:-7] + b"garbage")

    assert index.load(root).name == generation.name

    for old in root.glob("0*"):
        (old / name).write_bytes(b"")
    with pytest.raises(IndexMissing):
        index.load(root)


def test_an_index_of_another_format_is_none(root, generation, documents, monkeypatch):
    monkeypatch.setattr(manifest, "FORMAT", manifest.FORMAT + 1)

    with pytest.raises(IndexMissing):
        index.load(root)
    rebuild(root, documents)
    assert index.load(root).name == "000002"


@pytest.mark.parametrize("pointer", [b"", b"../../etc", b"\0", b"\xff\xfe", b"999999"])
def test_a_damaged_pointer_leaves_the_newest_generation(root, generation, pointer):
    (root / "current").write_bytes(pointer)

    assert index.load(root).name == generation.name


def test_two_cannot_be_made_at_once(root):
    with index.building(root), pytest.raises(RebuildRunning), index.building(root):
        pass
    with index.building(root):
        pass


def test_vectors_follow_and_are_kept_by_content(root, generation, documents, letters):
    with index.embedding(root):
        dense = index.add_vectors(root, letters.passages)
    kept = VectorStore.load(dense.folder).vectors()
    asked = []
    for _killed_before_its_vectors in range(3):
        rebuild(root, [*documents, Document("nuevo.md", "Un párrafo nuevo.")])
    with index.embedding(root):
        again = index.add_vectors(root, lambda told: asked.extend(told) or letters.passages(told))

    assert dense.manifest.has_vectors
    assert again.manifest.has_vectors
    assert not generation.manifest.has_vectors
    assert [list(passage.sentences) for passage in asked] == [["Un párrafo nuevo."]]
    assert np.array_equal(VectorStore.load(again.folder).vectors()[: len(kept)], kept)
    sentences = SentenceStore.load(again.folder, len(again.sentence_spans))
    for passage in range(len(again.spans)):
        for sentence in again.sentences_of(passage):
            asked_for = letters.question(again.sentence(passage, sentence))
            assert sentences.similarities(asked_for, np.array([sentence])) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("delay_s", [0.3, 0.5, 0.7])
def test_a_kill_leaves_the_old_one_and_frees_the_right_to_build(root, generation, documents, delay_s):
    script = (
        "import sys, pathlib; from services.chat import index; from services.chat.documents import Document\n"
        "root = pathlib.Path(sys.argv[1])\n"
        "with index.building(root):\n"
        "    print('made', flush=True)\n"
        "    while True: index.build(root, [Document('a.md', 'x. ' * 5000)], size=500, overlap=50)\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(root)], stdout=subprocess.PIPE)
    process.stdout.readline()
    time.sleep(delay_s)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    assert index.load(root).spans.shape[1] == 4
    assert rebuild(root, documents).text(0).startswith("Representa los bienes")


def test_words_are_made_anew_while_vectors_are_made_and_get_theirs(root, generation, documents, letters):
    rebuilt = []

    def embed(told):
        if not rebuilt:  # a document is added in the middle
            rebuilt.append(rebuild(root, [*documents, Document("nuevo.md", "Un párrafo nuevo.")]))
            assert index.load(root).name == rebuilt[0].name
        return letters.passages(told)

    with index.embedding(root):
        dense = index.add_vectors(root, embed, embedder="letters")

    assert dense.manifest.has_vectors
    assert [document.name for document in dense.documents][-1] == "nuevo.md"
    assert len(VectorStore.load(dense.folder)) == len(dense.spans) > len(generation.spans)


def test_vectors_cannot_be_made_twice_at_once(root, generation):
    with index.embedding(root), pytest.raises(RebuildRunning), index.embedding(root):
        pass
