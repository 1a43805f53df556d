"""Users through the API."""

from __future__ import annotations

import json

import pytest

from apps.audit.models import AuditEvent
from apps.users.models import User

pytestmark = pytest.mark.django_db

NEW = {"email": "nueva@example.com", "name": "Nueva Persona", "password": "tres tristes tigres"}


def events():
    return list(AuditEvent.objects.filter(subject="user").order_by("event_id").values_list("action", flat=True))


def names(answer):
    assert answer.status_code == 200, answer.json()
    return [user["name"] for user in answer.json()]


# --- Creating ---------------------------------------------------------------------------------------


def test_a_new_user_is_active_and_of_the_creators_company(teacher_api, teacher):
    answer = teacher_api.post("/api/users/", NEW)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["status"], made["company"], made["rol"], made["group"]) == (0, teacher.company_id, 2, "")
    assert "password" not in made
    assert events() == ["user.created"]


@pytest.mark.parametrize("form", ["json", "multipart"])
def test_the_documented_user_can_be_created_and_logs_in(teacher_api, api_client, user_data, form):
    created = teacher_api.post("/api/users/", {**user_data, "rol": "2", "status": "0"}, format=form)
    assert created.status_code == 201, created.json()
    login = api_client.post("/api/auth/login/", {"email": user_data["email"], "password": user_data["password"]})
    assert login.json()["user_id"] == created.json()["user_id"]


def test_a_urlencoded_body_is_taken_too(teacher_api):
    body = "email=nueva%40example.com&name=Nueva+Persona&password=tres+tristes+tigres&rol=2"
    answer = teacher_api.post("/api/users/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 201, answer.json()


def test_an_email_taken_in_another_case_is_refused_on_its_field(teacher_api, student):
    answer = teacher_api.post("/api/users/", {**NEW, "email": student.email.upper()})
    assert (answer.status_code, set(answer.json())) == (400, {"email"})
    assert not User.objects.filter(name=NEW["name"]).exists()


def test_rol_0_names_another_company_or_works_in_it(teacher_api, other_company):
    by_body = teacher_api.post("/api/users/", {**NEW, "company": other_company.pk})
    by_header = teacher_api.post(
        "/api/users/", {**NEW, "email": "otra@example.com"}, headers={"X-Company": str(other_company.pk)}
    )
    assert [a.json()["company"] for a in (by_body, by_header)] == [other_company.pk] * 2


def test_a_company_that_is_not_there_is_refused_on_its_field(teacher_api):
    answer = teacher_api.post("/api/users/", {**NEW, "company": 987654})
    assert (answer.status_code, set(answer.json())) == (400, {"company"})
    assert events() == []


MASS = {
    "user_id": 99, "is_superuser": True, "is_staff": True, "is_active": False, "is_demo": True, "groups": [1],
    "user_permissions": [1], "password_hash": "x", "search_text": "x", "role_name": "Admin", "last_login": "2020-01-01",
    "created_at": "2001-01-01T00:00:00Z", "updated_at": "2001-01-01T00:00:00Z",
}
KEPT = [field for field in MASS if field not in {"is_staff", "is_active", "password_hash", "role_name", "updated_at"}]


def state(pk):
    stored = User.objects.get(pk=pk)
    plain = {name: getattr(stored, name) for name in KEPT if name not in {"groups", "user_permissions"}}
    return {**plain, "groups": stored.groups.count(), "user_permissions": stored.user_permissions.count()}


def test_mass_assignment_creates_nothing_but_a_plain_user(teacher_api):
    made = teacher_api.post("/api/users/", {**NEW, **MASS}).json()
    stored = User.objects.get(pk=made["user_id"])
    assert made["user_id"] != 99
    assert (stored.is_superuser, stored.is_demo, stored.created_at.year, stored.last_login) == (
        False, False, stored.updated_at.year, None,
    )


@pytest.mark.parametrize("method", ["put", "patch"])
def test_mass_assignment_changes_nothing(teacher_api, student, method):
    before = state(student.pk)
    whole = {"email": student.email, "name": student.name}
    assert getattr(teacher_api, method)(f"/api/users/{student.pk}/", {**whole, **MASS}).status_code == 200
    assert state(student.pk) == before
    assert events() == []


def test_mass_assignment_changes_nothing_of_oneself(student_api, student):
    before = state(student.pk)
    more = {"rol": 0, "status": 1, "email": "otra@example.com", "group": "docentes", "company": 99, **MASS}
    assert student_api.patch("/api/users/me/", more).status_code == 200
    assert state(student.pk) == before
    stored = User.objects.get(pk=student.pk)
    assert (stored.rol, stored.status, stored.email, stored.group) == (2, 0, student.email, student.group)


# --- Listing ------------------------------------------------------------------------------------------


def test_the_list_is_a_bare_array_with_its_paging_in_headers(teacher_api, student, classmate):
    answer = teacher_api.get("/api/users/?page_size=2&page=1")
    assert (len(answer.json()), answer.headers["X-Total-Count"]) == (2, "3")
    assert 'rel="next"' in answer.headers["Link"]
    assert teacher_api.get("/api/users/?page_size=2&page=3").status_code == 404


def test_the_list_shows_the_company_of_the_request(teacher_api, student, outsider, other_company):
    assert outsider.name not in names(teacher_api.get("/api/users/"))
    assert names(teacher_api.get("/api/users/", headers={"X-Company": str(other_company.pk)})) == [outsider.name]


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_another_companys_user_is_not_found(teacher_api, outsider, method):
    body = {"email": outsider.email, "name": "Otro Nombre"}
    answer = getattr(teacher_api, method)(f"/api/users/{outsider.pk}/", body)
    assert (answer.status_code, set(answer.json())) == (404, {"detail", "code"})
    assert User.objects.get(pk=outsider.pk).name == outsider.name


@pytest.mark.parametrize("number", ["0", "987654", "999999999999999999", "9" * 40, "uno", "-1", "1.5"])
def test_a_user_that_is_not_there_is_not_found(teacher_api, number):
    assert teacher_api.get(f"/api/users/{number}/").status_code == 404


@pytest.fixture
def people(make_user):
    make_user("jose@example.com", name="José Ñandú", rol=2, group="3A")
    make_user("maria@example.com", name="MARÍA Paz", rol=2, group="3b", status=1)
    make_user("luz@correo.example", name="Luz", rol=0, group="docentes", status=1)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=1", ["MARÍA Paz", "Luz"]),
        ("rol=2", ["José Ñandú", "MARÍA Paz"]),
        ("group=3", ["José Ñandú", "MARÍA Paz"]),
        ("group=B", ["MARÍA Paz"]),
        ("search=jose nandu", ["José Ñandú"]),
        ("search=MARI%CC%81A", ["MARÍA Paz"]),
        ("search=CORREO.ex", ["Luz"]),
        ("search=%25", []),
        ("rol=2&status=0&search=o", ["José Ñandú"]),
        ("status=&search=", ["Profesora", "José Ñandú", "MARÍA Paz", "Luz"]),
        ("ordering=-name&rol=2", ["MARÍA Paz", "José Ñandú"]),
        ("ordering=group,-name&status=1", ["MARÍA Paz", "Luz"]),
    ],
)
def test_the_list_is_filtered_searched_and_ordered(teacher_api, people, query, found):
    assert names(teacher_api.get(f"/api/users/?{query}")) == found


