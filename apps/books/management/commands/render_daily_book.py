"""`manage.py render_daily_book BOOK`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.books.actions import claim_pages
from apps.books.errors import PagesFailed
from apps.books.models import DailyBook
from apps.books.rendering import make_under
from apps.common.progress import Progress


class Command(BaseCommand):
    """Makes the pages of a daily book and keeps them."""

    help = "Make the PDF of a daily book."
    requires_system_checks = ()  # they load every view: 50 MB that the pages need

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the options."""
        parser.add_argument("book", type=int, help="Number of the book.")
        parser.add_argument("--lease", help="The lease under which the API started this process.")

    def handle(self, *_args: Any, book: int, lease: str | None, **_options: Any) -> None:
        """Make the pages, and say so."""
        found = DailyBook.objects.filter(pk=book).first()
        if found is None:
            raise CommandError(_("There is no such daily book."))
        held = lease or claim_pages(found.pk)
        if held is None:
            raise CommandError(_("The pages of the book are being made already."))
        progress = Progress(_("Pages"))
        try:
            make_under(found, held, lambda percent: progress(percent, 100))
        except PagesFailed as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(_("The pages of the book %(book)d are made.") % {"book": found.pk})
