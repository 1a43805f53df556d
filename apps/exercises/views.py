"""The API of exercises."""

from __future__ import annotations

from dataclasses import asdict

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from apps.common.reading import valid
from apps.common.schema import extend_schema, refuses_with
from apps.common.sheets import XLSX_TYPE
from apps.companies.scope import ScopedView
from apps.config.policy import Reach
from apps.exercises import actions, errors, examples, queries
from apps.exercises.assignment_serializers import (
    AssignmentChangeSerializer,
    AssignmentInSerializer,
    AssignmentSerializer,
    ClassErrorSerializer,
    MarkSerializer,
    MarksQuerySerializer,
)
from apps.exercises.class_errors import errors_of
from apps.exercises.filters import AssignmentFilter, ExerciseFilter
from apps.exercises.marks import sheet
from apps.exercises.models import Assignment, Exercise
from apps.exercises.serializers import (
    ExerciseChangeSerializer,
    ExerciseInSerializer,
    ExerciseSerializer,
    RegradedSerializer,
    TrialInSerializer,
)
from apps.exercises.submission_serializers import (
    ToldSerializer,
)
from apps.exercises.wire import exercise_changes, exercise_data, trial

_PK = "[0-9]{1,18}"


@extend_schema(tags=["exercises"])
class ExerciseViewSet(ListModelMixin, RetrieveModelMixin, ScopedView, GenericViewSet[Exercise]):
    """Exercises: what is asked, and what is right."""

    operations = {
        "list": "exercises.read",
        "retrieve": "exercises.read",
        "create": "exercises.write",
        "update": "exercises.write",
        "partial_update": "exercises.write",
        "destroy": "exercises.write",
        "regrade": "exercises.write",
        "try_out": "exercises.write",
    }
    queryset = Exercise.objects.none()
    serializer_class = ExerciseSerializer
    filterset_class = ExerciseFilter
    ordering_fields = ("created_at", "title")
    lookup_value_regex = _PK

    def get_queryset(self) -> QuerySet[Exercise]:
        """Return the company's exercises."""
        return queries.exercises_of(self.company)

    @extend_schema(request=ExerciseInSerializer, responses={201: ExerciseSerializer}, examples=[examples.EXERCISE])
    def create(self, request: Request) -> Response:
        """Write an exercise: its statement, and the expected entries, each with the ways that are accepted."""
        data = exercise_data(valid(ExerciseInSerializer, request.data))
        exercise = actions.write_exercise(data, acting_user=self.acting_user, company=self.company)
        return Response(ExerciseSerializer(exercise).data, status=201)

    @extend_schema(request=ExerciseInSerializer, examples=[examples.EXERCISE])
    @refuses_with(errors.UnknownExercise)
    def update(self, request: Request, pk: str) -> Response:
        """Write an exercise anew; what was handed in for it is graded again."""
        queries.exercise_of(int(pk), self.company)  # one that is not there is 404, whatever the body
        return self._changed(int(pk), exercise_data(valid(ExerciseInSerializer, request.data)))

    @extend_schema(request=ExerciseChangeSerializer, examples=[examples.EXERCISE_CHANGE])
    @refuses_with(errors.UnknownExercise)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is sent; what was handed in is graded again where it may matter."""
        exercise = queries.exercise_of(int(pk), self.company)
        return self._changed(int(pk), exercise_changes(valid(ExerciseChangeSerializer, request.data), exercise))

    def _changed(self, exercise_id: int, data: actions.ExerciseData) -> Response:
        changed = actions.change_exercise(exercise_id, data, acting_user=self.acting_user, company=self.company)
        return Response(ExerciseSerializer(changed).data)

    @extend_schema(responses={204: None})
    @refuses_with(errors.UnknownExercise, errors.ExerciseGiven)
    def destroy(self, _request: Request, pk: str) -> Response:
        """Delete an exercise that nobody was given."""
        actions.remove_exercise(int(pk), acting_user=self.acting_user, company=self.company)
        return Response(status=204)

    @extend_schema(request=None, responses=RegradedSerializer)
    @refuses_with(errors.UnknownExercise)
    @action(detail=True, methods=["post"])
    def regrade(self, _request: Request, pk: str) -> Response:
        """Grade again all that was handed in for the exercise; what was set by hand stays."""
        exercise = queries.exercise_of(int(pk), self.company)
        return Response({"regraded": actions.regrade_exercise(exercise, all_again=True)})


    @extend_schema(request=TrialInSerializer, responses=ToldSerializer, examples=[examples.TRIAL])
    @refuses_with(errors.UnknownExercise)
    @action(detail=True, methods=["post"], url_path="try")
    def try_out(self, request: Request, pk: str) -> Response:
        """Say how transactions would be graded, before any student hands in; nothing is kept."""
        exercise = queries.exercise_of(int(pk), self.company)
        found, told = queries.try_out(exercise, trial(valid(TrialInSerializer, request.data)))
        return Response({"earned": found.earned, "points": found.points, **asdict(told)})


@extend_schema(tags=["exercises"])
class AssignmentViewSet(ListModelMixin, ScopedView, GenericViewSet[Assignment]):
    """Exercises given to students."""

    operations = {
        "list": "assignments.read",
        "retrieve": "assignments.read",
        "create": "assignments.write",
        "partial_update": "assignments.write",
        "destroy": "assignments.write",
        "publish": "assignments.write",
        "marks": "assignments.write",
        "class_errors": "assignments.write",
        "start": "assignments.solve",
        "leave": "assignments.solve",
    }
    queryset = Assignment.objects.none()
    serializer_class = AssignmentSerializer
    filterset_class = AssignmentFilter
    ordering_fields = ("opens_at", "closes_at")
    lookup_value_regex = _PK

    def get_queryset(self) -> QuerySet[Assignment]:
        """Return what was given by the company's teachers, or to oneself."""
        return queries.assignments_for(self.acting_user, self.company, self._reach())

    @refuses_with(errors.UnknownAssignment)
    def retrieve(self, _request: Request, pk: str) -> Response:
        """Answer one assignment with its statement."""
        return self._written(int(pk))

    @extend_schema(
        request=AssignmentInSerializer, responses={201: AssignmentSerializer}, examples=[examples.ASSIGNMENT]
    )
    @refuses_with(errors.UnknownExercise)
    def create(self, request: Request) -> Response:
        """Give an exercise to a group or to users; each solves it in a practice company of their own."""
        data = valid(AssignmentInSerializer, request.data)
        people = {name: data.pop(name, None) for name in ("group", "user_ids")}
        exercise = queries.exercise_of(data.pop("exercise"), self.company)
        given = actions.give(exercise, data, **people, acting_user=self.acting_user, company=self.company)  # type: ignore[arg-type]
        return self._written(given.pk, status=201)

    @extend_schema(request=AssignmentChangeSerializer, examples=[examples.ASSIGNMENT_CHANGE])
    @refuses_with(errors.UnknownAssignment)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change moments, tries and feedback; a group or users are added to those who have it."""
        queries.assignment_for(int(pk), self.acting_user, self.company, self._reach())
        data = valid(AssignmentChangeSerializer, request.data, partial=True)
        people = {name: data.pop(name, None) for name in ("group", "user_ids")}
        actions.change_assignment(int(pk), data, **people, acting_user=self.acting_user, company=self.company)  # type: ignore[arg-type]
        return self._written(int(pk))

    @extend_schema(responses={204: None})
    @refuses_with(errors.UnknownAssignment, errors.AssignmentUsed)
    def destroy(self, _request: Request, pk: str) -> Response:
        """Take an assignment back for which nobody has handed in."""
        actions.remove_assignment(int(pk), acting_user=self.acting_user, company=self.company)
        return Response(status=204)

    @extend_schema(request=None, responses=AssignmentSerializer)
    @refuses_with(errors.UnknownAssignment)
    @action(detail=True, methods=["post"])
    def publish(self, _request: Request, pk: str) -> Response:
        """Let the students see their grades from now on."""
        actions.publish(int(pk), acting_user=self.acting_user, company=self.company)
        return self._written(int(pk))

    @extend_schema(request=None, responses=AssignmentSerializer)
    @refuses_with(errors.UnknownAssignment, errors.NotOpenYet, errors.AssignmentOver)
    @action(detail=True, methods=["post"])
    def start(self, _request: Request, pk: str) -> Response:
        """Begin to solve: you work in your practice company from now on, made where there was none."""
        actions.start(int(pk), acting_user=self.acting_user)
        return self._written(int(pk))

    @extend_schema(request=None, responses=AssignmentSerializer)
    @refuses_with(errors.UnknownAssignment, errors.NotStarted)
    @action(detail=True, methods=["post"])
    def leave(self, _request: Request, pk: str) -> Response:
        """Go back to the company from which you came; to start again leads back to the practice company."""
        actions.leave(int(pk), acting_user=self.acting_user)
        return self._written(int(pk))

    @extend_schema(
        parameters=[MarksQuerySerializer],
        responses={
            (200, "application/json"): MarkSerializer(many=True),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, "`;` between cells, decimal comma."),
            (200, XLSX_TYPE): OpenApiResponse(OpenApiTypes.BINARY, "A workbook."),
        },
    )
    @refuses_with(errors.UnknownAssignment)
    @action(detail=True, pagination_class=None, filterset_class=None, ordering_fields=())
    def marks(self, request: Request, pk: str) -> HttpResponse | Response:
        """Answer the mark of each student, of their best try, as JSON, CSV or XLSX."""
        assignment = queries.assignment_for(int(pk), self.acting_user, self.company, Reach.ANY)
        form = valid(MarksQuerySerializer, request.query_params.dict())["format"]
        found = queries.marks_of(assignment)
        if form == "json":
            return Response(MarkSerializer(found, many=True).data)
        content, content_type = sheet(assignment.exercise.title, found, form)
        name = f"notas-{assignment.pk}.{form}"
        return HttpResponse(
            content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
        )

    @extend_schema(responses=ClassErrorSerializer(many=True))
    @refuses_with(errors.UnknownAssignment)
    @action(detail=True, url_path="errors", pagination_class=None, filterset_class=None, ordering_fields=())
    def class_errors(self, _request: Request, pk: str) -> Response:
        """Answer what the class gets wrong, the errors of most students first."""
        assignment = queries.assignment_for(int(pk), self.acting_user, self.company, Reach.ANY)
        return Response(ClassErrorSerializer(errors_of(assignment), many=True).data)

    def _reach(self) -> Reach:
        return self.reach(self.request, "assignments.read")

    def _written(self, assignment_id: int, status: int = 200) -> Response:
        found = queries.assignment_for(assignment_id, self.acting_user, self.company, self._reach())
        return Response(AssignmentSerializer(found).data, status=status)
