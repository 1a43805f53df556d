"""Users in Django's admin."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from apps.audit.models import AuditEvent
from apps.users.models import TokenFamily, User

pytestmark = pytest.mark.django_db

LIST = "/admin/users/user/"


@pytest.fixture
def root(company):
    return User.objects.create_superuser("root@example.com", "pass1234", name="Root")


@pytest.fixture
def admin(client, root):
    client.force_login(root)
    return client


def form(user, **fields):
    same = {name: getattr(user, name) for name in ("email", "name", "group", "rol", "status")}
    return {**same, "company": user.company_id, "new_password": "", **fields}


def log_in(email, password):
    return APIClient().post("/api/auth/login/", {"email": email, "password": password})


def test_the_list_is_searched_blind_to_accents(admin, make_user):
    make_user("jose@example.com", name="José")
    assert "jose@example.com" in admin.get(f"{LIST}?q=JOSÉ").content.decode()
    assert "jose@example.com" not in admin.get(f"{LIST}?q=pedro").content.decode()


def test_a_user_made_in_the_admin_logs_in_and_is_told_to_the_trail(admin, company):
    fields = {"email": "Nueva@example.com", "name": "Nueva", "group": "", "rol": 2, "status": 0, "company": company.pk}
    made = admin.post(f"{LIST}add/", {**fields, "new_password": "tres tristes tigres"})
    assert made.status_code == 302
    assert log_in("nueva@example.com", "tres tristes tigres").status_code == 200
    assert AuditEvent.objects.filter(action="user.created").count() == 1


def test_a_weak_or_missing_password_is_shown_on_its_field(admin, company):
    fields = {"email": "nueva@example.com", "name": "Nueva", "rol": 2, "status": 0, "company": company.pk}
    for password in ("", "12345678"):
        page = admin.post(f"{LIST}add/", {**fields, "new_password": password})
        assert page.context["adminform"].form.errors.keys() == {"new_password"}
    assert not User.objects.filter(email="nueva@example.com").exists()


def test_a_change_without_a_password_keeps_it(admin, student):
    assert admin.post(f"{LIST}{student.pk}/change/", form(student, name="Otra")).status_code == 302
    assert User.objects.get(pk=student.pk).name == "Otra"
    assert log_in(student.email, "pass1234").status_code == 200


def test_a_new_password_ends_the_users_sessions(admin, student):
    log_in(student.email, "pass1234")
    admin.post(f"{LIST}{student.pk}/change/", form(student, new_password="tres tristes tigres"))
    assert log_in(student.email, "pass1234").status_code == 401
    assert not TokenFamily.objects.filter(revoked_at=None).exists()


def test_no_page_shows_a_password_hash(admin, student):
    assert student.password not in admin.get(f"{LIST}{student.pk}/change/").content.decode()


def test_what_an_action_refuses_is_shown_and_changes_nothing(admin, root):
    page = admin.post(f"{LIST}{root.pk}/change/", form(root, rol=2, name="Otra"), follow=True)
    assert len(list(page.context["messages"])) == 1
    assert User.objects.get(pk=root.pk).name == "Root"
    assert not AuditEvent.objects.exists()


def test_users_are_not_deleted_in_the_admin(admin, student):
    assert admin.post(f"{LIST}{student.pk}/delete/", {"post": "yes"}).status_code == 403
    action = {"action": "delete_selected", "_selected_action": [student.pk], "post": "yes"}
    admin.post(LIST, action)
    assert User.objects.filter(pk=student.pk).exists()


def test_token_families_are_only_looked_at_and_show_no_claims(admin, student):
    log_in(student.email, "pass1234")
    family = TokenFamily.objects.get()
    path = f"/admin/users/tokenfamily/{family.pk}/change/"
    assert "pwd" not in admin.get(path).content.decode()
    assert admin.post(path, {"revoked_at": ""}).status_code == 403
    assert admin.get("/admin/users/tokenfamily/add/").status_code == 403
