"""The work behind a login: the same for every refusal, and counted."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, PBKDF2PasswordHasher
from django.core.cache import cache
from django.test import RequestFactory
from rest_framework.test import APIClient

from apps.common.address import client_address
from apps.users.errors import TooManyFailures
from apps.users.models import User
from apps.users.throttle import Attempt

pytestmark = pytest.mark.django_db

work: list[str] = []


class CountedHasher(MD5PasswordHasher):
    """The preferred hasher, counted."""

    algorithm = "counted"

    def encode(self, password, salt):
        work.append(self.algorithm)
        return super().encode(password, salt)


class CountedLegacyHasher(PBKDF2PasswordHasher):
    """The first Mosaite's hasher, counted."""

    iterations = 1

    def encode(self, password, salt, iterations=None):
        work.append(self.algorithm)
        return super().encode(password, salt, iterations)


@pytest.fixture
def counted(settings):
    here = "apps.users.tests.test_users_credentials"
    settings.PASSWORD_HASHERS = [f"{here}.CountedHasher", f"{here}.CountedLegacyHasher"]


def log_in(email, password="pass1234", **headers):
    return APIClient().post("/api/auth/login/", {"email": email, "password": password}, headers=headers)


def work_of(email, password):
    work.clear()
    assert log_in(email, password).status_code == 401
    return sorted(work)


# --- The same work ------------------------------------------------------------------------------------


def test_every_refusal_costs_one_hash(counted, make_user):
    make_user("ana@example.com")
    make_user("dormida@example.com", status=1)
    unusable = make_user("sin@example.com")
    unusable.set_unusable_password()
    unusable.save()
    assert work_of("ana@example.com", "no es esta") == ["counted"]
    assert work_of("nadie@example.com", "pass1234") == ["counted"]
    assert work_of("dormida@example.com", "pass1234") == ["counted"]
    assert work_of("dormida@example.com", "no es esta") == ["counted"]
    assert work_of("sin@example.com", "pass1234") == ["counted"]


def legacy_user(email, **fields):
    user = User(email=email, name="Antigua", **fields)
    user.password = PBKDF2PasswordHasher().encode("pass1234", "sal", iterations=1)
    user.save()
    return user


def test_while_an_old_hash_is_left_every_refusal_costs_one_of_each(counted, make_user):
    make_user("ana@example.com")
    legacy_user("antigua@example.com")
    legacy_user("antigua.dormida@example.com", status=1)
    both = ["counted", "pbkdf2_sha256"]
    assert work_of("ana@example.com", "no es esta") == both
    assert work_of("nadie@example.com", "pass1234") == both
    assert work_of("antigua@example.com", "no es esta") == both
    assert work_of("antigua.dormida@example.com", "pass1234") == both


def test_every_refusal_asks_the_database_the_same(make_user, django_assert_num_queries):
    make_user("ana@example.com")
    log_in("ana@example.com", "no es esta")
    for email in ("ana@example.com", "nadie@example.com"):
        with django_assert_num_queries(2):  # the user, a hash of the old kind
            log_in(email, "no es esta")


# --- Old hashes ---------------------------------------------------------------------------------------


def test_the_first_mosaites_hash_logs_in_and_is_upgraded(counted):
    user = legacy_user("antigua@example.com")
    tokens = log_in(user.email).json()
    upgraded = User.objects.get(pk=user.pk)
    assert upgraded.password.startswith("counted$")
    assert upgraded.updated_at == user.updated_at
    me = APIClient().get("/api/users/me/", headers={"Authorization": f"Bearer {tokens['access']}"})
    assert me.status_code == 200
    assert log_in(user.email).status_code == 200


def test_a_wrong_or_inactive_login_upgrades_nothing(counted):
    user = legacy_user("antigua@example.com", status=1)
    log_in(user.email)
    log_in(user.email, "no es esta")
    assert User.objects.get(pk=user.pk).password == user.password


def test_new_passwords_are_argon2id_with_owasps_parameters(settings, make_user):
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]
    assert make_user("ana@example.com").password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


# --- Failures are counted -----------------------------------------------------------------------------


def test_an_account_that_fails_too_often_waits(settings, make_user):
    settings.LOGIN_FAILURES_PER_ACCOUNT = 3
    make_user("ana@example.com")
    assert [log_in("ana@example.com", "no").status_code for _try in range(3)] == [401] * 3
    refused = log_in("ANA@example.com")
    assert (refused.status_code, set(refused.json())) == (429, {"detail", "code"})
    assert refused.json()["code"] == "too_many_failures"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert log_in("otra@example.com").status_code == 401


def test_an_unknown_account_waits_like_a_known_one(settings):
    settings.LOGIN_FAILURES_PER_ACCOUNT = 2
    assert [log_in("nadie@example.com").status_code for _try in range(3)] == [401, 401, 429]


