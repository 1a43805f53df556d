"""Making the pages of a book: in the request up to ONE_DOCUMENT_LINES, above in a process of its own."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext as _

from apps.books import pages
from apps.books.actions import claim_pages, keep_pages, release_pages
from apps.books.errors import AlreadyDissolved, PagesFailed
from apps.books.models import BookStatus, DailyBook
from apps.books.queries import content_of
from ledger.money import pesos
from services.daily.libro_diario import ONE_DOCUMENT_LINES, render
from services.daily.typesetting import TypesettingFailed

logger = logging.getLogger(__name__)


def pages_of(book: DailyBook) -> bytes | None:
    """Return the PDF of a book; None while those of a large one are being made.

    Raises AlreadyDissolved, PagesFailed.
    """
    if book.status == BookStatus.DISSOLVED:
        raise AlreadyDissolved
    found = pages.kept(book)
    if found is not None or _left_to_a_process(book):
        return found
    return _make(book)


def prepare(book: DailyBook) -> None:
    """Have the pages made with the book; where that fails, whoever asks for them makes them."""
    if not _left_to_a_process(book):
        try:
            _make(book)
        except PagesFailed:
            logger.warning("book.unprepared", extra={"book_id": book.pk})


def make_under(book: DailyBook, lease: str, tell: Callable[[int], None] = lambda _percent: None) -> None:
    """Make and keep the pages of a book whose lease is held here, and give it back. Raises PagesFailed."""

    def step(done: int, every: int) -> None:
        percent = 100 * done // every
        keep_pages(book.pk, lease, percent)
        tell(percent)

    try:
        _render(book, step)
    finally:
        release_pages(book.pk, lease)


def _left_to_a_process(book: DailyBook) -> bool:
    """Start the process that makes the pages of a large book, unless one is at it; False for a small one."""
    if book.lines_count <= ONE_DOCUMENT_LINES:
        return False
    lease = claim_pages(book.pk)
    if lease is not None:
        command = [
            sys.executable, str(settings.BASE_DIR / "manage.py"), "render_daily_book", str(book.pk), "--lease", lease,
        ]
        subprocess.Popen(  # noqa: S603 - our own command
            command, env=os.environ | {"DATABASE_URL": settings.DATABASE_URL, "DATA_DIR": str(settings.DATA_DIR)},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
        )
    return True


def _make(book: DailyBook) -> bytes:
    return _render(book, lambda _done, _every: None)


def _render(book: DailyBook, tell: Callable[[int, int], None]) -> bytes:
    try:
        made = render(content_of(book), page_words(), pesos, tell)
    except TypesettingFailed as error:
        logger.error("book.pages_failed", exc_info=error, extra={"book_id": book.pk})
        raise PagesFailed from error
    pages.keep(book, made)
    return made


def page_words() -> dict[str, str]:
    """Return the texts of the page, by the names of libro_diario.WORDS."""
    return {
        "title": _("Daily book"),
        "period": _("From %(from)s to %(to)s"),
        "folio": _("Folio"),
        "asiento": _("Entry No. %(number)d · %(date)s"),
        "continued": _("(continued)"),
        "account": _("Account"),
        "debit": _("Debit"),
        "credit": _("Credit"),
        "brought": _("Brought forward"),
        "carried": _("Carried forward"),
        "totals": _("Totals"),
        "count": _("Entries: %(count)d. Lines: %(lines)d."),
        "digest": _("SHA-256 of the content"),
    }
