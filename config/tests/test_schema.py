"""The OpenAPI document says what is answered."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command
from openapi_spec_validator import OpenAPIV31SpecValidator

from config.schema_view import _written
from config.summaries import SUMMARIES

WRITERS = {"post", "put", "patch"}


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    """The document, of which the generator does not complain."""
    written = tmp_path_factory.mktemp("schema") / "openapi.json"
    call_command("spectacular", "--fail-on-warn", "--format", "openapi-json", "--file", str(written))
    return json.loads(written.read_text())


@pytest.fixture(scope="module")
def operations(document):
    return [
        (path, method, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def examples(document, path, method, status):
    content = document["paths"][path][method]["responses"][status]["content"]["application/json"]
    return [example["value"] for example in content["examples"].values()]


def headers_of(operation):
    return {parameter["name"] for parameter in operation.get("parameters", []) if parameter["in"] == "header"}


def test_every_operation_with_a_token_names_401(operations):
    secured = [operation for _path, _method, operation in operations if {} not in operation["security"]]
    assert secured
    assert all("401" in operation["responses"] for operation in secured)


def test_the_errors_that_an_action_declares_are_documented_as_answered(document, teacher_api, teacher):
    answered = teacher_api.patch(f"/api/users/{teacher.pk}/", {"rol": 2})
    assert answered.status_code == 409
    assert [e["code"] for e in examples(document, "/api/users/{user_id}/", "patch", "409")] == ["last_leader"]
    assert examples(document, "/api/users/{user_id}/", "patch", "409")[0].keys() == answered.json().keys()


def test_field_errors_and_refusals_stand_side_by_side_where_both_are_400(document):
    schema = document["paths"]["/api/auth/logout/"]["post"]["responses"]["400"]["content"]["application/json"]["schema"]
    parts = [part["$ref"].rsplit("/", maxsplit=1)[1] for part in schema["anyOf"]]
    assert parts == ["FieldErrors", "Error", "Refusal"]


def test_the_company_is_chosen_by_a_header_where_there_is_one_to_choose(document):
    assert "X-Company" in headers_of(document["paths"]["/api/users/"]["get"])
    assert "X-Company" not in headers_of(document["paths"]["/api/auth/login/"]["post"])


def test_lists_name_their_paging_and_bounds(document):
    listed = document["paths"]["/api/users/"]["get"]
    assert set(listed["responses"]["200"]["headers"]) == {"X-Total-Count", "Link"}
    size = next(parameter for parameter in listed["parameters"] if parameter["name"] == "page_size")
    assert size["schema"]["maximum"] == 1000


def test_who_may_call_stands_in_the_description(document):
    described = document["paths"]["/api/users/"]["post"]["description"]
    assert described.endswith("Roles: modo empresa 0, 1; modo educativo 0.")


def test_it_is_valid_openapi_3_1(document):
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


@pytest.mark.parametrize(
    ("accept", "answered"),
    [("application/json", "application/json"), ("*/*", "application/json"),
     ("application/vnd.oai.openapi+json", "application/vnd.oai.openapi+json")],
)
def test_it_is_served_to_everyone(client, db, document, accept, answered):
    response = client.get("/api/schema/", headers={"Accept": accept})
    assert (response.status_code, response.headers["Content-Type"]) == (200, answered)
    assert response.json()["paths"].keys() == document["paths"].keys()


def test_it_is_made_once_for_each_language_and_form(client, db):
    _written.cache_clear()
    for _ in range(3):
        client.get("/api/schema/")
    client.get("/api/schema/?format=json")
    assert _written.cache_info().misses == 1


@pytest.mark.parametrize("language", ["xx", "../../etc", "a\x00", "ES-AR"])
def test_a_language_that_there_is_not_is_400(client, db, language):
    response = client.get("/api/schema/", {"lang": language})
    assert (response.status_code, list(response.json())) == (400, ["lang"])


def test_every_operation_says_in_a_few_words_what_it_does(operations):
    assert {operation["operationId"] for _path, _method, operation in operations} == set(SUMMARIES)
    assert all(operation["summary"] for _path, _method, operation in operations)


def test_every_operation_tells_its_success_and_its_errors(operations):
    for path, method, operation in operations:
        statuses = set(operation["responses"])
        assert "default" in statuses, path
        assert any(status.startswith("2") for status in statuses) or operation["operationId"] == "config_create", path
        if "{" in path:
            assert "404" in statuses, path
        if operation.get("requestBody"):
            assert "400" in statuses, (path, method)


def test_every_writer_has_an_example(operations):
    bare = [
        (method, path)
        for path, method, operation in operations
        if method in WRITERS and (body := operation.get("requestBody"))
        and not any(content.get("examples") for content in body["content"].values())
    ]
    assert bare == []


def test_every_query_parameter_is_explained(operations):
    unexplained = [
        (path, parameter["name"])
        for path, _method, operation in operations
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query" and not parameter.get("description")
    ]
    assert unexplained == []
