"""Logging in, going on, logging out."""

from __future__ import annotations

import base64
import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from apps.audit.models import AuditEvent
from apps.users import sessions
from apps.users.credentials import prove
from apps.users.errors import WrongCredentials
from apps.users.models import TokenFamily, User

pytestmark = pytest.mark.django_db

LOGINS = ["/api/auth/login/", "/api/auth/token/", "/api/users/token/"]
REFRESHES = ["/api/auth/refresh/", "/api/auth/token/refresh/"]
LOGOUTS = ["/api/auth/logout/", "/api/users/logout/"]
DEAD = {"detail", "code"}


def log_in(user, path=LOGINS[0]):
    answer = APIClient().post(path, {"email": user.email, "password": "pass1234"})
    assert answer.status_code == 200, answer.json()
    return answer.json()


def refresh(token, path=REFRESHES[0]):
    return APIClient().post(path, {"refresh": token})


def enters(access):
    return APIClient().get("/api/users/me/", headers={"Authorization": f"Bearer {access}"}).status_code == 200


def log_out(access, token, path=LOGOUTS[0]):
    return APIClient().post(path, {"refresh_token": token}, headers={"Authorization": f"Bearer {access}"})


def wait(seconds):
    """Let time pass for every family."""
    for family in TokenFamily.objects.exclude(rotated_at=None):
        TokenFamily.objects.filter(pk=family.pk).update(rotated_at=family.rotated_at - timedelta(seconds=seconds))


# --- Login --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LOGINS)
@pytest.mark.parametrize("form", ["json", "multipart"])
def test_every_documented_login_answers_tokens_and_who_it_is(user, path, form):
    answer = APIClient().post(path, {"email": "TEST@Example.com ", "password": "pass1234"}, format=form)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access", "refresh", "user_id", "name", "email", "rol"}
    assert (body["user_id"], body["name"], body["email"], body["rol"]) == (user.pk, "Test User", "test@example.com", 0)
    assert enters(body["access"])
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_urlencoded_login_is_taken_too(user):
    body = "email=test%40example.com&password=pass1234"
    assert APIClient().post(LOGINS[0], body, content_type="application/x-www-form-urlencoded").status_code == 200


def test_a_dead_token_in_the_header_does_not_keep_one_from_logging_in(user):
    client = APIClient(headers={"Authorization": "Bearer dead"})
    assert client.post(LOGINS[0], {"email": user.email, "password": "pass1234"}).status_code == 200


def test_every_refusal_at_login_looks_the_same(student, classmate):
    classmate.status = 1
    classmate.save()
    attempts = [(student.email, "no es esta"), ("nadie@example.com", "pass1234"), (classmate.email, "pass1234")]
    answers = [APIClient().post(LOGINS[0], {"email": e, "password": p}) for e, p in attempts]
    assert {(a.status_code, a.content) for a in answers} == {(401, answers[0].content)}
    assert set(answers[0].json()) == DEAD
    assert answers[0].headers["WWW-Authenticate"].startswith("Bearer")
    assert not TokenFamily.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {}, {"email": "a@example.com"}, {"password": "x"}, {"email": {}, "password": []}, [1], "texto", None,
        {"email": "a\x00@example.com", "password": "x"}, {"email": "a@example.com", "password": "\x00"},
    ],
)
def test_a_login_without_what_it_needs_is_refused_by_field(db, body):
    assert APIClient().post(LOGINS[0], body, format="json").status_code == 400


def test_a_login_is_told_to_the_trail_of_the_company(student):
    log_in(student)
    event = AuditEvent.objects.get(action="user.logged_in")
    assert (event.chain, event.user_id, event.subject_id) == (student.company_id, student.pk, str(student.pk))


@pytest.mark.parametrize(
    ("change", "enters_still"),
    [
        (lambda user: setattr(user, "status", 1), False),
        (lambda user: user.set_password("otra cosa distinta"), False),
        (lambda user: user.set_password("pass1234"), True),  # as another login's upgrade of the hash does
    ],
)
def test_what_changes_between_the_proof_and_the_session_decides(student, change, enters_still):
    proven = prove(student.email, "pass1234", address="10.0.0.1")
    change(student)
    student.save()
    if enters_still:
        assert sessions.accept(proven, "pass1234") == student
    else:
        with pytest.raises(WrongCredentials):
            sessions.accept(proven, "pass1234")


# --- Refresh ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", REFRESHES)
def test_a_refresh_gives_a_new_pair_and_blacklists_the_one_used(student, path):
    first = log_in(student)
    answer = refresh(first["refresh"], path)
    assert (answer.status_code, set(answer.json())) == (200, {"access", "refresh"})
    assert answer.json()["refresh"] != first["refresh"]
    assert enters(answer.json()["access"])
    assert BlacklistedToken.objects.filter(token__jti=RefreshToken(first["refresh"], verify=False)["jti"]).exists()


