"""The API of the trail."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from apps.audit.models import GENESIS_HASH
from apps.audit.serializers import AuditEventSerializer

pytestmark = pytest.mark.django_db

URL = "/api/audit/"


def actions(response):
    return [event["action"] for event in response.json()]


def test_it_tells_who_did_what_when_the_newest_first(teacher_api, teacher, trail):
    response = teacher_api.get(URL)
    assert actions(response) == [f"thing.done_{number}" for number in (4, 3, 2, 1, 0)]
    newest = response.json()[0]
    assert newest | {"event_id": 0, "at": ""} == {
        "event_id": 0, "seq": 5, "at": "", "user": teacher.pk, "user_email": teacher.email,
        "action": "thing.done_4", "subject": "thing", "subject_id": "7", "detail": {"n": 4},
        "prev_hash": trail[3].hash, "hash": trail[4].hash,
    }
    assert dt.datetime.fromisoformat(newest["at"]).utcoffset() == dt.timedelta(hours=-3)


def test_it_is_paged(teacher_api, trail):
    response = teacher_api.get(f"{URL}?page_size=2&page=2")
    assert actions(response) == ["thing.done_2", "thing.done_1"]
    assert response.headers["X-Total-Count"] == "5"
    assert teacher_api.get(f"{URL}?page=2").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [("action=thing.done_1", 1), ("action=thing", 0), ("subject=thing", 5), ("subject=thing&subject_id=7", 5),
     ("subject_id=8", 0), ("user=999999", 0), ("date_from=2020-01-01", 5), ("date_to=2020-01-01", 0),
     ("date_from=9999-12-31", 0), ("date_to=9999-12-31", 5), ("ordering=seq", 5), ("chain=system", 0),
     ("chain=company", 5)],
)
def test_filters(teacher_api, trail, query, found):
    assert len(actions(teacher_api.get(f"{URL}?{query}"))) == found


def test_the_days_of_a_filter_are_whole(teacher_api, trail, teacher):
    today = timezone.localdate().isoformat()
    query = f"?date_from={today}&date_to={today}&user={teacher.pk}"
    assert len(actions(teacher_api.get(URL + query))) == 5


@pytest.mark.parametrize(
    "query",
    ["user=x", "user=0", "user=1.5", "user=99999999999999999999", "date_from=yesterday", "date_from=2026-02-31",
     "date_to=31/12/2026", "chain=other", "ordering=hash", "page_size=1001", "page=0x1", "action=" + "a" * 61,
     "action=%00"],
)
def test_a_bad_filter_is_400(teacher_api, query):
    assert teacher_api.get(f"{URL}?{query}").status_code == 400


def test_another_companys_trail_is_not_seen(teacher_api, trail, tell, other_company):
    tell("foreign.thing", company_id=other_company.pk)
    assert "foreign.thing" not in actions(teacher_api.get(URL))
    assert actions(teacher_api.get(URL, headers={"X-Company": str(other_company.pk)})) == ["foreign.thing"]


def test_the_systems_trail_can_be_asked_for(teacher_api, trail):
    teacher_api.patch("/api/config/1/", {"currency": "USD"})
    response = teacher_api.get(f"{URL}?chain=system")
    assert actions(response) == ["config.changed"]
    assert response.json()[0]["detail"] == {"currency": {"from": "ARS", "to": "USD"}}


def test_it_cannot_be_written(teacher_api, trail):
    for method in ("post", "put", "patch", "delete"):
        assert getattr(teacher_api, method)(URL, {}).status_code == 405


def test_a_page_costs_the_same_whatever_the_trail(teacher_api, trail, tell, django_assert_num_queries):
    teacher_api.get(URL)
    for _ in range(20):
        tell()
    with django_assert_num_queries(3) as asked:
        teacher_api.get(URL)
    assert not any("COUNT" in query["sql"] for query in asked.captured_queries)


def test_the_document_says_what_is_answered(teacher_api, trail):
    assert list(teacher_api.get(URL).json()[0]) == list(AuditEventSerializer().fields)


@pytest.mark.parametrize("query", ["", "?action=", "?subject=thing", "?ordering=seq"])
def test_the_total_is_that_of_the_list(teacher_api, trail, query):
    assert teacher_api.get(URL + query).headers["X-Total-Count"] == "5"


def test_the_head_can_be_noted(teacher_api, trail):
    assert teacher_api.get(f"{URL}head/").json() == {"seq": 5, "hash": trail[-1].hash}


def test_an_empty_trail_has_the_head_of_its_beginning(teacher_api):
    assert teacher_api.get(f"{URL}head/").json() == {"seq": 0, "hash": GENESIS_HASH}
    assert teacher_api.get(f"{URL}verify/").json()["valid"] is True


def test_a_sound_trail_is_valid(teacher_api, trail):
    assert teacher_api.get(f"{URL}verify/").json() == {
        "valid": True, "head": {"seq": 5, "hash": trail[-1].hash}, "faults": [],
    }


def test_a_tampered_trail_names_the_first_fault(teacher_api, unguarded, sql):
    sql("UPDATE audit_events SET user_email = 'otra@example.com' WHERE seq IN (2, 4)")
    answer = teacher_api.get(f"{URL}verify/").json()
    assert answer["valid"] is False
    assert [(fault["seq"], fault["code"]) for fault in answer["faults"]] == [(2, "event_changed"), (4, "event_changed")]
    assert "2" in answer["faults"][0]["message"]


def test_a_broken_detail_is_shown_as_it_is(teacher_api, unguarded, sql):
    sql("UPDATE audit_events SET detail = '{' WHERE seq = 5")
    assert teacher_api.get(URL).json()[0]["detail"] == "{"


def test_a_head_noted_earlier_is_held_against_the_trail(teacher_api, trail):
    noted = f"seq=3&hash={trail[2].hash}"
    assert teacher_api.get(f"{URL}verify/?{noted}").json()["valid"] is True
    other = teacher_api.get(f"{URL}verify/?seq=3&hash={'a' * 64}").json()
    assert [fault["code"] for fault in other["faults"]] == ["anchor_differs"]
    later = teacher_api.get(f"{URL}verify/?seq=9&hash={'a' * 64}").json()
    assert [fault["code"] for fault in later["faults"]] == ["anchor_missing"]


@pytest.mark.parametrize("query", ["seq=3", "hash=" + "a" * 64, "seq=x&hash=y", "seq=0&hash=" + "a" * 64, "chain=x",
                                   "seq=3&hash=" + "A" * 64, "seq=99999999999999999999&hash=" + "a" * 64])
def test_a_wrong_noted_head_is_400(teacher_api, query):
    assert teacher_api.get(f"{URL}verify/?{query}").status_code == 400
