"""What is true of a stored user, whoever stores one."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from apps.users.models import User

pytestmark = pytest.mark.django_db


def test_an_email_is_stored_in_one_spelling_and_found_in_any():
    stored = User.objects.create_user(" Ana@Example.COM ", "pass1234", name="Ana")
    assert stored.email == "ana@example.com"
    assert User.objects.get_by_natural_key("ANA@example.com") == stored


def test_the_database_refuses_a_second_email_of_another_case(user):
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="TEST@example.com", name="Doble", company=user.company)])


@pytest.mark.parametrize("wrong", [{"rol": 5}, {"status": 2}])
def test_the_database_refuses_unknown_roles_and_states(user, wrong):
    with pytest.raises(IntegrityError):
        User.objects.filter(pk=user.pk).update(**wrong)


def test_a_user_without_a_company_gets_the_default_one(company):
    assert User.objects.create(email="sola@example.com", name="Sola").company == company


def test_a_user_needs_an_email():
    with pytest.raises(ValueError, match="e-mail"):
        User.objects.create_user("", "pass1234")


def test_a_superuser_leads_and_may_enter_the_admin():
    root = User.objects.create_superuser("root@example.com", "pass1234", name="Root")
    assert (root.leads, root.is_staff, root.rol) == (True, True, 0)


def test_an_inactive_user_is_not_active(student):
    student.status = 1
    assert not student.is_active


def test_a_long_name_email_and_group_can_all_be_searched():
    name, group = "ﷺ" * 120, "ﷺ" * 60  # each folds to eighteen letters
    stored = User.objects.create(email=f"{'a' * 64}@{'b' * 180}.com", name=name, group=group)
    assert len(User.objects.get(pk=stored.pk).search_text) > 2000


def test_saving_only_the_name_keeps_the_search_text_right(student):
    student.name = "Ñandú"
    student.save(update_fields=["name"])
    assert User.objects.get(pk=student.pk).search_text.startswith("nandu ")


def test_users_and_families_name_themselves(student, as_user, api_client):
    assert str(student) == "Alumna"
    api_client.post("/api/auth/login/", {"email": student.email, "password": "pass1234"})
    family = student.token_families.get()
    assert str(family) == str(family.family_id)
