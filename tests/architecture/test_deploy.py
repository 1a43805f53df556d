"""deploy/ names what there is: commands, variables, files, volumes and secrets."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from config.demo import WEB_ENVIRONMENT, web_command

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
OURS = {name: found for name, found in COMPOSE["services"].items() if found["image"] == "mosaite"}
# Read by uvicorn, the C library, Prometheus's client and Python: not by our settings.
OF_OTHERS = {
    *WEB_ENVIRONMENT, "PROMETHEUS_MULTIPROC_DIR", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "WEB_CONCURRENCY",
}


def words_of(instruction: str) -> list[str]:
    """Return the words of the last instruction of that name in the Dockerfile, in its JSON form."""
    form = re.findall(rf"^{instruction} (\[.*?\])$", DOCKERFILE, re.DOTALL | re.MULTILINE)[-1]
    return list(yaml.safe_load(form.replace("\\\n", " ")))


def variables() -> set[str]:
    block = re.search(r"^ENV (.*?)^USER", DOCKERFILE, re.DOTALL | re.MULTILINE)
    assert block
    of_image = {word.split("=")[0] for word in shlex.split(block.group(1).replace("\\\n", " "))}
    return of_image | {name for service in OURS.values() for name in service["environment"]}


def test_every_variable_is_one_that_somebody_reads():
    known = set(re.findall(r"^([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert {name.removesuffix("_FILE") for name in variables()} - OF_OTHERS <= known


def test_every_command_is_one_of_ours():
    told = " ".join(" ".join(service.get("command", ())) for service in OURS.values())
    told += (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    named = re.findall(r"manage\.py (\w+)", told)
    assert named
    assert set(named) <= set(get_commands())


def test_the_server_starts_as_by_make_run():
    """Save where it listens, and that it ends what is under way first."""
    assert all(f"{name}={value} " in DOCKERFILE for name, value in WEB_ENVIRONMENT.items())
    assert set(web_command("python", 8000)) - set(words_of("CMD")) == {"127.0.0.1"}


def test_what_is_named_is_there():
    for name, service in COMPOSE["services"].items():
        for needed in service.get("depends_on", ()):
            assert needed in COMPOSE["services"], name
        for secret in service.get("secrets", ()):
            assert secret in COMPOSE["secrets"], name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or source == "./certs" or (DEPLOY / source).exists(), name


def test_the_secrets_are_made_once_and_fit_together(tmp_path: Path):
    script = tmp_path / "make-secrets.sh"
    script.write_bytes((DEPLOY / "make-secrets.sh").read_bytes())
    made = []
    for _time in range(2):
        subprocess.run(["sh", str(script)], check=True, capture_output=True)
        made.append({path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()})
    assert made[0] == made[1]
    assert set(made[0]) == set(COMPOSE["secrets"])
    assert f":{made[0]['database_password']}@database:" in made[0]["database_url"]
    assert (tmp_path / "secrets").stat().st_mode & 0o77 == 0


@pytest.mark.parametrize("secret", ["secrets", "certs", ".env"])
def test_no_secret_gets_into_the_repository_or_the_image(secret):
    inside = f"deploy/{secret}" if secret.startswith(".") else f"deploy/{secret}/key"
    told = subprocess.run(["git", "check-ignore", inside], cwd=ROOT, capture_output=True, check=False)
    assert told.returncode == 0
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert f"deploy/{secret}" in ignored or f"**/{secret}" in ignored
