"""What the room refuses; what a question is refused for is part of its answer (services/consultorIA/errors.py)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.common.errors import Missing, Refused, TooMany


class UnknownConsultorQuery(Missing):
    """No such question, or another user's."""

    code = "query_not_found"
    message = _("There is no such question.")


class QuestionsUsedUp(TooMany):
    """The user asked as many questions as one may in a day."""

    code = "consultor_quota_exceeded"
    message = _("You have asked all the questions that one may ask in a day: go on tomorrow.")


class NothingToExport(Refused):
    """The question had no valid query."""

    code = "nothing_to_export"
    message = _("This question had no valid answer: there is nothing to export.")


class QueryFailed(Refused):
    """The query did not run; the message is the service's."""

    code = "query_failed"
    message = _("The query could not be run.")


class NotApprovable(Refused):
    """Only a valid answer that helped can become an example."""

    code = "answer_not_helpful"
    message = _("Only a valid answer that was marked as helpful can be approved as an example.")
