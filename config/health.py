"""Whether the process lives and whether it may be sent work."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import Error as StoreError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from apps.chat.queries import has_index
from apps.common import guards

logger = logging.getLogger(__name__)


class ProbesMiddleware:
    """Answers the probes before all else: they come without our host name, and while stores are away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a probe, or let the request go on."""
        probe = PROBES.get(request.path_info)
        return probe(request) if probe else self.get_response(request)


def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 as long as the process can answer at all."""
    return JsonResponse({"status": "ok"})


def readyz(_request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, migrations and guards stand, else 503 with what does not.

    Whether the assistant has a whole index of some documents is told and decides nothing: without one all the rest
    works, and the assistant says itself that it waits for it. The first store that is away ends the round: waiting
    for it again would outlast who asks.
    """
    checks: dict[str, Callable[[], bool]] = {
        "database": _database_answers, "migrations": _migrations_applied, "guards": _guards_stand,
    }
    found = dict.fromkeys(checks, False)
    try:
        for name, check in checks.items():
            found[name] = check()
    except StoreError:
        logger.warning("ready.store_error", exc_info=True)
    ready = all(found.values())
    body = {"status": "ok" if ready else "unavailable", "checks": {**found, "index": has_index()}}
    headers = {} if ready else {"Retry-After": "5"}
    return JsonResponse(body, status=200 if ready else 503, headers=headers)


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _migrations_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _guards_stand() -> bool:
    return not guards.faults(connection)


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": healthz, "/readyz": readyz}
