"""Two companies with books and people, for a walk through every route."""

from __future__ import annotations

import contextlib
import datetime as dt
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from apps.accounts.models import Account
from apps.attachments.actions import attach
from apps.books.actions import Range, create_book
from apps.books.models import PriceIndex
from apps.chat.models import ChatDocument, ChatQuery
from apps.chat.service import assistant
from apps.companies.models import Company, Period
from apps.companies.queries import default_company
from apps.config.models import Config
from apps.config.policy import Reach
from apps.consultor.models import ConsultorQuery
from apps.exercises.gradings import grade_snapshot
from apps.exercises.gradings import write as write_grade
from apps.exercises.models import Assignment, Exercise, Participation, Submission
from apps.recurring.models import Schedule, Template, TemplateLine
from apps.trans import actions
from apps.users.models import User
from ledger.entries import Draft, Line
from services.chat import index
from services.chat.rag_service import folder_documents

ROLES = ["rol 0", "rol 1", "rol 2", "rol 3", "rol 4", "superuser"]
# Stands in every text of the other company; may appear in no answer to the first.
MARK = "zzajenozz"
# Rows that belong to no company.
SHARED = {"config", "years"}


@dataclass(frozen=True)
class Side:
    """A company, and one row of it for each kind that paths name: by what stands before the number."""

    company: Company
    rows: dict[str, int]
    accounts: list[int]
    pending: int


@dataclass(frozen=True)
class World:
    """The company in which the walk is done, the other one, and who walks."""

    ours: Side
    theirs: Side
    people: dict[str, User]
    # One for all: each loads the middleware anew.
    api: APIClient = field(default_factory=lambda: APIClient(raise_request_exception=False))

    def headers(self, who: str, **more: str) -> dict[str, str]:
        """Return the headers by which a person is known, and more."""
        return {"Authorization": f"Bearer {AccessToken.for_user(self.people[who])}", **more}


def make_world() -> World:
    """Write both companies; call inside a transaction that is undone."""
    other = Company.objects.create(name=f"Empresa {MARK}")
    people = {f"rol {rol}": _person(f"rol{rol}@example.com", rol) for rol in range(5)}
    people["superuser"] = _person("root@example.com", 4, is_superuser=True)
    _person("otra.que.dirige@example.com", 0)
    stranger = _person(f"{MARK}@example.com", 0, company=other, name=MARK, group=MARK)
    ours = _side(default_company(), people["rol 2"], "Venta")
    return World(ours=ours, theirs=_side(other, stranger, MARK), people=people)


def _person(email: str, rol: int, **fields: Any) -> User:
    return User.objects.create_user(email, "pass1234", **{"name": email, "rol": rol, "group": "3A", **fields})


def _side(company: Company, user: User, text: str) -> Side:
    accounts = [
        Account.objects.create(
            company=company, code=code, name=f"{name} {text}", nature=nature, kind=kind, status=True, postable=True
        ).pk
        for code, name, nature, kind in [("11101", "Caja", True, "activo"), ("41101", "Ventas", False, "ingreso")]
    ]
    lines = (Line(accounts[0], debit=100), Line(accounts[1], credit=100))
    drafts = [Draft(dt.date(2026, 3, day), text, lines) for day in (2, 3, 4, 5)]
    pending, verified, closed, booked = (
        actions.post_transaction(draft, acting_user=user, company=company).pk for draft in drafts
    )
    for pk in (verified, closed, booked):
        actions.toggle_status(pk, acting_user=user, company=company)
    actions.close_transaction(closed, acting_user=user, company=company)
    fifth = dt.date(2026, 3, 5)
    prices = [
        PriceIndex.objects.create(company=company, month=dt.date(2026, month, 1), ten_thousandths=month)
        for month in (3, 12)
    ]
    rows = {
        "libros": create_book(Range(fifth, fifth, name=text), acting_user=user, company=company).pk,
        "indices": prices[0].pk,
        "years": 2026,
        "users": user.pk,
        "companies": company.pk,
        "periods": Period.objects.create(company=company, year=2020, month=1).pk,
        "accounts": accounts[0],
        "trans": pending,
        "consultor/query": (asked := _asked_the_books(company, user, text)),
        "consultor/history": asked,
        "chat/history": ChatQuery.objects.create(company=company, user=user, question=text, answer=text).pk,
        **_exercise_rows(company, user, text),
        **_recurring_rows(company, user, text, accounts),
        "attachments": attach(
            pending, f"{text}.txt", text.encode(), acting_user=user, company=company, reach=Reach.ANY
        ).pk,
        "chat/documents": ChatDocument.objects.create(company=company, name=f"{text}.md", text=f"# {text}").pk,
    }
    return Side(company=company, rows=rows, accounts=accounts, pending=pending)


