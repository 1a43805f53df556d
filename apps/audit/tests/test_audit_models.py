"""The database lets the trail grow and nothing else, whoever writes."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.actions import record_many
from apps.audit.chain import Head
from apps.audit.models import GENESIS_HASH, SYSTEM_CHAIN, AuditChain, AuditEvent
from apps.audit.queries import head_of, verify_chain

pytestmark = pytest.mark.django_db

COLUMNS = "chain, seq, at, user_id, user_email, action, subject, subject_id, detail, prev_hash, hash"
EVENT = f"INSERT INTO audit_events ({COLUMNS}) VALUES (%s, %s, '', NULL, '', 'x', 'x', 'x', '{{}}', %s, %s)"
UPSERT = f"{EVENT} ON CONFLICT (chain, seq) DO UPDATE SET action = 'other'"

REFUSED = {
    "changing an event": "UPDATE audit_events SET action = 'other'",
    "changing nothing of an event": "UPDATE audit_events SET action = action",
    "deleting the last event": "DELETE FROM audit_events WHERE seq = 5",
    "deleting all": "DELETE FROM audit_events",
    "moving the head back": "UPDATE audit_chains SET seq = seq - 1",
    "moving the head on": "UPDATE audit_chains SET seq = seq + 1",
    "another hash in the head": "UPDATE audit_chains SET hash = 'ff'",
    "another chain's head": "UPDATE audit_chains SET chain = chain + 1000",
    "deleting the head": "DELETE FROM audit_chains",
    "a head that begins in the middle": "INSERT INTO audit_chains (chain, seq, hash) VALUES (999, 3, 'ff')",
}
REFUSED_ON_SQLITE = {
    "replacing an event": f"INSERT OR REPLACE INTO audit_events (event_id, {COLUMNS}) SELECT event_id, {COLUMNS}"
    " FROM audit_events",
    "replacing by number": f"REPLACE INTO audit_events ({COLUMNS}) SELECT {COLUMNS} FROM audit_events",
    "updating over another": "UPDATE OR REPLACE audit_events SET seq = 1 WHERE seq = 2",
    "replacing the head": "REPLACE INTO audit_chains (chain, seq, hash) SELECT chain, 0, printf('%%064d', 0)"
    " FROM audit_chains",
}
REFUSED_ON_POSTGRESQL = {
    "emptying the trail": "TRUNCATE audit_events",
    "emptying the heads": "TRUNCATE audit_chains CASCADE",
    "merging": "MERGE INTO audit_events e USING (SELECT 1) s ON e.seq = 1 WHEN MATCHED THEN UPDATE SET action = 'x'",
    "upserting the head": "INSERT INTO audit_chains (chain, seq, hash) SELECT chain, 0, repeat('0', 64)"
    " FROM audit_chains ON CONFLICT (chain) DO UPDATE SET seq = 0",
}


def kept(trail, company):
    """Whether the trail is as it was."""
    return (
        list(AuditEvent.objects.filter(chain=company.pk).order_by("seq").values_list("hash", flat=True))
        == [event.hash for event in trail]
        and head_of(company.pk) == Head(5, trail[-1].hash)
        and verify_chain(company.pk) == []
    )


def run(statement, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def refuse(statement, *params):
    with pytest.raises(IntegrityError, match=r"append_only|chain_broken|unique_seq"):
        run(statement, *params)


@pytest.mark.parametrize("statement", REFUSED.values(), ids=REFUSED)
def test_the_trail_refuses(trail, company, statement):
    refuse(statement)
    assert kept(trail, company)


@pytest.mark.sqlite
@pytest.mark.parametrize("statement", REFUSED_ON_SQLITE.values(), ids=REFUSED_ON_SQLITE)
@pytest.mark.parametrize("recursive_triggers", ["ON", "OFF"])
def test_the_trail_refuses_sqlites_own_ways(trail, company, sql, statement, recursive_triggers):
    sql(f"PRAGMA recursive_triggers={recursive_triggers}")
    refuse(statement)
    sql("PRAGMA recursive_triggers=ON")
    assert kept(trail, company)


@pytest.mark.postgresql
@pytest.mark.parametrize("statement", REFUSED_ON_POSTGRESQL.values(), ids=REFUSED_ON_POSTGRESQL)
def test_the_trail_refuses_postgresqls_own_ways(trail, company, statement):
    refuse(statement)
    assert kept(trail, company)


@pytest.mark.parametrize(
    ("seq", "prev"),
    [(6, "f" * 64), (6, GENESIS_HASH), (7, None), (5, None), (1, GENESIS_HASH), (0, GENESIS_HASH)],
    ids=["false link", "link to nothing", "gap", "taken", "second beginning", "before the beginning"],
)
def test_an_event_follows_the_last_one_or_is_refused(trail, company, seq, prev):
    refuse(EVENT, company.pk, seq, prev or trail[-1].hash, "a" * 64)
    assert kept(trail, company)


def test_an_event_of_a_chain_without_a_head_is_refused(trail):
    refuse(EVENT, 999, 1, GENESIS_HASH, "a" * 64)


def test_an_upsert_changes_nothing(trail, company):
    refuse(UPSERT, company.pk, 5, trail[3].hash, "a" * 64)
    assert kept(trail, company)


def test_what_is_inserted_nowhere_moves_no_head(trail, company):
    """PostgreSQL passes the row over because of its key, SQLite's guard refuses it."""
    statement = EVENT.replace("(chain", "(event_id, chain").replace("(%s", "(%s, %s") + " ON CONFLICT DO NOTHING"
    with suppress(IntegrityError):
        run(statement, AuditEvent.objects.earliest("event_id").pk, company.pk, 6, trail[-1].hash, "a" * 64)
    assert kept(trail, company)


def test_several_events_in_one_statement_move_the_head_to_the_last(company, teacher):
    events = record_many([("a", "x", 1, {}), ("b", "x", 2, {})], acting_user=teacher, company_id=company.pk)
    assert head_of(company.pk) == Head(2, events[-1].hash)


def test_each_company_has_a_chain_of_its_own(tell, company, other_company):
    tell(), tell(company_id=other_company.pk), tell(company_id=None), tell()
    assert [head_of(chain).seq for chain in (company.pk, other_company.pk, SYSTEM_CHAIN)] == [2, 1, 1]


def test_what_is_rolled_back_leaves_no_trace(trail, company, tell):
    with transaction.atomic():
        tell()
        transaction.set_rollback(True)
    assert kept(trail, company)


def test_any_text_can_be_told(tell, company):
    odd = 'NUL \x00, quotes " \' \\, ünïcode 🧾, \u2028, \r\n'
    tell(detail={"text": odd, "number": 10**30, "nothing": None})
    assert verify_chain(company.pk) == []


def test_the_head_is_the_only_row_of_its_chain(trail):
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditChain.objects.create(chain=trail[0].chain)
