"""Answering a question: what both ways of answering, whole and streamed, share."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import threading
import time
import uuid
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict

from django.core.cache import cache

from apps.chat.actions import give_back_question, remember, reserve_question
from apps.chat.errors import NoIndex, RequestCancelled
from apps.chat.models import ChatQuery
from apps.chat.queries import index_row, is_rebuilding, questions_before
from apps.chat.running import Running
from apps.chat.service import assistant
from apps.companies.models import Company
from apps.users.models import User

if TYPE_CHECKING:  # at run time they come with the assistant, numpy and all, at the first question
    from services.chat.answering import Plan, Reply, SourceWire

logger = logging.getLogger(__name__)
_CACHED_S = 24 * 3600


class AnswerWire(TypedDict):
    """An answer as the contract writes it."""

    answer: str
    sources: list[SourceWire]
    context_used: bool
    response_time: float
    query_id: int
    request_id: str
    conversation_id: str
    provider: str
    grounded: bool


class Reserved:
    """One of the user's questions of the day: given back unless it was used, by an answer or by asking a model."""

    def __init__(self, user: User) -> None:
        """Take it; QuotaUsedUp."""
        self._user = user
        self._day: dt.date | None = reserve_question(user)

    def use(self) -> None:
        """Keep it from being given back."""
        self._day = None

    def give_back_unused(self) -> None:
        """Give it back, once, where it was not used."""
        day, self._day = self._day, None
        if day:
            give_back_question(self._user, day)


@dataclass(frozen=True)
class Asking:
    """A question on its way to an answer, with the passages found for it."""

    question: str
    plan: Plan
    user: User
    company: Company
    request_id: str
    conversation_id: uuid.UUID
    follows: bool
    reserved: Reserved
    started: float = field(default_factory=time.monotonic)

    @property
    def asks_a_model(self) -> bool:
        """Whether a model is worth asking: there are passages, and somebody to ask."""
        from services.chat import llm_client

        return self.plan.answerable and llm_client.is_configured()

    @property
    def payer(self) -> str:
        """Whose budget pays the model."""
        return str(self.user.pk)


def begin(
    question: str, *, request_id: str | None, conversation_id: uuid.UUID | None, acting_user: User, company: Company
) -> Asking:
    """Find the passages for a question; QuotaUsedUp, NoIndex."""
    started = time.monotonic()
    reserved = Reserved(acting_user)
    try:
        before = questions_before(conversation_id, acting_user, company)
        plan = _plan(question, before, company)
    except BaseException:
        reserved.give_back_unused()
        raise
    return Asking(
        question=question, plan=plan, user=acting_user, company=company, request_id=request_id or uuid.uuid4().hex,
        conversation_id=conversation_id or uuid.uuid4(), follows=bool(before), reserved=reserved,
        started=started,
    )


def _plan(question: str, before: list[str], company: Company) -> Plan:
    service = assistant()
    try:
        plan: Plan = service.prepare(question, turns=[service.Turn(text) for text in before], owner=company.pk)
    except service.IndexMissing:
        raise NoIndex(is_rebuilding=is_rebuilding(index_row())) from None
    return plan


def answer(asking: Asking, hung_up: threading.Event | None = None) -> AnswerWire:
    """Return the whole answer; RequestRunning, RequestCancelled. Who sets `hung_up` waits for it no more."""
    try:
        with Running(asking.request_id, asking.user, hung_up) as running:
            reply = cached(asking) or _ask(asking, running)
        return store(asking, reply)
    finally:
        asking.reserved.give_back_unused()


def _ask(asking: Asking, running: Running) -> Reply:
    from services.chat import llm_client

    service = assistant()
    if not asking.asks_a_model:
        return quoted(asking)
    asking.reserved.use()
    stream = llm_client.open_stream(
        asking.plan.system_prompt, asking.plan.user_prompt or "", service.configuration(), user=asking.payer
    )
    try:
        with stream, running.watch(stream.cancel):
            written = "".join(stream)
    except llm_client.GatewayError as error:
        return failed(asking, error.code)
    return checked(asking, written, stream.completion)


def failed(asking: Asking, code: str) -> Reply:
    """Return the quoted sentences where no model answered; RequestCancelled where somebody stopped it."""
    if code == "cancelled":
        raise RequestCancelled
    logger.warning("chat.model_failed", extra={"code": code})
    return quoted(asking)


def quoted(asking: Asking) -> Reply:
    """Return the answer without a model."""
    reply: Reply = assistant().finish(asking.plan, None)
    return reply


def checked(asking: Asking, written: str, completion: Any) -> Reply:
    """Return what stands of a model's words, kept for the next who asks the same."""
    reply: Reply = assistant().finish(asking.plan, written, completion)
    if reply.grounded and not asking.follows:
        cache.set(_key(asking), asdict(reply), _CACHED_S)
    return reply


def cached(asking: Asking) -> Reply | None:
    """Return the answer that a model gave to the same question over the same documents."""
    kept = None if asking.follows else cache.get(_key(asking))
    return assistant().Reply(**kept) if kept else None


def _key(asking: Asking) -> str:
    generation = asking.plan.generation
    parts = "\0".join((asking.plan.question, generation.name, generation.manifest.created_at, str(asking.company.pk)))
    return f"chat.answer.{hashlib.sha256(parts.encode()).hexdigest()}"


def store(asking: Asking, reply: Reply) -> AnswerWire:
    """Remember the answer and return it as the contract writes it."""
    query = remember(ChatQuery(
        company=asking.company, user=asking.user, conversation_id=asking.conversation_id,
        request_id=asking.request_id, question=asking.question, answer=reply.text, sources=reply.sources,
        context_used=reply.context_used, grounded=reply.grounded, provider=reply.provider,
        response_time=round(time.monotonic() - asking.started, 3),
    ))
    asking.reserved.use()
    return {
        "answer": query.answer,
        "sources": reply.sources,
        "context_used": query.context_used,
        "response_time": query.response_time,
        "query_id": query.pk,
        "request_id": query.request_id,
        "conversation_id": str(query.conversation_id),
        "provider": query.provider,
        "grounded": query.grounded,
    }
