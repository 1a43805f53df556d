"""The API of what was handed in."""

from __future__ import annotations

from dataclasses import asdict

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.common.reading import valid
from apps.common.schema import extend_schema, refuses_with
from apps.companies.scope import ScopedView
from apps.config.policy import Reach
from apps.exercises import actions, errors, examples, queries
from apps.exercises.filters import SubmissionFilter
from apps.exercises.models import Submission
from apps.exercises.submission_serializers import (
    FeedbackSerializer,
    HandInSerializer,
    ListedSubmissionSerializer,
    OverrideSerializer,
    SubmissionSerializer,
)


@extend_schema(tags=["exercises"])
class SubmissionViewSet(ScopedView, GenericViewSet[Submission]):
    """What was handed in, and its grade."""

    operations = {
        "list": "submissions.read",
        "retrieve": "submissions.read",
        "grade": "submissions.read",
        "create": "assignments.solve",
        "override": "submissions.grade",
        "regrade": "submissions.grade",
        "accept": "submissions.grade",
    }
    queryset = Submission.objects.none()
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilter
    ordering_fields = ("handed_in_at", "try_number")
    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(responses=ListedSubmissionSerializer(many=True))
    def list(self, _request: Request) -> Response:
        """Answer submissions, newest first: one's own, or all to the company's assignments."""
        rows = queries.submissions_for(self.acting_user, self.company, self._reach())
        page = self.paginate_queryset(self.filter_queryset(queries.without_contents(rows)))
        return self.get_paginated_response(ListedSubmissionSerializer(page, many=True, context=self._context()).data)

    @refuses_with(errors.UnknownSubmission)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """Answer one submission with its transactions as they were handed in."""
        return self._written(int(pk))

    @extend_schema(request=HandInSerializer, responses={201: SubmissionSerializer}, examples=[examples.HAND_IN])
    @refuses_with(
        errors.UnknownAssignment, errors.NotOpenYet, errors.AssignmentOver, errors.NotStarted, errors.NoTriesLeft,
        errors.NothingToHandIn, errors.TooMuchHandedIn,
    )
    def create(self, request: Request) -> Response:
        """Hand in what you recorded since you started the assignment; it is graded at once."""
        data = valid(HandInSerializer, request.data)
        submission = actions.hand_in(data["assignment"], data.get("trans_ids"), acting_user=self.acting_user)
        return self._written(submission.pk, status=201)

    @extend_schema(responses=FeedbackSerializer)
    @refuses_with(errors.UnknownSubmission, errors.GradeNotShown)
    @action(detail=True)
    def grade(self, _request: Request, pk: str) -> Response:
        """Say what is wrong, where, and what it does to the balance."""
        return self._feedback(int(pk))

    @extend_schema(request=OverrideSerializer, responses=FeedbackSerializer, examples=[examples.OVERRIDE])
    @refuses_with(errors.UnknownSubmission)
    @grade.mapping.post
    def override(self, request: Request, pk: str) -> Response:
        """Set a grade by hand, with its reason; the audit trail keeps both."""
        queries.submission_for(int(pk), self.acting_user, self.company, self._reach())
        data = valid(OverrideSerializer, request.data)
        actions.override_grade(int(pk), **data, acting_user=self.acting_user, company=self.company)
        return self._feedback(int(pk))

    @extend_schema(request=None, responses=FeedbackSerializer)
    @refuses_with(errors.UnknownSubmission)
    @action(detail=True, methods=["post"])
    def regrade(self, _request: Request, pk: str) -> Response:
        """Grade one again; what was set by hand is withdrawn."""
        actions.regrade_submission(int(pk), acting_user=self.acting_user, company=self.company)
        return self._feedback(int(pk))

    @extend_schema(request=None, responses=FeedbackSerializer)
    @refuses_with(errors.UnknownSubmission, errors.NothingToAccept, errors.TooManySolutions)
    @action(detail=True, methods=["post"])
    def accept(self, _request: Request, pk: str) -> Response:
        """Accept this solution as right, for all who do the same; all are graded again."""
        actions.accept_submission(int(pk), acting_user=self.acting_user, company=self.company)
        return self._feedback(int(pk))

    def _reach(self) -> Reach:
        return self.reach(self.request, "submissions.read")

    def _context(self) -> dict[str, bool]:
        return {"leads": self._reach() is Reach.ANY}

    def _written(self, submission_id: int, status: int = 200) -> Response:
        found = queries.submission_for(submission_id, self.acting_user, self.company, self._reach())
        return Response(SubmissionSerializer(found, context=self._context()).data, status=status)

    def _feedback(self, submission_id: int) -> Response:
        found = queries.submission_for(submission_id, self.acting_user, self.company, self._reach())
        told = queries.feedback_for(found, leads=self._reach() is Reach.ANY)
        figures = {name: getattr(found, name) for name in ("earned", "points", "final", "override_reason")}
        return Response({"submission_id": found.pk, **figures, **asdict(told)})
