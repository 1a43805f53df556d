"""Who may import whom, and what each layer of a room keeps out of."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ENGINE_FREE

ROOT = Path(__file__).resolve().parents[2]
VIEWS = sorted((ROOT / "apps").glob("*/views*.py"))


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_rooms_import_one_another_one_way() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


@pytest.mark.parametrize("view", VIEWS, ids=_name)
def test_a_view_asks_actions_and_queries_not_the_database(view: Path) -> None:
    """`Model.objects.none()` is allowed: it tells OpenAPI what kind of rows a view answers."""
    reached = [
        ast.unparse(node)
        for node in ast.walk(_tree(view))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "objects"
    ]
    assert [call for call in reached if not call.endswith(".objects.none")] == []


@pytest.mark.parametrize("view", VIEWS, ids=_name)
def test_a_view_leaves_errors_to_the_one_place_that_answers_them(view: Path) -> None:
    assert [node.lineno for node in ast.walk(_tree(view)) if isinstance(node, ast.Try)] == []


def test_only_the_edge_speaks_http() -> None:
    """Actions, queries and errors are called by commands and jobs too."""
    inner = [path for layer in ("actions", "queries", "errors") for path in (ROOT / "apps").glob(f"*/{layer}*")]
    modules = [module for path in inner for module in (path.rglob("*.py") if path.is_dir() else [path])]
    assert modules
    for module in modules:
        assert not {name for name in _imported(module) if name.startswith(("rest_framework", "django.http"))}, (
            _name(module)
        )


@pytest.mark.parametrize("folder", ENGINE_FREE, ids=_name)
def test_what_runs_on_one_engine_alone_has_no_way_to_the_books(folder: Path) -> None:
    for module in folder.rglob("*.py"):
        found = {name.partition(".")[0] for name in _imported(module)} & {"django", "rest_framework", "apps", "config"}
        assert not found, _name(module)


def _imported(module: Path) -> set[str]:
    nodes = list(ast.walk(_tree(module)))
    return {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)} | {
        name.name for node in nodes if isinstance(node, ast.Import) for name in node.names
    }
