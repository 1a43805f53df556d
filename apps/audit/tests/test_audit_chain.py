"""A chain tells that it was tampered with, by whoever owns the database."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.audit.actions import record
from apps.audit.chain import Head, digest, faults
from apps.audit.models import GENESIS_HASH, AuditEvent
from apps.audit.queries import FAULTS_MAX, chains, verification, verify_chain


def made(details: list[str]) -> list[AuditEvent]:
    """Return a sound chain with these details."""
    events, last = [], GENESIS_HASH
    for seq, detail in enumerate(details, start=1):
        event = AuditEvent(chain=1, seq=seq, at="2026-01-01T00:00:00.000-03:00", user_id=seq, user_email="a@b.c",
                           action="thing.done", subject="thing", subject_id=str(seq), detail=detail, prev_hash=last)
        last = event.hash = digest(event)
        events.append(event)
    return events


def codes(events, head, anchor=None):
    return [fault.code for fault in faults(1, events, head, anchor)]


def head_of(events):
    return Head(events[-1].seq, events[-1].hash) if events else Head()


chain = st.lists(st.text(max_size=5), min_size=1, max_size=8).map(made)
FIELDS = {"at": "2027", "user_id": 99, "user_email": "x@y.z", "action": "other", "subject": "other",
          "subject_id": "99", "detail": "other text", "chain": 2, "prev_hash": "0f" * 32, "hash": "f0" * 32}


@given(chain)
def test_a_sound_chain_has_no_fault(events):
    assert codes(events, head_of(events)) == []


@given(chain, st.data(), st.sampled_from(sorted(FIELDS)))
def test_a_changed_event_is_found(events, data, field):
    head, at = head_of(events), data.draw(st.integers(0, len(events) - 1))
    setattr(events[at], field, FIELDS[field])
    assert codes(events, head)


@given(chain, st.data())
def test_a_changed_event_with_its_own_hash_made_anew_is_found(events, data):
    head, at = head_of(events), data.draw(st.integers(0, len(events) - 1))
    events[at].detail = "other text"
    events[at].hash = digest(events[at])
    last = at == len(events) - 1
    assert codes(events, head) == ["head_differs" if last else "link_broken"]


@given(chain, st.data())
def test_a_removed_event_is_found(events, data):
    head, at = head_of(events), data.draw(st.integers(0, len(events) - 1))
    last = at == len(events) - 1
    del events[at]
    assert codes(events, head) == ["last_missing" if last else "event_missing"]


@given(chain, st.data())
def test_two_events_that_changed_places_are_found(events, data):
    head = head_of(events)
    one, other = data.draw(st.integers(0, len(events) - 1)), data.draw(st.integers(0, len(events) - 1))
    events[one].seq, events[other].seq = events[other].seq, events[one].seq
    events.sort(key=lambda event: event.seq)
    assert bool(codes(events, head)) == (one != other)


@given(chain, st.data())
def test_an_inserted_event_is_found(events, data):
    head, at = head_of(events), data.draw(st.integers(0, len(events) - 1))
    new = copy.copy(events[at])
    new.detail, new.hash = "inserted", ""
    new.hash = digest(new)
    for event in events[at:]:
        event.seq += 1
    events.insert(at, new)
    assert codes(events, head)


@given(chain, chain)
def test_a_chain_rewritten_whole_is_found_by_a_head_noted_earlier(events, others):
    noted = head_of(events)
    rewritten = made(["rewritten", *(event.detail for event in others)])
    assert codes(rewritten, head_of(rewritten)) == []
    assert codes(rewritten, head_of(rewritten), noted) in (["anchor_differs"], ["anchor_missing"])


@given(chain, st.text(max_size=5))
def test_a_head_noted_earlier_holds_when_the_chain_has_grown(events, more):
    noted = head_of(events)
    grown = made([*(event.detail for event in events), more])
    assert codes(grown, head_of(grown), noted) == []


def test_one_wrong_event_is_one_fault():
    events = made(["a", "b", "c", "d"])
    head = head_of(events)
    events[1].detail = "x"
    assert codes(events, head) == ["event_changed"]


def test_a_lost_head_is_found():
    assert codes(made(["a"]), None) == ["head_missing"]
    assert codes([], None) == []


# --- over the stored chain -------------------------------------------------------------------------

TAMPERINGS = {
    "UPDATE audit_events SET detail = '{}' WHERE seq = 3": [(3, "event_changed")],
    "DELETE FROM audit_events WHERE seq = 3": [(4, "event_missing")],
    "DELETE FROM audit_events WHERE seq > 3": [(3, "last_missing")],
    "DELETE FROM audit_events": [(0, "last_missing")],
    "UPDATE audit_events SET user_email = 'otra@example.com' WHERE seq = 1": [(1, "event_changed")],
    "UPDATE audit_chains SET seq = 3": [(5, "head_differs")],
    "DELETE FROM audit_chains": [(5, "head_missing")],
}


@pytest.mark.parametrize(("statement", "found"), TAMPERINGS.items(), ids=TAMPERINGS)
def test_tampering_past_the_guards_is_named(unguarded, company, sql, statement, found):
    sql(statement)
    assert [(fault.seq, fault.code) for fault in verify_chain(company.pk)] == found


def test_a_chain_of_another_company_is_not_touched_by_it(unguarded, other_company, sql):
    record("a", acting_user=None, company_id=None, subject="x", subject_id=1)
    sql("DELETE FROM audit_events WHERE seq = 3")
    assert verify_chain(other_company.pk) == []


def test_all_chains_are_known_also_those_that_lost_their_head(unguarded, company, sql):
    sql("DELETE FROM audit_chains")
    assert chains() == [company.pk]


def test_a_trail_full_of_faults_answers_the_first(unguarded, company, sql, django_assert_num_queries):
    AuditEvent.objects.bulk_create(
        AuditEvent(chain=company.pk, seq=seq, at="", action="x", subject="x", subject_id="1", prev_hash="", hash="")
        for seq in range(6, 6 + 2 * FAULTS_MAX)
    )
    with django_assert_num_queries(2):
        assert len(verification(company.pk).faults) == FAULTS_MAX
