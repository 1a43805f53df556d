"""Reading the environment: precedence, types, and what is wrong with a variable."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from services.llm_gateway.errors import GatewayError

_HERE = Path(__file__).resolve().parent
ROOT = _HERE.parent.parent
# Later files win over earlier ones, the system's variables over both.
ENV_FILES = (ROOT / ".env", _HERE / ".env")


LOCAL_MODEL_PATH = _HERE / "core" / "Meta-Llama-3.1-8B-Instruct-Q3_K_S.gguf"
HOW_TO_GET_A_MODEL = (
    f"Put {LOCAL_MODEL_PATH.name} into services/llm_gateway/core (MODELS.md says where to get it), or set"
    " LOCAL_MODEL_PATH or LOCAL_BASE_URL."
)


class ConfigurationError(GatewayError):
    """A variable of the environment cannot be what it says; the message names it, never its value."""

    code = "configuration_error"


class FaultKind(StrEnum):
    """Why a provider cannot be asked."""

    NO_KEY = "no_key"
    NO_MODEL_FILE = "no_model_file"
    BAD_ADDRESS = "bad_address"
    BAD_KEY = "bad_key"


_IN_ENGLISH = {
    FaultKind.NO_KEY: "Set {name} to use it (ENV_GUIDE.md).",
    FaultKind.NO_MODEL_FILE: "{name} is not there. {how}",
    FaultKind.BAD_ADDRESS: "{name} must be an http(s) address without user, query or fragment.",
    FaultKind.BAD_KEY: "{name} holds a character that no key has (a space, a quote, a line end?).",
}
_IN_SPANISH = {
    FaultKind.NO_KEY: "falta {name} (ver ENV_GUIDE.md)",
    FaultKind.NO_MODEL_FILE: "falta {name} en core/ (ver MODELS.md), o LOCAL_BASE_URL",
    FaultKind.BAD_ADDRESS: "{name} no es una dirección http(s) válida",
    FaultKind.BAD_KEY: "{name} tiene un carácter que ninguna clave tiene (¿un espacio, una comilla?)",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a provider cannot be asked, and the variable or file it is about."""

    kind: FaultKind
    name: str

    def __str__(self) -> str:
        return _IN_ENGLISH[self.kind].format(name=self.name, how=HOW_TO_GET_A_MODEL)

    @property
    def spanish(self) -> str:
        """The same for people."""
        return _IN_SPANISH[self.kind].format(name=self.name)


class Environment:
    """Typed reading of variables; blank counts as not set."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values

    def text(self, name: str, default: str = "") -> str:
        """Return the variable stripped."""
        return self._values.get(name, "").strip() or default

    def seconds(self, name: str, default: float) -> float:
        """Return a number of seconds above 0, at most a day; else raise ConfigurationError."""
        raw = self.text(name)
        try:
            value = float(raw) if raw else default
        except ValueError:
            value = math.nan
        if not 0 < value <= 86_400:
            raise ConfigurationError(f"{name} must be a number of seconds above 0, at most 86400.")
        return value

    def count(self, name: str, default: int, *, minimum: int, maximum: int) -> int:
        """Return a whole number within the bounds; else raise ConfigurationError."""
        raw = self.text(name)
        value = int(raw) if raw.isascii() and raw.isdigit() else (-1 if raw else default)
        if not minimum <= value <= maximum:
            raise ConfigurationError(f"{name} must be a whole number in {minimum}..{maximum}.")
        return value

    def fault_of_address(self, name: str) -> Fault | None:
        """Return what is wrong with an address; None when it is sound or not set."""
        address = self.text(name)
        if not address:
            return None
        try:
            parts = urlsplit(address)
            sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            sound = False
        # A query or a password in an address would end up in logs.
        if sound and address.isascii() and not (parts.query or parts.fragment or "@" in parts.netloc):
            return None
        return Fault(FaultKind.BAD_ADDRESS, name)

    def fault_of_key(self, name: str) -> Fault | None:
        """Return what is wrong with a key: such a one could not be sent, and the error would quote it."""
        sound = all(33 <= ord(character) <= 126 for character in self.text(name))
        return None if sound else Fault(FaultKind.BAD_KEY, name)


def read_environment(files: Iterable[Path] | None = None) -> dict[str, str]:
    """Return the variables by precedence: the system's, the gateway's file, the root's file."""
    merged: dict[str, str] = {}
    for file in ENV_FILES if files is None else files:
        if file.is_file():
            merged |= {name: value for name, value in dotenv_values(file).items() if value is not None}
    return merged | dict(os.environ)
