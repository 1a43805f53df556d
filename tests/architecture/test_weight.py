"""What starting the project loads: nothing that only a question, an import or an export needs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The assistant's and the models' libraries, and those that read and write office files.
NOT_AT_START = {
    "anthropic", "faiss", "google", "llama_cpp", "numpy", "openai", "pandas", "scipy", "sentence_transformers",
    "sklearn", "tokenizers", "torch", "transformers", "xllamacpp",
    "bs4", "mammoth", "markdownify", "openpyxl", "pypdf", "typst", "sqlglot",
}
LOAD_ALL = """
import django, sys
django.setup()
import config.asgi, config.urls
from django.core.management import call_command
call_command("check", verbosity=0)
print(*{name.partition(".")[0] for name in sys.modules})
print(*(name for name in sys.modules if name.startswith("services.")))
"""


# Of what it brings, what no request but one for the OpenAPI document or the admin needs.
NOT_IN_THE_SERVER = [
    "django.test", "unittest", "drf_spectacular.openapi", "rest_framework_simplejwt.settings", "apps.trans.admin",
]


def _printed(code: str, tmp_path: Path, **environment: str) -> str:
    """Return what a fresh process of the project's prints."""
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60,
        env={
            **os.environ, "DJANGO_SETTINGS_MODULE": "config.settings", "DATA_DIR": str(tmp_path), "DEBUG": "true",
            **environment,
        },
    )
    return run.stdout


def _loaded(tmp_path: Path, **environment: str) -> tuple[set[str], set[str]]:
    """Return the top-level packages and the modules of `services` that a fresh process loads."""
    packages, services = _printed(LOAD_ALL, tmp_path, **environment).splitlines()[-2:]
    return set(packages.split()), set(services.split())


def test_starting_loads_no_heavy_library(tmp_path: Path) -> None:
    packages, services = _loaded(tmp_path, DATABASE_URL="")
    assert packages & NOT_AT_START == set()
    assert not {"services.chat.rag_service", "services.consultorIA.consultor_service"} & services
    assert "psycopg" not in packages


def test_the_postgresql_driver_is_loaded_where_the_books_are_there(tmp_path: Path) -> None:
    packages, _services = _loaded(tmp_path, DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert "psycopg" in packages


def test_the_web_server_has_its_views_when_it_starts_and_collects_none_of_what_stays(tmp_path: Path) -> None:
    started = _printed("""
import config.asgi, gc, sys
print("apps.books.reports.views" in sys.modules, gc.get_freeze_count(), len(gc.get_objects()))
""", tmp_path, DATABASE_URL="").split()
    assert started[0] == "True"
    assert int(started[1]) > 20 * int(started[2])


def test_the_web_server_loads_neither_test_runner_nor_what_few_ask_for(tmp_path: Path) -> None:
    loaded = _printed(f"""
import config.asgi, sys
print([name for name in {NOT_IN_THE_SERVER} if name in sys.modules])
""", tmp_path, DATABASE_URL="")
    assert loaded == "[]\n"


def test_a_check_of_the_project_looks_at_the_admin_too(tmp_path: Path) -> None:
    looked = _printed("""
import django, sys
django.setup()
from django.core.management import call_command
call_command("check", "--tag", "admin", verbosity=0)
print("apps.trans.admin" in sys.modules)
""", tmp_path, DATABASE_URL="")
    assert looked.endswith("True\n")
