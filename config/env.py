"""Typed reading of environment variables.

Every setting that an operator may change is read here, once, at start-up. A value that cannot be
what it should be stops the process with a sentence that names the variable: a server that starts
with a misread limit is worse than one that does not start.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from dotenv import load_dotenv

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def load_files(base_dir: Path) -> None:
    """Load the `.env` files without overriding what is already set.

    Precedence: system variables, then the gateway's file, then the root's.
    """
    load_dotenv(base_dir / "services" / "llm_gateway" / ".env", override=False)
    load_dotenv(base_dir / ".env", override=False)


def text(name: str, default: str = "") -> str:
    """Return the variable stripped; blank counts as not set.

    `<name>_FILE` may name a file to read it from, as Docker and systemd hand secrets over; one that
    cannot be read raises ImproperlyConfigured.
    """
    return os.environ.get(name, "").strip() or _from_file(f"{name}_FILE") or default


def _from_file(name: str) -> str:
    path = os.environ.get(name, "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}: {path} cannot be read ({error}).") from error


def boolean(name: str, default: bool) -> bool:
    """Return a boolean; anything that is not plainly one raises ImproperlyConfigured."""
    raw = text(name)
    if not raw:
        return default
    if raw.lower() in _TRUE:
        return True
    if raw.lower() in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be true or false, not {raw!r}.")


def integer(name: str, default: int, *, minimum: int, maximum: int) -> int:
    """Return an integer within [minimum, maximum]; else raise ImproperlyConfigured."""
    raw = text(name)
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {raw!r}.") from None
    if not minimum <= value <= maximum:
        raise ImproperlyConfigured(f"{name} must lie in {minimum}..{maximum}, not {value}.")
    return value


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """Return a comma-separated list without blanks."""
    raw = text(name)
    return [word.strip() for word in raw.split(",") if word.strip()] if raw else list(default)


def choice(name: str, default: str, *, allowed: Sequence[str]) -> str:
    """Return one of the allowed words; else raise ImproperlyConfigured."""
    value = text(name, default)
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(allowed)}, not {value!r}.")
    return value


def secret_key(name: str, *, debug: bool, private_file: Path) -> str:
    """Return the secret from the environment, or in debug mode from a file made on first run.

    Outside debug a missing secret raises ImproperlyConfigured: a key that appears by itself would
    differ between machines and log every user out.
    """
    value = text(name)
    if value:
        return value
    if not debug:
        raise ImproperlyConfigured(f"{name} is required when DEBUG is off.")
    if not private_file.exists():
        _write_secret(private_file)
    return _read_secret(private_file)


def _write_secret(private_file: Path) -> None:
    """Make the file appear whole: of several processes that start at once, one's stands and all read it."""
    private_file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", encoding="ascii", dir=private_file.parent) as draft:
        draft.write(secrets.token_urlsafe(50))
        draft.flush()
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, private_file)


def _read_secret(private_file: Path) -> str:
    value = private_file.read_text(encoding="ascii").strip()
    if len(value) < 40:
        raise ImproperlyConfigured(f"{private_file} is damaged: delete it and start again.")
    return value
