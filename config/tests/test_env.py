"""Settings are read once, and what cannot be what it should be stops the start."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def variable(monkeypatch):
    def variable(value):
        monkeypatch.setenv("MOSAITE_X", value)

    return variable


@pytest.mark.parametrize("value", ["1", "true", "True", " YES ", "on"])
def test_a_boolean_may_be_written_in_several_ways(variable, value):
    variable(value)
    assert env.boolean("MOSAITE_X", default=False) is True


@pytest.mark.parametrize("value", ["0", "false", "No", "OFF"])
def test_so_may_its_opposite(variable, value):
    variable(value)
    assert env.boolean("MOSAITE_X", default=True) is False


@pytest.mark.parametrize("value", ["maybe", "2", "tru", "sí"])
def test_what_is_no_boolean_is_refused(variable, value):
    variable(value)
    with pytest.raises(ImproperlyConfigured, match="MOSAITE_X"):
        env.boolean("MOSAITE_X", default=True)


def test_blank_counts_as_not_set(variable):
    variable("  ")
    assert env.text("MOSAITE_X", "default") == "default"
    assert env.boolean("MOSAITE_X", default=True) is True
    assert env.integer("MOSAITE_X", 5, minimum=1, maximum=9) == 5
    assert env.words("MOSAITE_X", ["a"]) == ["a"]


def test_a_secret_may_stand_in_a_file(variable, monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from the file\n", encoding="utf-8")
    monkeypatch.setenv("MOSAITE_X_FILE", str(tmp_path / "secret"))
    assert env.text("MOSAITE_X", "default") == "from the file"
    variable("from the variable")
    assert env.text("MOSAITE_X", "default") == "from the variable"


def test_a_secrets_file_that_cannot_be_read_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MOSAITE_X_FILE", str(tmp_path / "absent"))
    with pytest.raises(ImproperlyConfigured, match=r"MOSAITE_X_FILE: .*absent"):
        env.text("MOSAITE_X", "default")


@pytest.mark.parametrize("value", ["0", "11", "-1", "1.5", "ten", "0x5", "9" * 5000])
def test_an_integer_outside_its_bounds_is_refused(variable, value):
    variable(value)
    with pytest.raises(ImproperlyConfigured, match="MOSAITE_X"):
        env.integer("MOSAITE_X", 5, minimum=1, maximum=10)


def test_words_lose_their_blanks(variable):
    variable(" a, b ,,c")
    assert env.words("MOSAITE_X") == ["a", "b", "c"]


def test_a_choice_is_one_of_the_allowed(variable):
    variable("loud")
    with pytest.raises(ImproperlyConfigured, match="quiet, normal"):
        env.choice("MOSAITE_X", "normal", allowed=["quiet", "normal"])


def test_a_secret_is_made_once_and_kept_private(tmp_path, monkeypatch):
    monkeypatch.delenv("MOSAITE_X", raising=False)
    private = tmp_path / "deep" / "secret"
    made = env.secret_key("MOSAITE_X", debug=True, private_file=private)
    assert len(made) >= 50
    assert env.secret_key("MOSAITE_X", debug=True, private_file=private) == made
    assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_a_secret_is_not_made_up_in_production(tmp_path, monkeypatch):
    monkeypatch.delenv("MOSAITE_X", raising=False)
    with pytest.raises(ImproperlyConfigured, match="MOSAITE_X is required"):
        env.secret_key("MOSAITE_X", debug=False, private_file=tmp_path / "secret")
    assert not (tmp_path / "secret").exists()


def test_a_damaged_secret_is_not_used(tmp_path, monkeypatch):
    monkeypatch.delenv("MOSAITE_X", raising=False)
    (tmp_path / "secret").write_text("short")
    with pytest.raises(ImproperlyConfigured, match="damaged"):
        env.secret_key("MOSAITE_X", debug=True, private_file=tmp_path / "secret")


def test_system_variables_go_before_the_gateways_file_and_that_before_the_roots(tmp_path, monkeypatch):
    for name in ("MOSAITE_A", "MOSAITE_B", "MOSAITE_C"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    (tmp_path / "services" / "llm_gateway").mkdir(parents=True)
    (tmp_path / "services" / "llm_gateway" / ".env").write_text("MOSAITE_A=gateway\nMOSAITE_B=gateway\n")
    (tmp_path / ".env").write_text("MOSAITE_A=root\nMOSAITE_B=root\nMOSAITE_C=root\n")
    monkeypatch.setenv("MOSAITE_A", "system")
    env.load_files(tmp_path)
    assert [os.environ[name] for name in ("MOSAITE_A", "MOSAITE_B", "MOSAITE_C")] == ["system", "gateway", "root"]


@pytest.mark.parametrize(
    ("variables", "named"),
    [({"DEBUG": "maybe"}, "DEBUG"), ({"DEBUG": "off", "SECRET_KEY": ""}, "SECRET_KEY"),
     ({"UPLOAD_BYTES_MAX": "-1"}, "UPLOAD_BYTES_MAX"), ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL")],
)
def test_a_misread_variable_stops_the_start_with_its_name(tmp_path, variables, named):
    environment = {**os.environ, "DATA_DIR": str(tmp_path), **variables}
    run = subprocess.run(
        [sys.executable, "-c", "import config.settings"], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )
    assert run.returncode != 0
    assert f"ImproperlyConfigured: {named}" in run.stderr


def test_of_processes_that_start_at_once_one_makes_the_secret_and_all_read_it_whole(tmp_path: Path) -> None:
    private = tmp_path / "secret"

    def make(_start: int) -> str:
        return env.secret_key("MOSAITE_X", debug=True, private_file=private)

    for _round in range(20):
        private.unlink(missing_ok=True)
        with ThreadPoolExecutor(8) as pool:
            made = set(pool.map(make, range(8)))
        assert made == {private.read_text(encoding="ascii")}
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