@pytest.mark.parametrize(
    "query",
    [
        "status=2", "status=activo", "rol=9", "rol=%00", "search=%00", "group=a%00", "ordering=password",
        "ordering=-is_superuser", "page=x", "page_size=0", "page_size=1001",
    ],
)
def test_a_wrong_filter_is_refused_and_named(teacher_api, query):
    answer = teacher_api.get(f"/api/users/?{query}")
    assert (answer.status_code, set(answer.json())) == (400, {query.split("=", maxsplit=1)[0]})


def test_the_list_costs_the_same_queries_for_many_users(teacher_api, make_user, django_assert_num_queries):
    for number in range(30):
        make_user(f"u{number}@example.com")
    teacher_api.get("/api/users/")  # the mode is cached
    with django_assert_num_queries(3):  # the caller, the count, the page
        assert len(teacher_api.get("/api/users/").json()) == 31


# --- Changing -----------------------------------------------------------------------------------------


def test_a_put_with_all_that_was_read_changes_what_differs(teacher_api, student):
    read = teacher_api.get(f"/api/users/{student.pk}/").json()
    answer = teacher_api.put(f"/api/users/{student.pk}/", {**read, "name": "Otra", "rol": str(read["rol"])})
    assert answer.status_code == 200, answer.json()
    assert {k: v for k, v in answer.json().items() if k != "updated_at"} == {
        **{k: v for k, v in read.items() if k != "updated_at"}, "name": "Otra",
    }
    event = AuditEvent.objects.get(action="user.changed")
    assert json.loads(event.detail) == {"name": ["Alumna", "Otra"]}


def test_a_put_needs_the_whole_user(teacher_api, student):
    assert set(teacher_api.put(f"/api/users/{student.pk}/", {}).json()) == {"email", "name"}


def test_a_change_to_an_email_that_is_taken_changes_nothing(teacher_api, student, classmate):
    answer = teacher_api.patch(f"/api/users/{student.pk}/", {"email": classmate.email, "name": "Otra"})
    assert (answer.status_code, set(answer.json())) == (400, {"email"})
    assert User.objects.get(pk=student.pk).name == student.name


