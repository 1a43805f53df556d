"""What comes in of a transaction, and that OpenAPI describes what goes out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError

from apps.trans.serializers import (
    BulkInSerializer,
    EntriesField,
    LimitSerializer,
    ReversalInSerializer,
    TransactionInSerializer,
)
from ledger.entries import Line
from ledger.rules import LINES_MAX

MAX = 2**63 - 1
keys = st.integers(1, MAX)
amounts = st.integers(0, MAX)
spelt = st.sampled_from([int, str])
# What JSON can hold.
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3), max_leaves=8,
)


@given(st.lists(st.tuples(keys, amounts, amounts, spelt), max_size=5))
def test_numbers_may_come_as_numbers_or_as_text(lines):
    sent = [
        {"acc_id": spell(key), "debit": spell(debit), "credit": spell(credit)} for key, debit, credit, spell in lines
    ]
    assert EntriesField().run_validation(sent) == tuple(Line(*line[:3]) for line in lines)


def judged(sent):
    """Return the lines read, and the messages where there are none."""
    try:
        return EntriesField().run_validation(sent), []
    except ValidationError as error:
        return (), error.detail


@given(st.lists(anything | st.fixed_dictionaries({}, optional={"acc_id": anything, "debit": anything}), max_size=4))
def test_whatever_comes_is_lines_or_a_message_for_each(sent):
    read, messages = judged(sent)
    assert len(read or messages) == len(sent)
    assert not messages or any(messages)
    assert all(line.account_id >= 1 and abs(line.debit) <= MAX and abs(line.credit) <= MAX for line in read)


@pytest.mark.parametrize("sent", ["x", 5, {}, {"acc_id": 1}, None, True])
def test_what_is_no_list_is_refused(sent):
    with pytest.raises(ValidationError):
        EntriesField().run_validation(sent)


def test_more_lines_than_a_transaction_may_have_are_refused_before_they_are_read():
    with pytest.raises(ValidationError, match="10000"):
        EntriesField().run_validation([None] * (LINES_MAX + 1))


@pytest.mark.parametrize("serializer,data,faulty", [
    (TransactionInSerializer, {}, {"date", "entries"}),
    (TransactionInSerializer, {"date": "2026-03-02", "entries": [], "status": 1}, {"status"}),
    (TransactionInSerializer, {"date": "2026-03-02", "entries": [], "status": "0"}, set()),
    (TransactionInSerializer, {"date": "2026-03-02", "entries": [], "legend": "x" * 501}, {"legend"}),
    (TransactionInSerializer, {"date": "2026-03-02", "entries": [], "legend": ""}, set()),
    (ReversalInSerializer, {"reason": " "}, {"reason"}),
    (ReversalInSerializer, {"reason": "Error", "date": None}, set()),
    (ReversalInSerializer, {"reason": "Error", "date": "2026-13-01"}, {"date"}),
    (BulkInSerializer, {"action": "delete", "trans_ids": [1]}, {"action"}),
    (BulkInSerializer, {"action": "close", "trans_ids": []}, {"trans_ids"}),
    (BulkInSerializer, {"action": "close", "trans_ids": ["1", 2]}, set()),
    (BulkInSerializer, {"action": "close", "trans_ids": [1] * 1001}, {"trans_ids"}),
    (LimitSerializer, {}, set()),
    (LimitSerializer, {"limit": "0"}, {"limit"}),
])
def test_what_is_wrong_is_told_on_its_field(serializer, data, faulty):
    judged = serializer(data=data)
    judged.is_valid()
    assert set(judged.errors) == faulty


def test_what_is_not_named_is_not_taken():
    judged = TransactionInSerializer(data={
        "date": "2026-03-02", "entries": [], "user": 1, "company": 2, "number": 3, "kind": "reversal", "version": 9,
        "total": 1, "unsealed": None, "created_at": "2000-01-01",
    })
    assert judged.is_valid()
    assert set(judged.validated_data) == {"date", "entries"}
