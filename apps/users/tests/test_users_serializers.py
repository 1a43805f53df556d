"""Users on the wire."""

from __future__ import annotations

import pytest

from apps.users.models import User
from apps.users.serializers import UserSerializer, UserUpdateSerializer, UserWriteSerializer

pytestmark = pytest.mark.django_db

VALID = {"email": "nueva@example.com", "name": "Nueva Persona", "password": "tres tristes tigres"}


def faults(data, serializer=UserWriteSerializer, **kwargs):
    checked = serializer(data=data, **kwargs)
    checked.is_valid()
    return set(checked.errors)


def test_a_user_is_written_as_the_contract_says(user):
    assert set(UserSerializer(user).data) == {
        "user_id", "name", "email", "created_at", "updated_at", "status", "group", "rol", "role_name", "company",
    }


def test_timestamps_carry_the_offset_of_buenos_aires(user):
    assert UserSerializer(user).data["created_at"].endswith("-03:00")


@pytest.mark.parametrize(
    ("business", "names"),
    [
        (False, {0: "Profesor", 2: "Alumno"}),
        (True, {0: "Admin", 1: "Manager", 2: "Accountant", 3: "Operator", 4: "Viewer"}),
    ],
)
def test_the_role_is_named_by_the_mode(request, business, names):
    if business:
        request.getfixturevalue("business_mode")
    assert {rol: UserSerializer(User(rol=rol)).data["role_name"] for rol in names} == names


def test_numbers_may_arrive_as_strings():
    checked = UserWriteSerializer(data={**VALID, "rol": "2", "status": "1", "company": "7"})
    assert checked.is_valid()
    assert [checked.validated_data[name] for name in ("rol", "status", "company")] == [2, 1, 7]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no es un correo"), ("email", ""), ("email", f"{'a' * 250}@example.com"),
        ("email", ["a@example.com"]),
        ("name", ""), ("name", "x" * 121), ("name", "a\x00b"), ("name", {}), ("name", None),
        ("group", "x" * 61), ("group", None), ("rol", 5), ("rol", -1), ("rol", True), ("rol", {}), ("rol", 10**30),
        ("status", 2), ("status", "activo"), ("company", 0), ("company", 2**63), ("company", "uno"), ("company", None),
    ],
)
def test_a_wrong_value_is_named_by_its_field(field, value):
    assert faults({**VALID, field: value}) == {field}


@pytest.mark.parametrize(
    "password", ["corta", "password123", "98765432109", "Nueva Persona", "nueva@example.com", "a" * 129, "con\x00nulo"],
)
def test_a_weak_password_is_refused_with_the_person_in_view(password):
    assert faults({**VALID, "password": password}) == {"password"}


def test_the_password_of_the_first_manual_is_accepted(user_data):
    assert faults(user_data) == set()


def test_a_new_password_is_held_against_the_new_name(student):
    data = {"name": "Fulgencio Batista", "password": "fulgencio batista"}
    assert faults(data, UserUpdateSerializer, instance=student, partial=True) == {"password"}


def test_blanks_around_a_password_belong_to_it():
    checked = UserWriteSerializer(data={**VALID, "password": "  tres tristes tigres "})
    assert checked.is_valid()
    assert checked.validated_data["password"] == "  tres tristes tigres "


def test_only_a_new_user_needs_a_password(student):
    whole = {"email": student.email, "name": student.name}
    assert faults(whole) == {"password"}
    assert faults(whole, UserUpdateSerializer, instance=student) == set()