def _exercise_rows(company: Company, user: User, text: str) -> dict[str, int]:
    lines = [{"account": "11101", "debit": 100, "credit": 0}, {"account": "41101", "debit": 0, "credit": 100}]
    solution = [{"label": text, "points": 10, "alternatives": [{"lines": lines}]}]
    exercise = Exercise.objects.create(company=company, title=text, statement=text, plan=company, solutions=[solution])
    assignment = Assignment.objects.create(company=company, exercise=exercise, group="3A")
    participation = Participation.objects.create(assignment=assignment, student=user)
    blank = write_grade(grade_snapshot([], exercise, {}))
    submission = Submission.objects.create(
        participation=participation, try_number=1, snapshot=[], sha256="", revision=1, earned=0, points=1000,
        grading=blank,
    )
    return {"exercises": exercise.pk, "assignments": assignment.pk, "submissions": submission.pk}


def _asked_the_books(company: Company, user: User, text: str) -> int:
    return ConsultorQuery.objects.create(
        company=company, user=user, question=text, valida=True, codigo=-1, consulta="SELECT nombre FROM cuentas",
        respuesta=text, helpful=True,
    ).pk


def _recurring_rows(company: Company, user: User, text: str, accounts: list[int]) -> dict[str, int]:
    template = Template.objects.create(company=company, user=user, name=text, legend=text)
    for position, (account_id, side) in enumerate(zip(accounts, ("debit", "credit"), strict=True)):
        TemplateLine.objects.create(
            template=template, position=position, account_id=account_id, side=side, formula="base"
        )
    schedule = Schedule.objects.create(
        company=company, template=template, user=user, frequency="monthly", start=dt.date(2026, 1, 1), base=100,
        next_date=dt.date(2026, 1, 1),
    )
    return {"templates": template.pk, "recurring": schedule.pk}


@contextlib.contextmanager
def library(folder: Path) -> Iterator[None]:
    """Give the assistant one document, its index and no model; rebuilding starts no process."""
    (folder / "data").mkdir()
    (folder / "data" / "iva.md").write_text("# IVA\n\nLa alícuota general del IVA es del 21 %.\n", encoding="utf-8")
    with index.building(folder / "index"):
        index.build(folder / "index", folder_documents(folder / "data"), size=500, overlap=50)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "LOCAL_BASE_URL"):
            patch.setenv(name, "")
        patch.setenv("LOCAL_MODEL_PATH", "absent.gguf")
        patch.setenv("CHAT_DATA_DIR", str(folder / "data"))
        patch.setenv("CHAT_DENSE", "0")
        patch.setattr(settings, "CHAT_INDEX_DIR", folder / "index")
        no_process = SimpleNamespace(Popen=lambda *_command, **_how: None, DEVNULL=subprocess.DEVNULL)
        patch.setattr("apps.chat.actions.subprocess", no_process)
        assistant.cache_clear()
        yield
    assistant.cache_clear()


def set_mode(*, business: bool) -> None:
    """Put the system into a mode."""
    Config.objects.update_or_create(config_id=1, defaults={"system_mode": business})
    cache.clear()


@contextlib.contextmanager
def undone(*, unless: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Run in a transaction that leaves nothing behind; `unless` is asked at its end.

    Units of work are durable: they run in no transaction but one of a test.
    """
    atomic: Any = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(not unless())


def row_counts() -> dict[str, int]:
    """Return how many rows each table holds, in one query."""
    tables = sorted({model._meta.db_table for model in apps.get_models()})
    parts = [f"SELECT '{table}', COUNT(*) FROM \"{table}\"" for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())
