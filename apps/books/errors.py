"""What the room of the books refuses, and in which words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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


# --- The end of the year ------------------------------------------------------------------------------


class UnknownYear(Missing):
    """No fiscal year that books may have."""

    code = "year_not_found"
    message = _("There is no such fiscal year.")


class UnknownIndex(Missing):
    """The company has no such index."""

    code = "index_not_found"
    message = _("There is no such index.")


class StepBlocked(Conflict):
    """Another step of the closing must be taken, or taken back, before."""

    code = "closing_step_blocked"
    message: Any = _("Another step of the closing comes before this one.")


class YearNotBooked(StepBlocked):
    """Transactions of the year are not closed yet."""

    code = "year_not_booked"
    message: Any = _("There are transactions of the year that are not closed: make their daily books first.")

    def __init__(self, pending: int = 0, verified: int = 0) -> None:
        super().__init__()
        if pending or verified:
            self.message = gettext(
                "There are transactions of the year that are not closed, %(pending)d to verify and %(verified)d"
                " verified: make their daily books first."
            ) % {"pending": pending, "verified": verified}


class NothingToClose(Conflict):
    """The step would record nothing."""

    code = "nothing_to_close"
    message = _("There is nothing to record in this step: the balances are zero already.")


class ResultsNotZero(StepBlocked):
    """Something was recorded in the results after they had been closed."""

    code = "results_not_closed"
    message = _("The results have balances: close them first, or reopen the year to close them again.")


class NoSuchAccountNamed(Conflict):
    """The chart lacks an account that the step needs."""

    code = "account_needed"
    message: Any = _("The chart lacks an account that this step needs.")

    def __init__(self, name: str = "") -> None:
        super().__init__()
        if name:
            self.message = gettext(
                "The chart has no active account called %(name)s: create it, or name another."
            ) % {"name": name}


class IndicesMissing(Conflict):
    """The table of indices lacks months."""

    code = "indices_missing"
    message: Any = _("The table of indices lacks months that this adjustment needs.")

    def __init__(self, months: Iterable[dt.date] = ()) -> None:
        super().__init__()
        if named := ", ".join(f"{month:%m/%Y}" for month in months):
            self.message = gettext("The table of indices lacks these months: %(months)s.") % {"months": named}


class YearNotClosed(Conflict):
    """There is nothing to reopen."""

    code = "year_not_closed"
    message = _("The year is open and has no closing entries: there is nothing to reopen.")


class LaterYearClosed(Conflict):
    """A later year was closed upon this one."""

    code = "later_year_closed"
    message = _("A later year has closing entries: reopen that one first.")
