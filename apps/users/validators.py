"""What a password must not be, beyond Django's own rules."""

from __future__ import annotations

import gzip
import itertools

from django.contrib.auth.password_validation import CommonPasswordValidator

COMMONEST = 1000


class CommonestPasswordValidator(CommonPasswordValidator):
    """Refuses the thousand most used passwords.

    Django's list, which is in order of use, has twenty thousand; further down it holds what the
    first Mosaite's manual gives as an example of a good one.
    """

    def __init__(self) -> None:
        with gzip.open(self.DEFAULT_PASSWORD_LIST_PATH, "rt", encoding="utf-8") as lines:
            self.passwords = {line.strip() for line in itertools.islice(lines, COMMONEST)}
