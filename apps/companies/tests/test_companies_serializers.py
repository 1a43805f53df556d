"""What comes in of companies, practices and periods."""

from __future__ import annotations

import pytest

from apps.companies.serializers import CompanySerializer, PeriodInSerializer, PracticeInSerializer


@pytest.mark.parametrize("serializer,data,faulty", [
    (CompanySerializer, {"name": ""}, {"name"}),
    (CompanySerializer, {"name": "x" * 121}, {"name"}),
    (CompanySerializer, {"name": "Almacén", "kind": "holding"}, {"kind"}),
    (CompanySerializer, {"name": "Almacén"}, set()),
    (PracticeInSerializer, {}, {"non_field_errors"}),
    (PracticeInSerializer, {"group": "3A", "user_ids": [1]}, {"non_field_errors"}),
    (PracticeInSerializer, {"group": "3A"}, set()),
    (PracticeInSerializer, {"user_ids": []}, {"user_ids"}),
    (PracticeInSerializer, {"user_ids": ["7"], "per": "group"}, set()),
    (PracticeInSerializer, {"group": "3A", "per": "class"}, {"per"}),
    (PeriodInSerializer, {"kind": "month", "year": 2026}, {"month"}),
    (PeriodInSerializer, {"kind": "year", "year": 2026, "month": 3}, {"month"}),
    (PeriodInSerializer, {"kind": "month", "year": "2026", "month": "3"}, set()),
    (PeriodInSerializer, {"kind": "year", "year": 1899}, {"year"}),
    (PeriodInSerializer, {"kind": "week", "year": 2026}, {"kind"}),
])
def test_what_is_wrong_is_told_on_its_field(serializer, data, faulty):
    judged = serializer(data=data)
    judged.is_valid()
    assert set(judged.errors) == faulty


def test_what_is_not_named_is_not_taken():
    judged = CompanySerializer(data={"name": "Almacén", "is_default": True, "is_demo": True, "company_id": 1})
    assert judged.is_valid()
    assert dict(judged.validated_data) == {"name": "Almacén"}
