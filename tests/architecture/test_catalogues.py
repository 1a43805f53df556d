"""Everything a user reads is there in Spanish and in English."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ROOMS = ["apps", "config", "ledger", "services", "web"]
KEYWORDS = {
    "_": None, "_now": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None, "ngettext": (1, 2),
    "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "pgettext_lazy": ((1, "c"), 2),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue(language: str) -> Catalog:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as source:
        return read_po(source, locale=language)


def texts_in_code() -> set[str]:
    found = set()
    for room in ROOMS:
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / room, method_map=[("**/tests/**", "ignore"), ("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_text_is_translated(language):
    known = catalogue(language)

    missing = {text for text in texts_in_code() if not (known.get(text) and known.get(text).string)}

    assert missing == set()


@pytest.mark.parametrize("language", ["es", "en"])
def test_no_translation_is_a_guess_or_loses_a_placeholder(language):
    for message in catalogue(language):
        if not message.id:
            continue
        source = _forms(message.id)[-1]
        assert not message.fuzzy, source
        for target in _forms(message.string):
            assert sorted(PLACEHOLDER.findall(target)) == sorted(PLACEHOLDER.findall(source)), source


@pytest.mark.parametrize("language", ["es", "en"])
def test_what_is_compiled_is_what_is_written(language):
    compiled = read_mo(BytesIO((ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").read_bytes()))

    assert _pairs(compiled) == _pairs(catalogue(language))


def _pairs(messages: Catalog) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    return sorted((_forms(message.id), _forms(message.string)) for message in messages if message.id)


def _forms(text: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)