def test_within_the_grace_a_parallel_tab_gets_the_same_pair(student):
    first = log_in(student)["refresh"]
    assert refresh(first).json() == refresh(first).json()
    wait(9)
    assert refresh(first).status_code == 200


def test_a_refresh_used_again_ends_the_whole_family(student):
    first = log_in(student)["refresh"]
    second = refresh(first).json()["refresh"]
    wait(11)
    reused = refresh(first)
    assert (reused.status_code, set(reused.json())) == (401, DEAD)
    assert refresh(second).status_code == 401
    assert AuditEvent.objects.filter(action="user.refresh_reused").count() == 1


def test_the_grace_is_for_the_last_token_used_alone(student):
    first = log_in(student)["refresh"]
    third = refresh(refresh(first).json()["refresh"]).json()["refresh"]
    assert refresh(first).status_code == 401
    assert refresh(third).status_code == 401


def test_another_login_lives_on_when_a_family_ends(student):
    stolen, other = log_in(student)["refresh"], log_in(student)["refresh"]
    refresh(stolen)
    wait(11)
    refresh(stolen)
    assert refresh(other).status_code == 200


def test_simplejwt_reads_our_tokens_and_makes_the_same(student):
    ours = log_in(student)
    for kind in (AccessToken, RefreshToken):
        read, made = kind(ours[kind.token_type]).payload, kind.for_user(student).payload
        assert read.keys() - made.keys() == {"family"}
        assert read["exp"] - read["iat"] == made["exp"] - made["iat"]
        assert [read[claim] for claim in ("token_type", "user_id", "pwd")] == [
            made[claim] for claim in ("token_type", "user_id", "pwd")
        ]


@pytest.mark.parametrize("claim", ["exp", "jti", "token_type", "user_id"])
def test_a_token_without_a_claim_that_it_needs_is_dead(student, claim):
    token = RefreshToken.for_user(student)
    del token[claim]
    assert refresh(str(token)).status_code == 401


def test_a_token_made_by_simplejwt_itself_founds_a_family(student):
    first = str(RefreshToken.for_user(student))
    second = refresh(first).json()["refresh"]
    assert refresh(first).json()["refresh"] == second
    third = refresh(second).json()["refresh"]
    wait(11)
    assert refresh(first).status_code == 401
    assert refresh(third).status_code == 401


def test_a_token_blacklisted_by_simplejwt_itself_is_dead(student):
    token = RefreshToken.for_user(student)
    token.blacklist()
    assert refresh(str(token)).status_code == 401


def nested_header():
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","x":' + b"[" * 1300 + b"]" * 1300 + b"}").rstrip(b"=")
    return f"{header.decode()}.e30.AAAA"


@pytest.mark.parametrize(
    "make",
    [
        lambda user: "basura",
        lambda user: "a.b.c",
        lambda user: "ñ.ñ.ñ",
        lambda user: nested_header(),
        lambda user: str(AccessToken.for_user(user)),
    ],
)
def test_what_is_no_refresh_token_is_refused(student, make):
    answer = refresh(make(student))
    assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")


def test_an_expired_refresh_token_is_refused(student):
    token = RefreshToken.for_user(student)
    token.set_exp(lifetime=timedelta(seconds=-1))
    assert refresh(str(token)).status_code == 401


@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": None}, {"refresh": []}, [], {"refresh": "x" * 5000}])
def test_a_refresh_without_a_token_is_refused_on_its_field(db, body):
    assert APIClient().post(REFRESHES[0], body, format="json").status_code == 400


def test_no_token_is_stored(student):
    pair = refresh(log_in(student)["refresh"]).json()
    assert set(OutstandingToken.objects.values_list("token", flat=True)) == {""}
    assert pair["refresh"].rsplit(".", maxsplit=1)[1] not in str(TokenFamily.objects.values())


