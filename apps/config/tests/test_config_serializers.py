"""What comes in of the configuration."""

from __future__ import annotations

import pytest

from apps.config.models import Config, DateFormat
from apps.config.serializers import ConfigSerializer


@pytest.mark.parametrize("data,faulty", [
    ({}, set()),
    ({"system_mode": "true"}, set()),
    ({"system_mode": "maybe"}, {"system_mode"}),
    ({"currency": "USD"}, set()),
    ({"currency": "usd"}, {"currency"}),
    ({"currency": "ZZZ"}, {"currency"}),
    ({"date_format": "YY/MM/DD"}, {"date_format"}),
    *(({"date_format": value}, set()) for value in DateFormat.values),
])
def test_what_is_wrong_is_told_on_its_field(data, faulty):
    judged = ConfigSerializer(Config(), data=data, partial=True)
    judged.is_valid()
    assert set(judged.errors) == faulty


def test_the_one_row_stays_the_one_row():
    judged = ConfigSerializer(Config(), data={"config_id": 2}, partial=True)
    assert judged.is_valid()
    assert not judged.validated_data
