"""A flat index of FAISS's, written and read without it."""

from __future__ import annotations

import numpy as np
import pytest

from services.chat.vector_store import FILE_NAME, SENTENCES, SentenceStore, VectorStore


@pytest.fixture
def unit_vectors():
    drawn = np.random.default_rng(7).normal(size=(50, 384)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_faiss_opens_what_is_written_and_finds_what_is_found(tmp_path, unit_vectors):
    faiss = pytest.importorskip("faiss")
    VectorStore(unit_vectors).save(tmp_path)
    store = VectorStore.load(tmp_path)
    theirs = faiss.read_index(str(tmp_path / FILE_NAME))

    assert np.array_equal(store.vectors(), unit_vectors)
    assert np.array_equal(theirs.reconstruct_n(0, 50), unit_vectors)
    found, order = theirs.search(unit_vectors[:1], 50)
    ours = store.similarities(unit_vectors[0])
    assert np.allclose(ours[order[0]], found[0], atol=1e-6)
    assert len(store) == 50


@pytest.mark.parametrize("count", [0, 1, 50])
def test_the_file_is_the_one_that_faiss_writes(tmp_path, unit_vectors, count):
    faiss = pytest.importorskip("faiss")
    theirs = faiss.IndexFlatIP(384)
    theirs.add(unit_vectors[:count])
    faiss.write_index(theirs, str(tmp_path / "theirs"))
    VectorStore(unit_vectors[:count]).save(tmp_path)

    assert (tmp_path / FILE_NAME).read_bytes() == (tmp_path / "theirs").read_bytes()


def test_an_empty_store_has_no_similarities(tmp_path):
    VectorStore(np.empty((0, 384), dtype=np.float32)).save(tmp_path)

    assert VectorStore.load(tmp_path).similarities(np.ones(384, dtype=np.float32)).shape == (0,)


@pytest.mark.parametrize("content", [b"", b"IxFI", b"x" * 5000, b"IxFI" + b"\x80\x01\0\0" + b"\xff" * 64])
def test_a_damaged_file_is_refused(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content)

    with pytest.raises(ValueError, match="no flat index"):
        VectorStore.load(tmp_path)


def test_sentences_in_8_bits_are_as_near_as_they_were(tmp_path, unit_vectors):
    SentenceStore.of(unit_vectors).save(tmp_path)
    store = SentenceStore.load(tmp_path, 50)
    chosen = np.array([3, 49, 0])

    assert np.allclose(store.similarities(unit_vectors[3], chosen), unit_vectors[chosen] @ unit_vectors[3], atol=0.01)
    assert store.vectors().dtype == np.int8


def test_a_sentence_of_nothing_is_like_nothing():
    store = SentenceStore.of(np.zeros((1, 384), dtype=np.float32))

    assert store.similarities(np.ones(384, dtype=np.float32), np.array([0])) == 0


@pytest.mark.parametrize("vectors", [np.zeros((3, 384), np.int8), np.zeros((4, 10), np.int8), np.zeros((4, 384))])
def test_vectors_of_other_sentences_are_refused(tmp_path, vectors):
    np.save(tmp_path / SENTENCES, vectors)

    with pytest.raises(ValueError, match="not of 4 vectors"):
        SentenceStore.load(tmp_path, 4)
