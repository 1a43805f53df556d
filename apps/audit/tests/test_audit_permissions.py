"""Who may read the trail: rol 0 alone, in both modes."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db

PATHS = ["/api/audit/", "/api/audit/verify/", "/api/audit/head/", "/api/audit/?chain=system"]


@pytest.mark.parametrize("rol", range(5))
@pytest.mark.parametrize("business", [False, True])
def test_rol_0_alone_reads_the_trail(request, as_user, make_user, business, rol):
    if business:
        request.getfixturevalue("business_mode")
    client = as_user(make_user("who@example.com", rol=rol))
    assert {client.get(path).status_code for path in PATHS} == ({200} if rol == 0 else {403})


def test_nobody_reads_it_without_a_token(api_client):
    assert {api_client.get(path).status_code for path in PATHS} == {401}
