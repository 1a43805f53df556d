"""Fixtures of the whole suite."""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import sqlite3
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection, connections
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from apps.accounts.models import Account
from apps.common import guards
from apps.companies.models import Company
from apps.companies.queries import default_company
from apps.config.models import Config
from apps.users.models import User
from services.chat.config import pin_threads

pin_threads()  # as the server does; a worker of pytest-xdist has a core, and a process of the tests inherits it
REDIS_URL = os.environ.get("TEST_REDIS_URL")
REDIS_DATABASES = 16
ROOT = Path(__file__).parent
# What has no Django to reach the books with, which the contracts of imports keep (pyproject.toml) and
# tests/architecture/test_layers.py proves of the tests: a second engine would say the same again.
ENGINE_FREE = tuple(ROOT / name for name in ("ledger", "services", "tests/gateway"))


def pytest_configure() -> None:
    """Keep the tests' cache out of the data folder and their passwords cheap.

    What is tested of passwords (argon2, upgrades, equal times) sets its own hashers. With
    TEST_REDIS_URL (redis://host:port) the cache is there, one database per worker of pytest-xdist.
    """
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    if REDIS_URL:
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        location = f"{REDIS_URL}/{1 + worker % (REDIS_DATABASES - 1)}"
        settings.CACHES = {"default": {"BACKEND": "apps.common.caches.SharedRedisCache", "LOCATION": location}}
    settings.WHITENOISE_USE_FINDERS = False  # a client made anew would read every static file again: 40 ms
    # Else a walk of hostile files or questions would meet the throttle and nothing behind it.
    settings.IMPORTS_PER_MINUTE = settings.CONSULTOR_QUESTIONS_PER_MINUTE = 10_000
    settings.CHAT_REBUILD_ON_CHANGE = False  # the process would look into the real books
    settings.CONSULTOR_IDLE_SESSIONS = 0  # one kept open would keep the test's database from being dropped
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests of the other engine, of none on PostgreSQL, and of Redis where there is none.

    `.ci/run` runs all, those of no engine on SQLite.
    """
    on_postgresql = connection.vendor == "postgresql"
    others = {"sqlite" if on_postgresql else "postgresql"}
    if not REDIS_URL:
        others.add("redis")
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        other = any(item.get_closest_marker(name) for name in others) or (on_postgresql and is_engine_free(item))
        (left_out if other else kept).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def is_engine_free(item: pytest.Item) -> bool:
    """Return whether a test stands where there is no Django, and asks for no database of pytest-django either."""
    asks = item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return not asks and any(item.path.is_relative_to(folder) for folder in ENGINE_FREE)


def pytest_collection() -> None:
    """Collect no garbage while 8,000 tests are found, nearly none of which is: a sixth of that time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Collect it once and keep the collector off what stays to the end: each full pass took 0.2 s, a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail what is skipped where all must run (NOTHING_SKIPPED, set by `.ci/run`): a proof that is not made."""
    report = yield
    if report.skipped and os.environ.get("NOTHING_SKIPPED"):
        report.outcome = "failed"
    return report


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _flush_past_the_guards() -> None:
    """Let the clean-up of transactional tests empty the books, which the guards refuse to all others.

    The flush ends with post_migrate, which installs the guards again.
    """
    flush = connection.ops.execute_sql_flush

    @functools.wraps(flush)
    def flush_unguarded(*args: Any, **kwargs: Any) -> Any:
        guards.uninstall(connection)
        return flush(*args, **kwargs)

    connection.ops.execute_sql_flush = flush_unguarded  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def _pages_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the pages of the tests' books out of the data folder."""
    settings.BOOKS_DIR = tmp_path_factory.mktemp("books")


@pytest.fixture(scope="session", autouse=True)
def _attachments_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the tests' attachments out of the data folder."""
    settings.ATTACHMENTS_DIR = tmp_path_factory.mktemp("attachments")


@pytest.fixture
def api_client() -> APIClient:
    """A client of the API without credentials."""
    return APIClient()


@pytest.fixture
def user_data() -> dict[str, Any]:
    """The data of a user."""
    return {
        "email": "test@example.com",
        "name": "Test User",
        "password": "pass1234",
        "group": "default",
        "rol": 0,
        "status": 0,
    }


@pytest.fixture
def user(db: None, user_data: dict[str, Any]) -> User:
    """A stored user of rol 0 in the default company."""
    created = get_user_model().objects.create_user(
        email=user_data["email"], password=user_data["password"], name=user_data["name"],
        group=user_data["group"], rol=user_data["rol"],
    )
    created.status = 0
    created.save()
    return created


@pytest.fixture
def company(db: None) -> Company:
    """The default company."""
    return default_company()


@pytest.fixture
def other_company(db: None) -> Company:
    """A second company, of which nothing may be seen from the first."""
    return Company.objects.create(name="Otra empresa")


