"""Answering a question from the books: quota, interpretation (kept between questions), and the record."""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from apps.companies.models import Company
from apps.consultor.actions import remember
from apps.consultor.confinement import reader_for
from apps.consultor.errors import QuestionsUsedUp
from apps.consultor.models import ConsultorQuery
from apps.consultor.queries import asked_since, examples_of, midnight, previous_form, users_named
from apps.consultor.service import Answer, consultor
from apps.users.models import User

if TYPE_CHECKING:  # at run time it comes with the first question

    from services.consultorIA.readers import Reader

_CACHED_S = 24 * 3600
_DAY_S = 24 * 3600
_FILTERS = ("account", "date_from", "date_to", "status", "group", "search")
_KEPT = ("consulta", "form", "origen", "interpretacion", "confianza")


@dataclass(frozen=True)
class Asking:
    """A question on its way to an answer."""

    question: str
    execute: bool
    user: User
    company: Company
    conversation_id: uuid.UUID
    previous: dict[str, Any] | None
    examples: list[tuple[str, Any]]


def ask(
    question: str, *, execute: bool, conversation_id: uuid.UUID | None, acting_user: User, company: Company
) -> dict[str, Any]:
    """Answer a question as the contract writes it, and remember it; QuestionsUsedUp."""
    started = time.monotonic()
    _check_quota(acting_user)
    asking = Asking(
        question=question, execute=execute, user=acting_user, company=company,
        conversation_id=conversation_id or uuid.uuid4(),
        previous=previous_form(conversation_id, acting_user, company), examples=examples_of(company),
    )
    with reader_for(company) as reader:
        answer = _answer(asking, reader)
    return wire(answer, _store(asking, answer, round(time.monotonic() - started, 3)))


def again(query: ConsultorQuery) -> dict[str, Any]:
    """Run the stored query of a question anew and answer as then, with today's rows."""
    if not query.valida:
        return {**_refused(query), **_names(query)}
    with reader_for(query.company) as reader:
        answer = consultor().repetir(
            query.question, reader=reader, today=timezone.localdate(), **{key: getattr(query, key) for key in _KEPT}
        )
    return wire(answer, query)


def wire(answer: Answer, query: ConsultorQuery) -> dict[str, Any]:
    """Return the contract's JSON; each link gets the address that opens the figure's entries."""
    body: dict[str, Any] = answer.to_dict()
    people = {str(link["user"]) for link in answer.enlaces if link.get("user")}
    keys = users_named(people, query.company) if people else {}
    links = [{**link, "url": _address(link, keys)} for link in answer.enlaces]
    return {**body, "enlaces": links, **_names(query)}


# --- Quota ------------------------------------------------------------------------------------------------


def _check_quota(user: User) -> None:
    began = midnight()
    if asked_since(user, began) >= settings.CONSULTOR_QUESTIONS_PER_DAY:
        raise QuestionsUsedUp(_DAY_S - int((timezone.now() - began).total_seconds()) + 1)


# --- Interpretation, kept: what a question became, never what it found --------------------------------------


def _answer(asking: Asking, reader: Reader) -> Answer:
    service = consultor()
    key = _key(asking, reader)
    kept = cache.get(key) if key else None
    if kept is not None:
        repeated: Answer = service.repetir(
            asking.question, reader=reader, today=timezone.localdate(), execute=asking.execute, **kept
        )
        return repeated
    answer: Answer = service.responder(
        asking.question, reader=reader, today=timezone.localdate(), previous=asking.previous,
        examples=[service.Example(question, form) for question, form in asking.examples],
        user=str(asking.user.pk), execute=asking.execute,
    )
    if answer.valida and key:
        cache.set(key, {name: getattr(answer, name) for name in _KEPT}, _CACHED_S)
    return answer


def _key(asking: Asking, reader: Reader) -> str:
    """Return a name for all that an interpretation depends on: words, day, whose books, what stands in them.

    "" where it cannot be told because the books cannot be read: the answer will say so.
    """
    from services.consultorIA.errors import QueryError
    from services.consultorIA.schema import schema_text

    try:
        vocabulary = consultor().vocabulario_version(reader)
    except QueryError:
        return ""
    parts = [
        " ".join(asking.question.split()), str(timezone.localdate()), asking.company.pk, asking.user.rol,
        asking.user.is_superuser, schema_text(), vocabulary, asking.previous, asking.examples,
    ]
    return f"consultor.form.{hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()}"


# --- The record ---------------------------------------------------------------------------------------------


def _store(asking: Asking, answer: Answer, response_time: float) -> ConsultorQuery:
    return remember(ConsultorQuery(
        company=asking.company, user=asking.user, conversation_id=asking.conversation_id, question=asking.question,
        valida=answer.valida, consulta=answer.consulta, codigo=answer.codigo,
        error_tecnico=answer.error_tecnico[:500], error_usuario=answer.error_usuario, respuesta=answer.respuesta,
        interpretacion=answer.interpretacion, confianza=answer.confianza, origen=answer.origen, form=answer.form,
        row_count=answer.row_count, truncated=answer.truncated, response_time=response_time,
    ))


def _names(query: ConsultorQuery) -> dict[str, Any]:
    return {"query_id": query.pk, "conversation_id": str(query.conversation_id), "response_time": query.response_time}


def _refused(query: ConsultorQuery) -> dict[str, Any]:
    stored = (
        "valida", "consulta", "codigo", "error_tecnico", "error_usuario", "respuesta", "interpretacion", "confianza",
        "origen",
    )
    empty = {"columns": [], "rows": [], "row_count": 0, "truncated": False, "grafico": None}
    return {**{name: getattr(query, name) for name in stored}, **empty, "enlaces": [], "sugerencias": []}


def _address(link: dict[str, Any], people: dict[str, int]) -> str:
    """Return where the entries behind a figure are listed; `people` are the keys of users by name."""
    if link.get("trans_id"):
        return f"/api/trans/{link['trans_id']}/"
    chosen = {name: link[name] for name in _FILTERS if link.get(name) not in (None, "")}
    if accounts := link.get("accounts"):
        chosen["account"] = ",".join(accounts)
    if name := link.get("user"):
        chosen["user"] = people.get(name, 0) or None
    return f"/api/trans/?{urlencode({key: value for key, value in chosen.items() if value is not None}, safe=',')}"