def test_rol_0_moves_a_user_to_another_company(teacher_api, student, other_company):
    assert teacher_api.patch(f"/api/users/{student.pk}/", {"company": other_company.pk}).status_code == 200
    assert teacher_api.get(f"/api/users/{student.pk}/").status_code == 404


# --- The last one who leads -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attempt",
    [
        lambda api, one: api.delete(one),
        lambda api, one: api.patch(one, {"status": 1}),
        lambda api, one: api.patch(one, {"rol": 2}),
        lambda api, one: api.put(one, {"email": "p@example.com", "name": "P", "rol": "2"}),
    ],
)
def test_the_last_active_rol_0_user_stays(teacher_api, teacher, make_user, attempt):
    make_user("dormida@example.com", rol=0, status=1)
    make_user("root@example.com", rol=2, is_superuser=True)
    answer = attempt(teacher_api, f"/api/users/{teacher.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "last_leader")
    assert User.objects.filter(pk=teacher.pk, rol=0, status=0, name=teacher.name).exists()


def test_one_of_two_active_rol_0_users_may_go(teacher_api, teacher, make_user):
    make_user("otra@example.com", rol=0)
    assert teacher_api.delete(f"/api/users/{teacher.pk}/").status_code == 204


# --- Deleting -------------------------------------------------------------------------------------------


def test_a_user_who_recorded_nothing_is_deleted_and_the_trail_stays(teacher_api, student):
    assert teacher_api.delete(f"/api/users/{student.pk}/").status_code == 204
    assert not User.objects.filter(pk=student.pk).exists()
    event = AuditEvent.objects.get(action="user.deleted")
    assert (event.subject_id, json.loads(event.detail)) == (str(student.pk), {"email": student.email})


def test_a_user_who_recorded_transactions_is_not_deleted(teacher_api, student_api, student, chart):
    lines = [{"acc_id": chart["caja"].pk, "debit": 100}, {"acc_id": chart["ventas"].pk, "credit": 100}]
    assert student_api.post("/api/trans/", {"date": "2026-03-02", "entries": lines}).status_code == 201
    answer = teacher_api.delete(f"/api/users/{student.pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "user_has_records")
    assert User.objects.filter(pk=student.pk).exists()
    assert events() == []


# --- Oneself --------------------------------------------------------------------------------------------


def test_everybody_reads_and_renames_themselves(student_api, student):
    assert student_api.get("/api/users/me/").json()["email"] == student.email
    assert student_api.patch("/api/users/me/", {"name": "Otra"}).json()["name"] == "Otra"


@pytest.mark.parametrize("more", [{}, {"current_password": "no es esta"}, {"current_password": ""}])
def test_a_new_password_needs_the_current_one(student_api, student, more):
    answer = student_api.patch("/api/users/me/", {"password": "tres tristes tigres", **more})
    assert (answer.status_code, set(answer.json())) == (400, {"current_password"})
    assert User.objects.get(pk=student.pk).password == student.password


def test_a_new_password_of_ones_own_is_validated(student_api):
    answer = student_api.patch("/api/users/me/", {"password": "alumna@example.com", "current_password": "pass1234"})
    assert (answer.status_code, set(answer.json())) == (400, {"password"})


def test_a_new_password_logs_in_and_the_old_one_does_not(student_api, student, api_client):
    body = {"password": "tres tristes tigres", "current_password": "pass1234"}
    assert student_api.patch("/api/users/me/", body).status_code == 200
    login = {"email": student.email, "password": "pass1234"}
    assert api_client.post("/api/auth/login/", login).status_code == 401
    assert api_client.post("/api/auth/login/", {**login, "password": body["password"]}).status_code == 200


def test_guessing_the_current_password_is_throttled(settings, student_api):
    settings.LOGIN_FAILURES_PER_ACCOUNT = 3
    body = {"password": "tres tristes tigres", "current_password": "no es esta"}
    codes = [student_api.patch("/api/users/me/", body).status_code for _try in range(4)]
    assert codes == [400, 400, 400, 429]


def test_no_password_is_told_to_the_trail(teacher_api, student):
    teacher_api.post("/api/users/", NEW)
    teacher_api.patch(f"/api/users/{student.pk}/", {"password": "otra vez tigres"})
    told = " ".join(AuditEvent.objects.values_list("detail", flat=True))
    assert json.loads(AuditEvent.objects.get(action="user.changed").detail) == {"password": "changed"}
    for secret in (NEW["password"], "otra vez tigres", *User.objects.values_list("password", flat=True)):
        assert secret not in told
