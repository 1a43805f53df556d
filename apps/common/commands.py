"""What management commands share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from apps.common.errors import AppError, Invalid


@contextmanager
def command_errors() -> Iterator[None]:
    """Turn what a room or the database refuses into CommandError: a sentence, and the exit code 1."""
    try:
        yield
    except Invalid as error:
        raise CommandError(" ".join(text for texts in error.fields.values() for text in texts)) from error
    except AppError as error:
        raise CommandError(str(error.message)) from error
    except DatabaseError as error:
        raise CommandError(
            _("The database refused (%(why)s). If it is new, run `python manage.py migrate` first.")
            % {"why": str(error).strip()}
        ) from error