def make_chart(company: Company) -> dict[str, Account]:
    """Store a chart of six accounts: a heading, four to post on, an inactive one."""
    rows = {
        "activo": ("1", "Activo", True, "activo", True, False),
        "caja": ("11101", "Caja", True, "activo", True, True),
        "iva": ("21301", "IVA débito fiscal", False, "pasivo", True, True),
        "ventas": ("41101", "Ventas", False, "ingreso", True, True),
        "cmv": ("51101", "Costo de mercaderías vendidas", True, "egreso", True, True),
        "inactiva": ("11999", "Cuenta en desuso", True, "activo", False, True),
    }
    return {
        key: Account.objects.create(
            company=company, code=code, name=name, nature=nature, kind=kind, status=status, postable=postable
        )
        for key, (code, name, nature, kind, status, postable) in rows.items()
    }


@pytest.fixture
def chart(company: Company) -> dict[str, Account]:
    """A small chart of the default company, by short names."""
    return make_chart(company)


@pytest.fixture
def other_chart(other_company: Company) -> dict[str, Account]:
    """The same chart in the other company."""
    return make_chart(other_company)


@pytest.fixture
def make_user(db: None) -> Callable[..., User]:
    """Make a user: `make_user("ana@example.com", rol=2, company=...)`; password `pass1234`."""

    def make(email: str, **fields: Any) -> User:
        fields.setdefault("name", email.split("@", maxsplit=1)[0].title())
        return User.objects.create_user(email=email, password="pass1234", **fields)

    return make


@pytest.fixture
def business_mode(db: None) -> None:
    """Switch the system to business mode (educational is the default)."""
    config, _made = Config.objects.get_or_create(config_id=1)
    config.system_mode = True
    config.save()


@pytest.fixture
def teacher(make_user: Callable[..., User]) -> User:
    """Rol 0 in educational mode."""
    return make_user("profesora@example.com", rol=0, group="docentes")


@pytest.fixture
def student(make_user: Callable[..., User]) -> User:
    """Rol 2 in educational mode, of the default company."""
    return make_user("alumna@example.com", rol=2, group="3A")


@pytest.fixture
def classmate(make_user: Callable[..., User]) -> User:
    """Another student of the same company."""
    return make_user("companero@example.com", rol=2, group="3A")


@pytest.fixture
def outsider(make_user: Callable[..., User], other_company: Company) -> User:
    """A student of another company."""
    return make_user("ajeno@example.com", rol=2, group="4B", company=other_company)


@pytest.fixture
def admin_user(make_user: Callable[..., User]) -> User:
    """Business role 0."""
    return make_user("admin@example.com", rol=0)


@pytest.fixture
def manager(make_user: Callable[..., User]) -> User:
    """Business role 1."""
    return make_user("manager@example.com", rol=1)


@pytest.fixture
def accountant(make_user: Callable[..., User]) -> User:
    """Business role 2."""
    return make_user("accountant@example.com", rol=2)


@pytest.fixture
def operator(make_user: Callable[..., User]) -> User:
    """Business role 3."""
    return make_user("operator@example.com", rol=3)


@pytest.fixture
def viewer(make_user: Callable[..., User]) -> User:
    """Business role 4."""
    return make_user("viewer@example.com", rol=4)


@pytest.fixture
def as_user() -> Callable[[User], APIClient]:
    """A client that carries a real access token: `as_user(teacher).get(...)`."""

    def client(who: User) -> APIClient:
        made = APIClient()
        made.credentials(HTTP_AUTHORIZATION=f"Bearer {AccessToken.for_user(who)}")
        return made

    return client


@pytest.fixture
def teacher_api(as_user: Callable[[User], APIClient], teacher: User) -> APIClient:
    """The teacher's client."""
    return as_user(teacher)


@pytest.fixture
def student_api(as_user: Callable[[User], APIClient], student: User) -> APIClient:
    """The student's client."""
    return as_user(student)


@pytest.fixture
def at_once(transactional_db: None, tmp_path: Path) -> Iterator[Callable[[list[Callable[[], Any]]], list[Any]]]:
    """Run callables in threads that start at the same moment: `at_once([call] * 12)` -> their results.

    Each thread has its own connection to a database that threads can share: on SQLite a copy of the
    test's in a file, for a database in memory has no busy handler and no write-ahead log.
    """

    def run(calls: list[Callable[[], Any]]) -> list[Any]:
        barrier = threading.Barrier(len(calls))

        def start(call: Callable[[], Any]) -> Any:
            barrier.wait()
            try:
                return call()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(calls)) as pool:
            return list(pool.map(start, calls))

    with file_database(tmp_path / "threads.sqlite3"):
        yield run


@contextlib.contextmanager
def file_database(path: Path) -> Iterator[None]:
    """Go on in a file where the tests' database is in memory: what other threads and processes can open."""
    if connection.vendor != "sqlite":
        yield
        return
    memory = connections["default"]
    memory.ensure_connection()
    with contextlib.closing(sqlite3.connect(path)) as copy:
        memory.connection.backup(copy)
    connections.settings["default"] = {**memory.settings_dict, "NAME": str(path)}
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connection.close()
        connections.settings["default"], connections["default"] = memory.settings_dict, memory
