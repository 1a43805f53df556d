"""Whether the process lives and whether it may be sent work."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from apps.common import guards
from services.chat import index
from services.chat.documents import Document

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def index_dir(tmp_path, settings):
    settings.CHAT_INDEX_DIR = tmp_path / "index"
    return settings.CHAT_INDEX_DIR


def test_a_ready_system_says_so(client, db, index_dir):
    with index.building(index_dir):
        index.build(index_dir, [Document("iva.md", "# IVA\n\nLa alícuota es del 21 %.")], size=500, overlap=50)
    response = client.get("/readyz")
    assert response.status_code == 200
    checks = {"database": True, "migrations": True, "guards": True, "index": True}
    assert response.json() == {"status": "ok", "checks": checks}


def test_an_assistant_without_an_index_is_told_and_keeps_nothing_from_working(client, db, index_dir):
    response = client.get("/readyz")
    assert (response.status_code, response.json()["status"], response.json()["checks"]["index"]) == (200, "ok", False)


@pytest.mark.parametrize("damage", [
    lambda newest, root: os.truncate(newest / "documents.json", 10),
    lambda newest, root: (newest / "spans.npy").unlink(),
    lambda newest, root: (newest / "manifest.json").write_text('{"format": 1}'),
    lambda newest, root: shutil.rmtree(newest),
    lambda newest, root: (root / "current").write_text("../../somewhere"),
    lambda newest, root: (root / "current").write_bytes(b"\0"),
], ids=["cut", "a file lost", "of another version", "lost", "a pointer to nowhere", "no pointer"])
def test_an_index_that_is_damaged_is_told(client, db, index_dir, damage):
    with index.building(index_dir):
        newest = index.build(index_dir, [Document("iva.md", "La alícuota es del 21 %.")], size=500, overlap=50)
    damage(newest.folder, index_dir)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["checks"]["index"]) == (200, False)


def test_an_index_of_no_documents_is_none(client, db, index_dir):
    with index.building(index_dir):
        index.build(index_dir, [], size=500, overlap=50)

    assert client.get("/readyz").json()["checks"]["index"] is False


def test_a_live_process_says_so(client, db):
    assert client.get("/healthz").json() == {"status": "ok"}


def test_probes_come_by_address_and_cost_no_session(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz", headers={"Host": "10.1.2.3:8000"}).status_code == 200
    assert client.get("/readyz", headers={"Host": "10.1.2.3:8000"}).status_code == 200
    assert client.get("/api/docs/", headers={"Host": "10.1.2.3:8000"}).status_code == 400


def test_missing_guards_make_it_unready(client, db):
    guards.uninstall(connection)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["guards"]) == (503, False)
    assert response.headers["Retry-After"] == "5"


def test_a_migration_to_come_makes_it_unready(client, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'config'")
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["migrations"]) == (503, False)


@pytest.fixture(scope="module")
def answers_without_a_database(tmp_path_factory):
    """What a process answers whose PostgreSQL and Redis are away: nobody listens on port 1."""
    script = """
import json, django
django.setup()
from django.test import Client
visitor = Client(raise_request_exception=False)
login = {"email": "a@example.com", "password": "pass1234"}
visitor.cookies["sessionid"] = "x" * 32
asked = [visitor.get("/healthz"), visitor.get("/readyz"), visitor.get("/api/config/"),
         visitor.post("/api/auth/login/", login, content_type="application/json"), visitor.get("/admin/")]
print(json.dumps([[answer.status_code, dict(answer.headers), answer.text] for answer in asked]))
"""
    def ask(**variables):
        environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "off", "SECRET_KEY": "x" * 60,
            "ALLOWED_HOSTS": "testserver", "DATA_DIR": str(tmp_path_factory.mktemp("data")), "LOG_LEVEL": "ERROR",
            "DATABASE_POOL_MAX": "0", "DATABASE_URL": "postgres://nobody:canary@127.0.0.1:1/none", **variables,
        }
        run = subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        )
        assert "canary" not in run.stdout
        return json.loads(run.stdout)

    return ask


@pytest.mark.parametrize("redis", ["", "redis://127.0.0.1:1/0"], ids=["database", "database and cache"])
def test_without_a_database_the_process_lives_and_asks_for_patience(answers_without_a_database, redis):
    (alive, ready, anonymous, login, admin) = answers_without_a_database(REDIS_URL=redis)
    assert alive[0] == 200
    assert (ready[0], set(json.loads(ready[2])["checks"].values())) == (503, {False})
    assert anonymous[0] == 401
    for status, headers, text in (login, admin):
        assert (status, json.loads(text)["code"]) == (503, "unavailable")
        assert headers["Retry-After"] == "2"
