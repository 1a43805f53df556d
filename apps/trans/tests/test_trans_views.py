"""Transactions over the API."""

from __future__ import annotations

import pytest

from apps.trans.tests.books import post, sale

pytestmark = pytest.mark.django_db


def test_recording_answers_the_whole_transaction(teacher_api, teacher, chart):
    answer = post(teacher_api, sale(chart, 121_00))

    assert answer.status_code == 201
    body = answer.json()
    assert body["status"] == 0
    assert body["status_display"] == "Para verificar"
    assert (body["total_debit"], body["total_credit"], body["is_balanced"]) == (121_00, 121_00, True)
    assert (body["user"], body["user_name"]) == (teacher.pk, teacher.name)
    assert body["number"] is body["reverses"] is body["reversed_by"] is None
    assert body["version"] == 1
    assert answer.headers["ETag"] == '"1"'
    account = body["entries"][0]["account"]
    assert account == {
        "acc_id": chart["caja"].pk, "code": "11101", "name": "Caja", "saldo": 121_00, "nature": True,
        "nature_display": "Deudora", "status": True,
    }