def test_a_login_that_succeeds_forgets_the_accounts_failures(settings, make_user):
    settings.LOGIN_FAILURES_PER_ACCOUNT = 3
    make_user("ana@example.com")
    for _round in range(3):
        assert [log_in("ana@example.com", "no").status_code for _try in range(2)] == [401] * 2
        assert log_in("ana@example.com").status_code == 200


def test_an_address_that_fails_too_often_waits_whatever_the_account(settings):
    settings.LOGIN_FAILURES_PER_ADDRESS = 4
    assert [log_in(f"u{n}@example.com").status_code for n in range(5)] == [401] * 4 + [429]


def test_a_class_that_logs_in_from_one_address_is_not_counted(settings, make_user):
    settings.LOGIN_FAILURES_PER_ADDRESS = 2
    for number in range(5):
        make_user(f"u{number}@example.com")
    assert {log_in(f"u{number}@example.com").status_code for number in range(5)} == {200}


def test_the_window_ends(settings, monkeypatch):
    settings.LOGIN_FAILURES_PER_ACCOUNT = 1
    monkeypatch.setattr("apps.users.throttle.WINDOW_S", 1)
    assert [log_in("ana@example.com").status_code for _try in range(2)] == [401, 429]
    time.sleep(1.1)
    assert log_in("ana@example.com").status_code == 401


def test_an_emptied_cache_breaks_no_login(make_user, monkeypatch):
    make_user("ana@example.com")
    attempt = Attempt("ana@example.com", "10.0.0.1")
    cache.clear()
    attempt.succeeded()
    assert log_in("ana@example.com").status_code == 200


def test_the_admins_login_counts_too(settings, client):
    settings.LOGIN_FAILURES_PER_ACCOUNT = 2
    User.objects.create_superuser("root@example.com", "pass1234", name="Root")
    wrong, right = ({"username": "root@example.com", "password": password} for password in ("no es esta", "pass1234"))
    for _try in range(2):
        client.post("/admin/login/", wrong)
    assert client.post("/admin/login/", right).status_code == 200  # the form again, not the way in
    assert log_in("root@example.com").status_code == 429


def test_rol_0_and_superusers_enter_the_admin(client, teacher, student):
    User.objects.create_superuser("root@example.com", "pass1234", name="Root")
    answers = [
        client.post("/admin/login/", {"username": email, "password": "pass1234"}).status_code
        for email in (student.email, teacher.email, "ROOT@example.com")
    ]
    assert answers == [200, 302, 302]


# --- Of one address, whatever it says of itself ---------------------------------------------------------


def test_a_rotating_x_forwarded_for_is_not_believed_without_proxies(settings):
    settings.LOGIN_FAILURES_PER_ADDRESS = 3
    codes = [log_in(f"u{n}@example.com", **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(4)]
    assert codes == [401, 401, 401, 429]


def test_behind_a_proxy_only_what_the_proxy_saw_is_believed(settings):
    settings.TRUSTED_PROXIES = 1
    settings.LOGIN_FAILURES_PER_ADDRESS = 3
    rotating = [{"X-Forwarded-For": f"10.0.0.{n}, 198.51.100.7"} for n in range(4)]
    codes = [log_in(f"u{n}@example.com", **headers).status_code for n, headers in enumerate(rotating)]
    assert codes == [401, 401, 401, 429]
    assert log_in("otra@example.com", **{"X-Forwarded-For": "198.51.100.8"}).status_code == 401


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, None, "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (2, "10.0.0.1, 198.51.100.7, 192.0.2.1", "198.51.100.7"),
        (2, "198.51.100.7", "127.0.0.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (1, "::ffff:198.51.100.7", "198.51.100.7"),
        (1, "basura" * 20, ("basura" * 20)[:64]),
    ],
)
def test_the_address_is_the_one_that_can_be_believed(settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert client_address(RequestFactory(headers=headers).get("/")) == address


# --- Among threads and processes ------------------------------------------------------------------------


@pytest.fixture
def disk_cache(settings, tmp_path):
    backend = "apps.common.caches.SharedDiskCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": str(tmp_path / "cache"), "SHARDS": 1}}
    settings.LOGIN_FAILURES_PER_ACCOUNT = 10


def passes(_number):
    try:
        Attempt("ana@example.com", "10.0.0.1")
    except TooManyFailures:
        return False
    return True


def test_among_threads_no_more_pass_than_may(disk_cache):
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(passes, range(40))) == 10


def test_among_processes_no_more_pass_than_may(disk_cache):
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        assert sum(pool.map(passes, range(40))) == 10
    assert not passes(41)
