"""The documents' words are found by their sound, in time that does not grow with what is asked."""

from __future__ import annotations

from services.chat import index
from services.chat.documents import Document
from services.chat.spelling import LENGTH_MAX, Spellings


def spellings_of(root, *words):
    with index.building(root):
        return index.build(root, [Document("a.md", " ".join(words))], size=500, overlap=50).spellings


def test_the_nearest_words_come_first(root):
    found = spellings_of(root, "factura", "facturas", "facturar", "proveedor", "cuenta").like("faktura")

    assert found[0] == ("factura", 1.0)
    assert {word for word, _nearness in found} <= {"factura", "facturas", "facturar"}


def test_what_shares_no_sound_is_not_meant(root):
    assert spellings_of(root, "factura", "proveedor").like("mmmm") == []
    assert spellings_of(root, "1 2 3").like("factura") == []


def test_no_word_is_longer_than_one_that_is_typed(root):
    longest, longer = "ab" * (LENGTH_MAX // 2), "ab" * (LENGTH_MAX // 2) + "a"
    found = spellings_of(root, longest, longer)

    assert list(found.words()) == [longest]
    assert found.like(longest) == [(longest, 1.0)]
    assert found.like(longer) == []


class CountedWords(list):
    """The words, and how often one was read."""

    read = 0

    def __getitem__(self, number):
        self.read += 1
        return super().__getitem__(number)


def test_two_in_one_looks_only_for_words_that_there_can_be(root):
    held = spellings_of(root, "cuenta", "corriente")
    words = CountedWords(held.words())

    assert held.two_in_one("cuentacorriente") == ("cuenta", "corriente")
    assert Spellings(held.index, lambda: words).two_in_one("a" * 10_000) is None
    assert words.read == 0
