"""Paths of the room."""

from __future__ import annotations

from rest_framework.routers import SimpleRouter

from apps.exercises.views import AssignmentViewSet, ExerciseViewSet
from apps.exercises.views_submissions import SubmissionViewSet

router = SimpleRouter()
router.register("exercises", ExerciseViewSet, basename="exercise")
router.register("assignments", AssignmentViewSet, basename="assignment")
router.register("submissions", SubmissionViewSet, basename="submission")

urlpatterns = router.urls