# --- Access tokens ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make", [lambda user: "basura", lambda user: nested_header(), lambda user: str(RefreshToken.for_user(user))]
)
def test_what_is_no_access_token_is_refused(student, make):
    answer = APIClient().get("/api/users/me/", headers={"Authorization": f"Bearer {make(student)}"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_not_valid")


def test_the_token_of_a_deleted_user_is_dead(student):
    pair = log_in(student)
    User.objects.filter(pk=student.pk).delete()
    assert not enters(pair["access"])
    assert refresh(pair["refresh"]).status_code == 401


# --- The end ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LOGOUTS)
def test_a_logout_ends_the_family(student, path):
    pair = log_in(student)
    answer = log_out(pair["access"], pair["refresh"], path)
    assert (answer.status_code, set(answer.json())) == (200, {"message"})
    assert refresh(pair["refresh"]).status_code == 401
    assert AuditEvent.objects.filter(action="user.logged_out").count() == 1


def test_a_logout_leaves_other_sessions(student):
    here, there = log_in(student), log_in(student)
    log_out(here["access"], here["refresh"])
    assert refresh(there["refresh"]).status_code == 200


@pytest.mark.parametrize(
    "make",
    [
        lambda own, other: {},
        lambda own, other: {"refresh_token": ""},
        lambda own, other: {"refresh_token": ["x"]},
        lambda own, other: [1, 2],
        lambda own, other: {"refresh_token": "basura"},
        lambda own, other: {"refresh_token": nested_header()},
        lambda own, other: {"refresh_token": own["access"]},
        lambda own, other: {"refresh_token": other["refresh"]},
    ],
)
def test_a_logout_without_a_live_token_of_ones_own_ends_nothing(student, classmate, make):
    own, other = log_in(student), log_in(classmate)
    client = APIClient(headers={"Authorization": f"Bearer {own['access']}"})
    answer = client.post(LOGOUTS[0], make(own, other), format="json")
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not TokenFamily.objects.exclude(revoked_at=None).exists()
    assert refresh(other["refresh"]).status_code == 200


def test_a_second_logout_finds_a_dead_token(student):
    pair = log_in(student)
    answers = [log_out(pair["access"], pair["refresh"]) for _time in range(2)]
    assert [a.status_code for a in answers] == [200, 400]


def test_a_token_used_before_does_not_log_out(student):
    pair = log_in(student)
    later = refresh(pair["refresh"]).json()
    assert log_out(later["access"], pair["refresh"]).status_code == 400
    assert refresh(later["refresh"]).status_code == 200


def test_a_token_made_by_simplejwt_itself_logs_out(student):
    token = RefreshToken.for_user(student)
    assert log_out(str(token.access_token), str(token)).status_code == 200
    assert refresh(str(token)).status_code == 401


@pytest.mark.parametrize("path", LOGOUTS)
def test_logging_out_needs_an_access_token(student, path):
    assert APIClient().post(path, {"refresh_token": log_in(student)["refresh"]}).status_code == 401


@pytest.mark.parametrize("change", [{"status": 1}, {"password": "tres tristes tigres"}])
def test_deactivation_and_a_new_password_end_every_session_at_once(teacher_api, student, change):
    pairs = [log_in(student), log_in(student)]
    assert teacher_api.patch(f"/api/users/{student.pk}/", change).status_code == 200
    for pair in pairs:
        assert not enters(pair["access"])
        assert refresh(pair["refresh"]).status_code == 401


def test_a_new_password_of_ones_own_ends_ones_sessions(student):
    pair = log_in(student)
    client = APIClient(headers={"Authorization": f"Bearer {pair['access']}"})
    body = {"password": "tres tristes tigres", "current_password": "pass1234"}
    assert client.patch("/api/users/me/", body).status_code == 200
    assert not enters(pair["access"])
    assert refresh(pair["refresh"]).status_code == 401


def test_refresh_tokens_stay_dead_when_the_account_comes_back(teacher_api, student):
    pair = log_in(student)
    for status in (1, 0):
        teacher_api.patch(f"/api/users/{student.pk}/", {"status": status})
    assert refresh(pair["refresh"]).status_code == 401


def test_a_password_changed_behind_the_api_ends_sessions_too(student):
    pair = log_in(student)
    student.set_password("otra cosa distinta")
    student.save()
    assert not enters(pair["access"])
    assert refresh(pair["refresh"]).status_code == 401


def test_expired_sessions_are_purged_and_living_ones_stay(student):
    refresh(log_in(student)["refresh"])
    alive = log_in(student)["refresh"]
    old = timezone.now() - timedelta(days=1)
    dead = TokenFamily.objects.exclude(rotated_at=None).get()
    TokenFamily.objects.filter(pk=dead.pk).update(expires_at=old)
    OutstandingToken.objects.exclude(jti=RefreshToken(alive)["jti"]).update(expires_at=old)
    assert sessions.purge_expired() == 2
    assert not BlacklistedToken.objects.exists()
    assert refresh(alive).status_code == 200


# --- What must not be told ----------------------------------------------------------------------------


def test_no_secret_reaches_the_logs_or_the_trail(student, caplog):
    caplog.set_level(logging.DEBUG)
    pair = log_in(student)
    later = refresh(pair["refresh"]).json()
    APIClient().post(LOGINS[0], {"email": student.email, "password": "secreto equivocado"})
    log_out(later["access"], later["refresh"])
    told = caplog.text + str([record.__dict__ for record in caplog.records]) + str(list(AuditEvent.objects.values()))
    for secret in ("pass1234", "secreto equivocado", *pair.values(), *later.values()):
        if secret not in {student.pk, student.rol, student.name, student.email}:
            assert secret not in told


def test_the_superuser_made_on_the_command_line_logs_in(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "tres tristes tigres")
    call_command("createsuperuser", email="Root@example.com", name="Root", interactive=False, verbosity=0)
    body = {"email": "root@example.com", "password": "tres tristes tigres"}
    assert APIClient().post(LOGINS[0], body).json()["rol"] == 0
