"""How to enter the demo."""

from __future__ import annotations

import base64

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.crypto import salted_hmac

from apps.dash.demo.people import TEACHER_EMAIL, TEACHER_NAME
from apps.users.models import User


def demo_password() -> str:
    """Return the password of the demo's people: DEMO_PASSWORD, else one derived from SECRET_KEY.

    So it can be told again without being stored anywhere in clear. Raises Django's ValidationError
    when DEMO_PASSWORD is too weak.
    """
    if settings.DEMO_PASSWORD:
        validate_password(settings.DEMO_PASSWORD, User(email=TEACHER_EMAIL, name=TEACHER_NAME))
        return str(settings.DEMO_PASSWORD)
    digest = salted_hmac("mosaite.demo.password", TEACHER_EMAIL, algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode().lower()
    return "-".join(letters[start : start + 4] for start in (0, 4, 8, 12))


def opens(password: str) -> bool:
    """Return whether the demo's teacher still has this password."""
    teacher = User.objects.filter(email=TEACHER_EMAIL, is_demo=True).first()
    return teacher is not None and teacher.check_password(password)
