"""Answering a repeated request as the first time, whatever happened to the first answer."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError
from django.utils import timezone

from apps.common.db import unit_of_work
from apps.companies.models import Company
from apps.trans.errors import KeyReused
from apps.trans.models import IdempotencyKey
from apps.users.models import User

KEPT = dt.timedelta(days=7)


def fingerprint(body: Any) -> str:
    """Return a digest of a parsed body; equal for equal content, whatever its spelling in JSON.

    Files, which a form may bring and none here takes, count by their names.
    """
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def answer_once(
    key: str | None, body: Any, act: Callable[[], Any], *, acting_user: User, company: Company
) -> Any:
    """Return what `act()` answers, or what it answered when the key first came with the same body.

    The key is committed together with what `act` did. KeyReused when it came with another body.
    """
    if key is None:
        return act()
    digest = fingerprint(body)
    try:
        return _answer(key, digest, act, acting_user=acting_user, company=company)
    except IntegrityError:
        # The same key at the same moment: the other request won and has committed its answer.
        return _answer(key, digest, act, acting_user=acting_user, company=company)


@unit_of_work
def _answer(key: str, digest: str, act: Callable[[], Any], *, acting_user: User, company: Company) -> Any:
    kept = IdempotencyKey.objects.filter(company=company, user=acting_user, key=key).first()
    if kept is not None:
        if kept.fingerprint != digest:
            raise KeyReused
        return json.loads(kept.answer)
    # Inserted first: a second request with the key waits here, not after the work.
    kept = IdempotencyKey.objects.create(
        company=company, user=acting_user, key=key, fingerprint=digest, answer="null"
    )
    answer = act()
    kept.answer = json.dumps(answer, ensure_ascii=False, cls=DjangoJSONEncoder)
    kept.save(update_fields=["answer"])
    return answer


@unit_of_work
def purge_expired() -> int:
    """Forget the keys that came longer than KEPT ago, and what they were answered; return how many."""
    return IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
