"""Users and sessions when many ask at the same moment."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.tokens import AccessToken, RefreshToken

from apps.users.models import TokenFamily, User

TABS = 12


@pytest.fixture
def people(at_once, make_user):
    """Two who lead and one who learns, in the database that the threads share."""
    return [make_user("una@example.com", rol=0), make_user("otra@example.com", rol=0), make_user("ana@example.com")]


def api(user):
    return APIClient(headers={"Authorization": f"Bearer {AccessToken.for_user(user)}"})


def log_in(user):
    return APIClient().post("/api/auth/login/", {"email": user.email, "password": "pass1234"}).json()["refresh"]


def refresh(token):
    return lambda: APIClient().post("/api/auth/refresh/", {"refresh": token})


def test_parallel_refreshes_of_one_token_make_exactly_one_new_pair(people, at_once):
    token = log_in(people[2])
    answers = at_once([refresh(token)] * TABS)
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert (OutstandingToken.objects.count(), BlacklistedToken.objects.count()) == (2, 1)
    assert refresh(answers[0].json()["refresh"])().status_code == 200


def test_without_a_grace_one_of_parallel_refreshes_wins_and_the_family_ends(people, at_once, settings):
    settings.REFRESH_GRACE_S = 0
    answers = at_once([refresh(log_in(people[2]))] * TABS)
    assert sorted(answer.status_code for answer in answers) == [200] + [401] * (TABS - 1)
    assert OutstandingToken.objects.count() == 2
    assert TokenFamily.objects.get().revoked_at


def test_a_token_without_a_family_founds_exactly_one(people, at_once):
    answers = at_once([refresh(str(RefreshToken.for_user(people[2])))] * TABS)
    assert len({answer.content for answer in answers}) == 1
    assert TokenFamily.objects.count() == 1


def test_a_refresh_and_a_deactivation_leave_no_living_token(people, at_once):
    first, _other, student = people
    token = log_in(student)
    client = api(first)
    answers = at_once([refresh(token)] * 4 + [lambda: client.patch(f"/api/users/{student.pk}/", {"status": 1})])
    assert answers[-1].status_code == 200
    assert {answer.status_code for answer in answers[:-1]} <= {200, 401}
    assert not TokenFamily.objects.filter(revoked_at=None).exists()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda client, pk: client.patch(f"/api/users/{pk}/", {"rol": 2}),
        lambda client, pk: client.patch(f"/api/users/{pk}/", {"status": 1}),
        lambda client, pk: client.delete(f"/api/users/{pk}/"),
    ],
)
def test_two_who_lead_cannot_both_go_at_once(people, at_once, attempt):
    first, second, _student = people
    one, other = api(first), api(second)
    answers = at_once([lambda: attempt(one, second.pk), lambda: attempt(other, first.pk)])
    assert User.objects.filter(rol=0, status=0).count() == 1
    refused = [answer for answer in answers if answer.status_code >= 400]
    assert len(refused) == 1
    # Or the token of the one who was too late was dead by then, or they led no more.
    assert refused[0].status_code in {409, 401, 403}


def test_one_email_is_given_once(people, at_once):
    client = api(people[0])
    body = {"email": "nueva@example.com", "name": "Nueva", "password": "tres tristes tigres"}
    codes = sorted(answer.status_code for answer in at_once([lambda: client.post("/api/users/", body)] * 6))
    assert codes == [201] + [400] * 5
