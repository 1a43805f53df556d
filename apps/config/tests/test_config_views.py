"""The configuration's doors."""

from __future__ import annotations

import pytest

from apps.config.models import Config

pytestmark = pytest.mark.django_db

URL = "/api/config/"
ONE = "/api/config/1/"


def test_the_list_is_an_array_of_one(student_api):
    response = student_api.get(URL)
    assert response.json() == [
        {"config_id": 1, "system_mode": False, "date_format": "DD/MM/YYYY", "currency": "ARS"}
    ]
    assert response.headers["X-Total-Count"] == "1"


@pytest.mark.parametrize("path", [ONE, "/api/config/current/"])
def test_the_one_and_the_current_are_the_same_object(student_api, path):
    assert student_api.get(path).json()["config_id"] == 1


@pytest.mark.parametrize("pk", ["0", "2", "abc", "-1", "%D9%A1", "9" * 30, "9" * 5000])  # %D9%A1: an Arabic 1
def test_there_is_no_other(teacher_api, pk):
    assert teacher_api.get(f"/api/config/{pk}/").status_code == 404


def test_patch_changes_the_fields_given(teacher_api):
    response = teacher_api.patch(ONE, {"date_format": "YYYY-MM-DD", "currency": "USD"})
    assert response.status_code == 200
    assert response.json() == {"config_id": 1, "system_mode": False, "date_format": "YYYY-MM-DD", "currency": "USD"}


def test_put_takes_a_form_too(teacher_api):
    body = {"system_mode": "true", "date_format": "DD-MM-YYYY", "currency": "EUR", "config_id": "7"}
    response = teacher_api.put(ONE, body, format="multipart")
    assert response.json() == {"config_id": 1, "system_mode": True, "date_format": "DD-MM-YYYY", "currency": "EUR"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("currency", "ZZZ"), ("currency", "usd"), ("currency", "PESOS"), ("currency", ""), ("currency", None),
        ("currency", ["ARS"]), ("currency", {"code": "ARS"}),
        ("currency", "XXX"), ("currency", "ＡＲＳ"), ("currency", "A\x00S"), ("date_format", "D/M/Y"),
        ("date_format", None), ("system_mode", "maybe"), ("system_mode", None), ("system_mode", 2),
    ],
)
def test_a_wrong_value_is_named_and_changes_nothing(teacher_api, field, value):
    response = teacher_api.patch(ONE, {field: value})
    assert response.status_code == 400
    assert list(response.json()) == [field]
    assert Config.objects.filter(system_mode=False, date_format="DD/MM/YYYY", currency="ARS").exists()


@pytest.mark.parametrize("body", [[], "text", 7, None])
def test_a_body_that_is_no_object_is_refused(teacher_api, body):
    assert teacher_api.patch(ONE, body).status_code in {200, 400}
    assert Config.objects.filter(system_mode=False, currency="ARS").exists()


def test_a_second_configuration_is_refused(teacher_api):
    response = teacher_api.post(URL, {"currency": "USD"})
    assert (response.status_code, response.json()["code"]) == (409, "config_exists")


@pytest.mark.parametrize("path", [URL, ONE])
def test_it_cannot_be_deleted(teacher_api, student_api, path):
    for client in (teacher_api, student_api):
        response = client.delete(path)
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")


def test_role_names_follow_the_mode(teacher_api, django_capture_on_commit_callbacks):
    assert teacher_api.get("/api/config/role_names/").json() == {"0": "Profesor", "2": "Alumno"}
    with django_capture_on_commit_callbacks(execute=True):
        teacher_api.patch(ONE, {"system_mode": True})
    assert teacher_api.get("/api/config/role_names/").json() == {
        "0": "Admin", "1": "Manager", "2": "Accountant", "3": "Operator", "4": "Viewer",
    }


def test_switching_the_mode_there_and_back_leaves_everyone_their_role(
    teacher_api, operator, as_user, django_capture_on_commit_callbacks
):
    for mode in (True, False, True):
        with django_capture_on_commit_callbacks(execute=True):
            assert teacher_api.patch(ONE, {"system_mode": mode}).status_code == 200
    operator.refresh_from_db()
    assert operator.rol == 3
    assert as_user(operator).get("/api/config/current/").json()["system_mode"] is True
