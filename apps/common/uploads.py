"""Bodies with files, bounded before anyone reads them."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from rest_framework.request import Request


def refuse_larger(request: Request, bytes_max: int) -> None:
    """Raise RequestDataTooBig where the body is larger; before the form is read, which spools any size to disk."""
    declared = str(request.META.get("CONTENT_LENGTH") or "0")
    if not declared.isdigit() or int(declared) > bytes_max:
        raise RequestDataTooBig
