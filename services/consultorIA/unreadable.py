"""What makes a slot of a question unreadable."""

from __future__ import annotations


class Unreadable(ValueError):
    """A period or an amount cannot be what was written; `code` says in which way, `text` what it was."""

    def __init__(self, code: str, text: str = "") -> None:
        self.code = code
        self.text = text
        super().__init__(code)
