"""What OpenAPI says of accounts is what is answered."""

from __future__ import annotations

import pytest

from apps.accounts.serializers import AccountNodeSerializer, AccountSerializer

pytestmark = pytest.mark.django_db


def test_the_described_fields_are_those_that_are_written(student_api, chart):
    (listed,) = {tuple(account) for account in student_api.get("/api/accounts/").json()}
    assert listed == tuple(AccountSerializer().fields)
    (node,) = {tuple(account) for account in student_api.get("/api/accounts/tree/").json()}
    assert node == tuple(AccountNodeSerializer().fields)
