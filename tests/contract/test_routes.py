"""A walk of every route with every role, without a token, with another company's rows, and with rubbish.

The routes are found in the URLconf, their fields and parameters in the OpenAPI document: a new room
is walked from its first day. A room whose paths name rows adds one of each side to world.py.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from rest_framework.permissions import AllowAny

from apps.companies.scope import ScopedView
from apps.config.policy import Reach, reach
from tests.contract.hostile import bodies, encoded, queries, sample
from tests.contract.routes import Route, api_routes, document, every_route
from tests.contract.world import MARK, ROLES, SHARED, World, library, make_world, row_counts, set_mode, undone

pytestmark = pytest.mark.django_db

DOCUMENTS = {"/api/schema/", "/api/docs/"}
PUBLIC = {
    "/api/auth/login/", "/api/auth/token/", "/api/users/token/", "/api/auth/refresh/", "/api/auth/token/refresh/",
}
# Rol 0 sees what companies there are, and without X-Company the figures of all.
LEADERS_SEE_ALL = {"companies", "dash", "dashboard"}
LEADERS = {"rol 0", "superuser"}

ROUTES = [route for route in api_routes() if route.path not in DOCUMENTS]
CLOSED = [route for route in ROUTES if route.path not in PUBLIC]
SCOPED = [route for route in ROUTES if issubclass(route.view, ScopedView)]
READ = [route for route in SCOPED if "get" in route.methods]
WITH_ROWS = [route for route in CLOSED if route.has_id and route.rows not in SHARED]


def each(routes: list[Route]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("route", routes, ids=str)


def each_method(*methods: str) -> pytest.MarkDecorator:
    cases = [(route, method) for route in ROUTES for method in route.methods if method in methods]
    return pytest.mark.parametrize("route,method", cases, ids=[f"{method} {route}" for route, method in cases])


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    logging.disable(logging.CRITICAL)  # thousands of refusals
    with library(tmp_path_factory.mktemp("library")), django_db_blocker.unblock(), undone():
        yield make_world()
    logging.disable(logging.NOTSET)


@pytest.fixture(params=[False, True], ids=["educational", "business"])
def business(request: pytest.FixtureRequest, world: World) -> bool:
    set_mode(business=request.param)
    return request.param


@pytest.fixture(autouse=True)
def _nothing_changes(world: World) -> Any:
    """What was answered with success is undone; what was refused must have changed nothing."""
    before = row_counts()
    yield
    assert row_counts() == before


def call(world: World, who: str | None, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Send a request, undo it if it succeeds, and return its answer, which has the contract's shape.

    `body` is what `encoded` takes, or a pair (content type, bytes). The answer gets what was `told`.
    """
    if who:
        headers = world.headers(who, **headers)
    kind, raw = body if isinstance(body, tuple) else encoded(body)
    with undone(unless=lambda: answer.status_code >= 400):
        answer = world.api.generic(method.upper(), path, raw, content_type=kind, headers=headers)
        answer.told = told_by(answer)
    assert_shape(answer, f"{method.upper()} {path[:200]} {kind} {raw[:300]!r}")
    return answer


def told_by(answer: Any) -> str:
    async def streamed() -> bytes:
        return b"".join([part async for part in answer.streaming_content])

    if not answer.streaming:
        told = answer.content
    else:
        told = async_to_sync(streamed)() if answer.is_async else b"".join(answer.streaming_content)
    return told.decode("utf-8", "replace")


def assert_shape(answer: Any, asked: str) -> None:
    status = answer.status_code
    assert status < 500, f"{asked}: {status} {answer.told[:500]}"
    assert "internal_error" not in answer.told, f"{asked}: {answer.told[:500]}"
    if status < 400:
        return
    body = json.loads(answer.told)
    assert isinstance(body, dict), asked
    assert body, asked
    if status == 400 and not isinstance(body.get("code"), str):
        report = body.keys() >= {"rows", "counts"}  # of an import that found faults
        assert report or all(isinstance(found, list | dict) for found in body.values()), f"{asked}: {body}"
        return
    assert body["code"].replace("_", "").isalnum(), f"{asked}: {body}"
    assert isinstance(body.get("detail") or body["error"], str), f"{asked}: {body}"
    assert status != 409 or {"error", "message"} <= set(body), f"{asked}: {body}"
    assert status != 401 or answer.headers["WWW-Authenticate"], asked


