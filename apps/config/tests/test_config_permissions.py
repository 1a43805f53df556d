"""Who may read and change the configuration; written out from the contract, not from the matrix."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("business", [False, True])
@pytest.mark.parametrize(("rol", "may_write"), [(0, True), (1, False), (2, False), (3, False), (4, False)])
def test_everyone_reads_and_rol_0_writes(request, as_user, make_user, business, rol, may_write):
    if business:
        request.getfixturevalue("business_mode")
    client = as_user(make_user("who@example.com", rol=rol))
    for path in ("/api/config/", "/api/config/1/", "/api/config/current/", "/api/config/role_names/"):
        assert client.get(path).status_code == 200
    assert client.patch("/api/config/1/", {"currency": "USD"}).status_code == (200 if may_write else 403)
    assert client.put("/api/config/1/", {"currency": "EUR"}).status_code == (200 if may_write else 403)
    assert client.post("/api/config/", {}).status_code == (409 if may_write else 403)


def test_a_superuser_may_do_what_rol_0_may(as_user, make_user):
    client = as_user(make_user("root@example.com", rol=4, is_superuser=True))
    assert client.patch("/api/config/1/", {"currency": "USD"}).status_code == 200


def test_nobody_reads_without_a_token(api_client, db):
    assert api_client.get("/api/config/").status_code == 401
