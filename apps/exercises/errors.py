"""What the exercises room refuses."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.common.errors import Conflict, Forbidden, Invalid, Missing, Refused
from ledger.grading import HANDED_IN_ENTRIES_MAX, HANDED_IN_LINES_MAX


class UnknownExercise(Missing):
    """There is no such exercise in the company."""

    code = "exercise_not_found"
    message = _("There is no such exercise.")


class UnknownAssignment(Missing):
    """There is no such assignment for the caller."""

    code = "assignment_not_found"
    message = _("There is no such assignment.")


class UnknownSubmission(Missing):
    """There is no such submission for the caller."""

    code = "submission_not_found"
    message = _("There is no such submission.")


class ExerciseGiven(Conflict):
    """It has been given to students."""

    code = "exercise_given"
    message = _("The exercise has been given to students: delete its assignments first.")


class AssignmentUsed(Conflict):
    """Someone handed in."""

    code = "assignment_used"
    message = _("Students have handed in for this assignment: close it instead of deleting it.")


class GradeNotShown(Forbidden):
    """The student's grade is not shown yet."""

    code = "grade_not_shown"
    message = _("The grade is not published yet.")


class NotOpenYet(Refused):
    """The assignment opens later."""

    code = "assignment_not_open"
    message = _("The assignment is not open yet.")


class AssignmentOver(Refused):
    """The assignment has closed."""

    code = "assignment_over"
    message = _("The assignment has closed: nothing more can be handed in.")


class NotStarted(Refused):
    """A practice company has to be there to hand in from."""

    code = "assignment_not_started"
    message = _("Start the assignment first: it gives you the company to solve it in.")


class NoTriesLeft(Refused):
    """All tries have been used."""

    code = "no_tries_left"
    message = _("You have used all your tries.")


class NothingToHandIn(Refused):
    """No transaction was recorded since the start."""

    code = "nothing_to_hand_in"
    message = _("There is nothing to hand in: record the transactions in your practice company first.")


class TooMuchHandedIn(Refused):
    """More than an exercise could want."""

    code = "too_much_handed_in"

    def __init__(self) -> None:
        super().__init__(
            gettext("At most %(entries)d transactions with %(lines)d lines can be handed in: choose them by trans_ids.")
            % {"entries": HANDED_IN_ENTRIES_MAX, "lines": HANDED_IN_LINES_MAX}
        )


class TransactionsUnknown(Invalid):
    """Some of the transactions named are not in the practice company."""

    def __init__(self, trans_ids: set[int]) -> None:
        numbers = ", ".join(str(number) for number in sorted(trans_ids))
        text = gettext("These transactions are not in your practice company: %(numbers)s.") % {"numbers": numbers}
        super().__init__({"trans_ids": [text]})


class OverrideTooHigh(Invalid):
    """More than the exercise is worth."""

    def __init__(self, points: int) -> None:
        super().__init__({"earned": [gettext("It is worth at most %(points)d (hundredths).") % {"points": points}]})


class NothingToAccept(Conflict):
    """The submission is right as it is, or cannot be told as a solution."""

    code = "nothing_to_accept"
    message = _("There is nothing to accept: the submission earns all points already, or holds nothing.")


class TooManySolutions(Conflict):
    """The exercise accepts as many solutions as it can hold."""

    code = "too_many_solutions"
    message = _("The exercise has as many accepted solutions as it can hold: remove one first.")