def good_body(world: World, route: Route, method: str, **known: Any) -> Any:
    """Return a body that the document allows, with rows of our company; None where it takes none."""
    content = route.operation(method).get("requestBody", {}).get("content", {})
    if not content:
        return None
    cash, sales = world.ours.accounts
    usual = {
        "entries": [{"acc_id": cash, "debit": 100, "credit": 0}, {"acc_id": sales, "debit": 0, "credit": 100}],
        "trans_ids": [world.ours.pending], "user_ids": [world.ours.rows["users"]], "company": world.ours.company.pk,
        "parent": None, "status": 0, "year": 2026, "month": 3, "code": "51101", "password": "tres tristes tigres",
        "stream": False, "request_id": "walk-0123456789",
    }
    schema = content.get("application/json", content.get("multipart/form-data"))["schema"]
    return sample(schema, document()["components"]["schemas"], {**usual, **known})


def ours(world: World, route: Route) -> str:
    """Return the address of a row of our company."""
    if not route.has_id:
        return route.path
    assert route.rows in world.ours.rows or route.rows in SHARED, f"world.py holds no row for {route.path}: add one"
    return route.at(world.ours.rows.get(route.rows, 1))


def is_out_of_reach(world: World, route: Route, method: str, who: str, *, business: bool) -> bool:
    operation = route.view.operations[route.actions.get(method, method)]
    return reach(world.people[who], operation, business=business) is Reach.NONE


def query_parameters(route: Route) -> list[str]:
    named = {p["name"] for p in route.operation("get").get("parameters", []) if p["in"] == "query"}
    return sorted(named | {"format", "nadie"})


# --- Who --------------------------------------------------------------------------------------------------


def test_the_public_routes_are_those_of_the_contract():
    assert {route.path for route in ROUTES if AllowAny in route.view.permission_classes} == PUBLIC


@each(CLOSED)
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer a.b.c"}], ids=["no token", "no sound token"])
def test_nobody_enters_without_a_token(world, route, headers):
    for method in route.methods:
        for address in {ours(world, route), route.at(10**17)}:
            assert call(world, None, method, address, {}, **headers).status_code == 401, f"{method} {address}"


@each(CLOSED)
def test_every_role_is_answered_and_who_is_out_of_reach_is_refused(world, business, route):
    for who in ROLES:
        for method in route.methods:
            answer = call(world, who, method, ours(world, route), good_body(world, route, method))
            if is_out_of_reach(world, route, method, who, business=business):
                assert answer.status_code == 403, f"{who}: {method}"
            assert MARK not in answer.told or sees_all(who, route), f"{who}: {method}"


def sees_all(who: str, route: Route) -> bool:
    return who in LEADERS and route.room in LEADERS_SEE_ALL


@each(ROUTES)
def test_methods_that_nobody_serves_are_refused(world, route):
    for method in route.other_methods:
        answer = call(world, "rol 0", method, ours(world, route), {})
        assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed"), method
    for method in ("head", "options"):
        with undone():
            answer = world.api.generic(method.upper(), ours(world, route), headers=world.headers("rol 0"))
        assert answer.status_code < 500


# --- Whose ------------------------------------------------------------------------------------------------


@each(WITH_ROWS)
def test_another_companys_rows_are_not_there(world, business, route):
    for who in ROLES:
        for method in route.methods:
            theirs = route.at(world.theirs.rows[route.rows])
            answer = call(world, who, method, theirs, good_body(world, route, method))
            if not sees_all(who, route):
                assert answer.status_code in {403, 404}, f"{who}: {method} {answer.status_code} {answer.told[:200]}"
                assert MARK not in answer.told


@each(WITH_ROWS)
def test_rows_that_are_not_there_are_not_found(world, route):
    for method in route.methods:
        body = good_body(world, route, method)
        for pk in (0, 987_654_321, "9" * 18, "9" * 19, "9" * 4000, "-1", "1.5", "x", "%00", "%F0%9F%92%A9", "%D9%A3"):
            answer = call(world, "superuser", method, route.at(pk), body)
            assert answer.status_code == 404, f"{method} {pk}: {answer.status_code} {answer.told[:200]}"


