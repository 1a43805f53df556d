"""What the room of the books refuses, and in which words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.common.errors import Busy, Conflict, Missing, Refused


class UnknownBook(Missing):
    """The company has no such book."""

    code = "book_not_found"
    message = _("There is no such daily book.")


class NothingToBook(Refused):
    """The range holds no verified transaction."""

    code = "book_empty"
    message = _("There are no verified transactions in these dates: verify some, or choose others.")


class BookTooLarge(Refused):
    """More lines than one book may have."""

    code = "book_too_large"
    message: Any = _("There are too many transactions for one book: choose a shorter range.")

    def __init__(self, lines: int = 0, most: int = 0) -> None:
        super().__init__()
        if most:
            self.message = gettext("A book takes up to %(most)d lines and this one would have %(lines)d: choose a"
                                   " shorter range.") % {"most": most, "lines": lines}


class AlreadyDissolved(Conflict):
    """Its transactions have been given back."""

    code = "book_dissolved"
    message = _("The book is dissolved: its transactions are verified again.")


class BookNotLast(Conflict):
    """A later book is numbered after it."""

    code = "book_not_last"
    message = _("There are later books numbered after this one: dissolve them first.")


class BookReversed(Conflict):
    """A transaction of it was reversed, which only a closed one can be."""

    code = "book_reversed"
    message = _("A transaction of this book has been reversed: the book cannot be dissolved.")


class PagesFailed(Busy):
    """No pages came of it."""

    code = "book_pages_failed"
    message = _("The pages could not be made: try again in a moment.")


class BookFixed(Conflict):
    """What the guards answer to whoever changes a book behind the actions' back."""

    code = "book_fixed"
    message = _("A daily book does not change.")


class ReportTooLarge(Refused):
    """More lines than a file of a report may have."""

    code = "report_too_large"
    message: Any = _("The report is too large for one file: choose a shorter range or an account.")

    def __init__(self, lines: int = 0, most: int = 0) -> None:
        super().__init__()
        if most:
            self.message = gettext("The report has %(lines)d lines and a file of this kind takes %(most)d: choose a"
                                   " shorter range or an account.") % {"most": most, "lines": lines}
