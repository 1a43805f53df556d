"""Who may do what to users; written out from the contract, not from the matrix."""

from __future__ import annotations

import pytest

from apps.audit.models import AuditEvent
from apps.users.models import User

pytestmark = pytest.mark.django_db

NEW = {"email": "nueva@example.com", "name": "Nueva Persona", "password": "tres tristes tigres"}
WHOLE = {"email": "viewer@example.com", "name": "Otro Nombre"}
ALL, Z, X, S = {0, 1, 2, 3, 4}, {0, 1}, {0, 1, 2}, {0}

# operation: (business, educational, what it answers to who may)
TABLE = {
    "list": (Z, S, 200),
    "create": (Z, S, 201),
    "retrieve": (X, S, 200),
    "put": (S, S, 200),
    "patch": (Z, S, 200),
    "delete": (S, S, 204),
    "me": (ALL, ALL, 200),
    "change me": (ALL, ALL, 200),
}


def call(api, operation, target):
    one = f"/api/users/{target.pk}/"
    calls = {
        "list": lambda: api.get("/api/users/"),
        "create": lambda: api.post("/api/users/", NEW),
        "retrieve": lambda: api.get(one),
        "put": lambda: api.put(one, WHOLE),
        "patch": lambda: api.patch(one, {"name": "Otro Nombre"}),
        "delete": lambda: api.delete(one),
        "me": lambda: api.get("/api/users/me/"),
        "change me": lambda: api.patch("/api/users/me/", {"name": "Otro Nombre"}),
    }
    return calls[operation]()


@pytest.mark.parametrize("rol", sorted(ALL))
@pytest.mark.parametrize("business", [False, True])
@pytest.mark.parametrize("operation", TABLE)
def test_each_role_does_what_the_contract_gives_it(request, as_user, make_user, viewer, operation, business, rol):
    if business:
        request.getfixturevalue("business_mode")
    in_business, in_class, answer = TABLE[operation]
    api = as_user(make_user("quien@example.com", rol=rol))
    before = (User.objects.count(), AuditEvent.objects.count())
    if rol in (in_business if business else in_class):
        assert call(api, operation, viewer).status_code == answer
    else:
        refused = call(api, operation, viewer)
        assert (refused.status_code, refused.json()["code"]) == (403, "permission_denied")
        assert (User.objects.count(), AuditEvent.objects.count()) == before


@pytest.mark.parametrize("operation", TABLE)
def test_a_superuser_counts_as_rol_0(as_user, make_user, viewer, operation):
    api = as_user(make_user("root@example.com", rol=4, is_superuser=True))
    assert call(api, operation, viewer).status_code == TABLE[operation][2]


@pytest.mark.parametrize("operation", TABLE)
def test_nobody_enters_without_a_token(api_client, viewer, operation):
    answer = call(api_client, operation, viewer)
    assert answer.status_code == 401
    assert set(answer.json()) == {"detail", "code"}


# --- rol 1 ----------------------------------------------------------------------------------------


@pytest.fixture
def manager_api(business_mode, as_user, manager):
    return as_user(manager)


@pytest.mark.parametrize("change", [{"name": "Otro"}, {"status": 1}, {"password": "tres tristes tigres"}, {"rol": 3}])
def test_rol_1_never_touches_a_rol_0_user(manager_api, admin_user, change):
    answer = manager_api.patch(f"/api/users/{admin_user.pk}/", change)
    assert (answer.status_code, answer.json()["code"]) == (403, "leader_out_of_reach")


def test_rol_1_never_touches_a_superuser_of_another_rol(manager_api, make_user):
    root = make_user("root@example.com", rol=4, is_superuser=True)
    assert manager_api.patch(f"/api/users/{root.pk}/", {"name": "Otro"}).status_code == 403


def test_rol_1_never_grants_rol_0(manager_api, viewer):
    created = manager_api.post("/api/users/", {**NEW, "rol": 0})
    changed = manager_api.patch(f"/api/users/{viewer.pk}/", {"rol": "0"})
    assert {(a.status_code, a.json()["code"]) for a in (created, changed)} == {(403, "cannot_grant_rol_0")}
    assert not User.objects.filter(rol=0).exists()


@pytest.mark.parametrize("change", [{"rol": 0}, {"rol": 2}, {"status": 1}])
def test_rol_1_changes_neither_own_rol_nor_status(manager_api, manager, change):
    assert manager_api.patch(f"/api/users/{manager.pk}/", change).status_code == 403


def test_rol_1_may_repeat_its_own_rol_and_status(manager_api, manager):
    same = {"name": "Nuevo Nombre", "rol": "1", "status": 0, "company": manager.company_id}
    assert manager_api.patch(f"/api/users/{manager.pk}/", same).json()["name"] == "Nuevo Nombre"


@pytest.mark.parametrize("rol", [1, 2, 3, 4])
def test_rol_1_gives_the_other_roles(manager_api, rol):
    assert manager_api.post("/api/users/", {**NEW, "rol": rol}).json()["rol"] == rol


def test_rol_1_chooses_no_company_and_learns_of_none(manager_api, viewer, other_company):
    for number in (other_company.pk, 987654):
        answers = [
            manager_api.post("/api/users/", {**NEW, "company": number}),
            manager_api.patch(f"/api/users/{viewer.pk}/", {"company": number}),
        ]
        assert {(a.status_code, a.json()["code"]) for a in answers} == {(403, "company_forbidden")}


# --- Nobody raises themselves ---------------------------------------------------------------------


def test_nobody_raises_their_own_rol(as_user, make_user):
    root = make_user("root@example.com", rol=4, is_superuser=True)
    answer = as_user(root).patch(f"/api/users/{root.pk}/", {"rol": 0})
    assert (answer.status_code, answer.json()["code"]) == (403, "own_role")


def test_a_superuser_is_not_taken_over_by_rol_0(teacher_api, make_user):
    root = make_user("root@example.com", rol=0, is_superuser=True)
    for change in ({"password": "tres tristes tigres"}, {"email": "mia@example.com"}):
        answer = teacher_api.patch(f"/api/users/{root.pk}/", change)
        assert (answer.status_code, answer.json()["code"]) == (403, "superuser_out_of_reach")
    assert teacher_api.patch(f"/api/users/{root.pk}/", {"name": "Otro"}).status_code == 200


# --- Educational mode -----------------------------------------------------------------------------


@pytest.mark.parametrize("rol", [1, 3, 4])
def test_educational_mode_gives_only_rol_0_and_2(teacher_api, student, rol):
    answers = [
        teacher_api.post("/api/users/", {**NEW, "rol": rol}),
        teacher_api.patch(f"/api/users/{student.pk}/", {"rol": rol}),
    ]
    assert [(a.status_code, set(a.json())) for a in answers] == [(400, {"rol"})] * 2


def test_a_rol_left_over_from_business_mode_can_be_kept(teacher_api, viewer):
    whole = {"email": viewer.email, "name": "Otro Nombre", "rol": 4}
    assert teacher_api.put(f"/api/users/{viewer.pk}/", whole).json()["rol"] == 4
