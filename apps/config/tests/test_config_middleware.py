"""`request.system_mode` on every request."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpResponse

from apps.config import queries
from apps.config.middleware import SystemModeMiddleware


@pytest.fixture
def mode_of(rf):
    def mode_of():
        request = rf.get("/")
        SystemModeMiddleware(lambda _request: HttpResponse())(request)
        return request.system_mode

    return mode_of


def test_it_is_false_in_educational_mode(db, mode_of):
    assert mode_of() is False


def test_it_is_true_in_business_mode(business_mode, mode_of):
    assert mode_of() is True


def test_a_known_mode_costs_no_query(db, mode_of, django_assert_num_queries):
    mode_of()
    with django_assert_num_queries(0):
        mode_of()


def test_a_mode_that_cannot_be_read_fails_only_who_needs_it(rf, monkeypatch):
    def away(*_args, **_kwargs):
        raise OperationalError("the database is away")

    monkeypatch.setattr(cache, "get", away)
    request = rf.get("/")
    assert SystemModeMiddleware(lambda _request: HttpResponse("alive"))(request).content == b"alive"
    with pytest.raises(OperationalError):
        bool(request.system_mode)


def test_another_processs_change_is_seen_through_the_shared_cache(db, mode_of):
    mode_of()
    cache.set(queries.MODE_CACHE_KEY, True, 60)  # what the other process does after its commit
    assert mode_of() is True
