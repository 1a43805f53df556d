"""Posting a two-line transaction: through HTTP, through the action, and django-ledger's way."""

from __future__ import annotations

import subprocess
from typing import Any

from benchmarks import books
from benchmarks.harness import ROOT, Figure, Stage, cpu_ms, served, stage

PEER_PYTHON = ROOT / "benchmarks" / ".venv" / "bin" / "python"


def figures() -> list[Figure]:
    """Measure on SQLite; the peer runs last, in its own environment."""
    with stage() as here:
        here.enter()
        books.open_chart()
        through_http = _http(here)
        posted, settled = _actions()
    peer = _django_ledger()
    times_less = f"django-ledger 0.8.5: {peer:.1f} ms, {peer / posted:.1f} times ours"
    return [
        Figure("post a transaction, HTTP", through_http, target=7),
        Figure("post a transaction, action", posted, target=4, peer=times_less),
        Figure("post, verify and close with its number, three actions", settled),
    ]


def _http(here: Stage) -> float:
    drafts = books.drafts(books.postable())
    with served(here) as server:
        return server.cpu_ms(lambda: server.call("POST", "/api/trans/", _body(next(drafts))))


def _body(draft: Any) -> dict[str, Any]:
    lines = [{"acc_id": line.account_id, "debit": line.debit, "credit": line.credit} for line in draft.lines]
    return {"date": draft.date.isoformat(), "legend": draft.legend, "entries": lines}


def _actions() -> tuple[float, float]:
    from apps.trans import actions

    user, company = books.actors()
    drafts = books.drafts(books.postable())

    def post() -> int:
        return actions.post_transaction(next(drafts), acting_user=user, company=company).pk

    def settle() -> None:
        trans_id = post()
        actions.toggle_status(trans_id, acting_user=user, company=company)
        actions.close_transaction(trans_id, acting_user=user, company=company)

    return cpu_ms(post), cpu_ms(settle)


def _django_ledger() -> float:
    command = [PEER_PYTHON, ROOT / "benchmarks" / "peer_django_ledger.py"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(answer.stdout)
