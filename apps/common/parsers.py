"""Reading bodies that may be hostile."""

from __future__ import annotations

from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser

JSON_DEPTH_MAX = 64


class StrictJSONParser(JSONParser):
    """Refuses what Python's parser lets through: deep nesting and text that is not Unicode."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> Any:
        """Return the document; ParseError (400) when it is not JSON, too deep or not text.

        A `null` is no data: whoever reads it says what is missing.
        """
        try:
            document = super().parse(stream, media_type, parser_context)
        except RecursionError:
            raise _too_deep() from None
        except ParseError as error:
            raise ParseError(_("The body is not valid JSON in UTF-8.")) from error
        _check(document)
        return {} if document is None else document


class StrictMultiPartParser(MultiPartParser):
    """Says what is wrong in the reader's language."""

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return fields and files; ParseError (400) when the parts cannot be told from each other."""
        try:
            return super().parse(stream, media_type, parser_context)
        except ParseError as error:
            raise ParseError(_("The body is not valid multipart/form-data.")) from error


def _check(document: Any) -> None:
    """Walk without recursion: a document made to exhaust the stack must not do so here."""
    level: list[Any] = [document]
    for _depth in range(JSON_DEPTH_MAX):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str) and not value.isascii():
                _check_text(value)
        if not below:
            return
        level = below
    raise _too_deep()


def _check_text(value: str) -> None:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise ParseError(
            _("The text holds half a character (a lone surrogate): send valid Unicode.")
        ) from None


def _too_deep() -> ParseError:
    return ParseError(_("The JSON is nested deeper than %(depth)d levels.") % {"depth": JSON_DEPTH_MAX})