@each(SCOPED)
def test_a_body_that_names_another_companys_rows_gets_nothing_of_them(world, route):
    set_mode(business=True)
    cash, sales = world.theirs.accounts
    theirs = {
        "entries": [{"acc_id": cash, "debit": 100}, {"acc_id": sales, "credit": 100}], "acc_id": cash, "parent": cash,
        "trans_ids": [world.theirs.pending], "user_ids": [world.theirs.rows["users"]], "account": cash,
        "user": world.theirs.rows["users"], "company": world.theirs.company.pk, "trans_id": world.theirs.pending,
    }
    for who in ("rol 1", "rol 2", "rol 3"):
        for method in set(route.methods) - {"get"}:
            answer = call(world, who, method, ours(world, route), good_body(world, route, method, **theirs))
            assert MARK not in answer.told, f"{who}: {method}"


@each(READ)
def test_a_query_that_names_another_companys_rows_gets_nothing_of_them(world, route):
    theirs = {*map(str, world.theirs.rows.values()), MARK[:5]}  # not the whole of it: a refusal repeats it
    for parameter in query_parameters(route):
        for value in theirs:
            who = "rol 2" if value.isdigit() else "rol 0"
            answer = call(world, who, "get", f"{ours(world, route)}?{parameter}={value}")
            assert MARK not in answer.told or sees_all(who, route), f"{who}: {parameter}={value}"


@each(SCOPED)
@pytest.mark.parametrize("who", ["rol 0", "rol 2"])
def test_the_header_lets_nobody_but_rol_0_into_another_company(world, route, who):
    set_mode(business=True)
    for method in route.methods:
        body = good_body(world, route, method)
        named = call(world, who, method, ours(world, route), body, **{"X-Company": str(world.theirs.company.pk)})
        refused = who != "rol 0" or is_out_of_reach(world, route, method, who, business=True)
        if refused:
            assert named.status_code == 403, f"{method}: {named.status_code}"
        for name in ("987654321", "9" * 40, "x", "٣"):
            unknown = call(world, who, method, ours(world, route), body, **{"X-Company": name})
            assert unknown.status_code == (403 if refused else 404), f"{method} {name}: {unknown.status_code}"


# --- Rubbish ----------------------------------------------------------------------------------------------


@each_method("post", "put", "patch", "delete")
def test_hostile_bodies_are_refused_in_the_contracts_words(world, route, method):
    for body in bodies(good_body(world, route, method)):
        call(world, "rol 0", method, ours(world, route), body)


@each_method("get")
def test_hostile_queries_are_refused_in_the_contracts_words(world, route, method):
    for query in queries(query_parameters(route)):
        answer = call(world, "rol 0", method, f"{ours(world, route)}?{query}")
        assert answer.status_code in {200, 400, 404}, f"{query}: {answer.status_code}"


HEADERS = [
    {"Accept": "application/xml"}, {"Accept": "basura"}, {"Accept": "*/*;q=x"}, {"Accept-Language": f"xx-{'x' * 500}"},
    {"Authorization": "Bearer"}, {"Authorization": "Bearer a b c"}, {"Authorization": "Basic YTpi"},
    {"Authorization": "Bearer ñandú"}, {"If-Match": "\x01"}, {"Idempotency-Key": "x" * 5000}, {"Origin": "null"},
    {"Cookie": "sessionid=;;="}, {"X-Request-Id": "\n\n"},
]


@each(ROUTES)
def test_hostile_headers_break_nothing(world, route):
    method = route.methods[0]
    for headers in HEADERS:
        who = None if "Authorization" in headers else "rol 0"
        call(world, who, method, ours(world, route), good_body(world, route, method), **headers)


# --- Beside the API ---------------------------------------------------------------------------------------


@each([route for route in every_route() if route.view is None or route.path in DOCUMENTS])
def test_what_is_no_view_of_a_room_answers_too(api_client, route):
    for method in ("get", "post", "put", "delete", "head", "options", "trace"):
        with undone():
            answer = getattr(api_client, method)(route.at("nada/que/ver"))
        assert answer.status_code < 500 or answer.json()["status"] == "unavailable", method
