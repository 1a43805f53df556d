"""The OpenAPI document says what is answered."""

from __future__ import annotations

import pytest
from drf_spectacular.generators import SchemaGenerator


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


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
    assert [part["$ref"].rsplit("/", maxsplit=1)[1] for part in schema["oneOf"]] == ["FieldErrors", "Refusal"]


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
    assert described.endswith("Roles: business mode 0, 1; educational mode 0.")
