"""The errors of the rooms.

An error says what happened in terms of the books (`code`, `message`, typed fields) and knows no
HTTP: `config/errors.py` holds the one table from class to status.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class AppError(Exception):
    """Base of every error that a caller can meet.

    `code` is stable and English; `message` is for people. Subclasses set both as class attributes
    or build the message from their own fields in `__init__`. `facts` are for programs, beside them.
    """

    code: ClassVar[str] = "error"
    message: Any = _("The operation could not be carried out.")
    facts: Mapping[str, Any] = MappingProxyType({})
    _by_code: ClassVar[dict[str, type[AppError]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # The first class to name a code owns it; families of one code share their base's.
        AppError._by_code.setdefault(cls.code, cls)

    def __init__(self, message: Any = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.code)

    @classmethod
    def for_code(cls, code: str) -> AppError:
        """Return the error that owns `code`: how a refusal by the database gets its name back."""
        return cls._by_code.get(code, GuardRefused)()


class Invalid(AppError):
    """The input is wrong; `fields` maps each field to its messages (nested for lines)."""

    code = "invalid"
    message = _("Some data is not valid.")

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self.fields = dict(fields)
        super().__init__()


class Refused(AppError):
    """The action is well formed, but the state of the thing does not allow it."""

    code = "refused"


class Conflict(AppError):
    """Another fact of the books stands against it; the same call will go on failing."""

    code = "conflict"
    message = _("The operation conflicts with the current state of the books.")


class Missing(AppError):
    """There is no such thing for this caller."""

    code = "not_found"
    message = _("Not found.")


class Forbidden(AppError):
    """The caller's role does not allow it."""

    code = "permission_denied"
    message = _("You do not have permission to perform this action.")


class Unauthenticated(AppError):
    """Nobody, or not who they say they are."""

    code = "not_authenticated"
    message = _("Log in first.")


class TooMany(AppError):
    """The caller tries too often; the same call may work after `retry_after_s` seconds."""

    code = "throttled"
    message = _("Too many attempts: wait a little and try again.")

    def __init__(self, retry_after_s: int) -> None:
        self.retry_after_s = retry_after_s
        super().__init__()


class Stale(AppError):
    """The caller changed a version that is no longer the current one."""

    code = "version_mismatch"
    message = _("Someone changed this meanwhile: read it again and repeat your change.")


class Busy(AppError):
    """The database is away or too busy; the same call may work in a moment."""

    code = "unavailable"
    message = _("The system is busy: try again in a few seconds.")
    retry_after_s: ClassVar[int] = 2


class GuardRefused(Conflict):
    """The database refused a row that no rule above it had caught."""

    code = "ledger_guard"
    message = _("The books refuse this change.")
