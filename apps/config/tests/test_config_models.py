"""The database holds one configuration, and every process sees its mode."""

from __future__ import annotations

import datetime as dt

import pytest
from babel import Locale
from babel.core import get_global
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction

from apps.audit.models import SYSTEM_CHAIN, AuditEvent
from apps.config.actions import change_config
from apps.config.currencies import CURRENCIES
from apps.config.models import Config
from apps.config.queries import current_config, system_mode

pytestmark = pytest.mark.django_db


def test_migrations_leave_one_educational_configuration_in_pesos():
    config = Config.objects.get()
    assert (config.system_mode, config.date_format, config.currency) == (False, "DD/MM/YYYY", "ARS")


def test_the_database_refuses_a_second_row():
    with pytest.raises(IntegrityError), transaction.atomic():
        Config.objects.create(config_id=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Config.objects.create(config_id=1)


def test_the_mode_costs_one_query_and_then_none(django_assert_num_queries):
    with django_assert_num_queries(1):
        system_mode()
    with django_assert_num_queries(0):
        system_mode()


def test_a_committed_change_is_seen_at_once(teacher, django_capture_on_commit_callbacks):
    assert system_mode() is False
    with django_capture_on_commit_callbacks(execute=True):
        change_config({"system_mode": True}, acting_user=teacher)
    assert system_mode() is True


def test_a_reader_that_read_before_the_commit_cannot_put_the_old_mode_back(
    monkeypatch, teacher, django_capture_on_commit_callbacks
):
    read = cache.add

    def add_late(*args):
        with django_capture_on_commit_callbacks(execute=True):
            change_config({"system_mode": True}, acting_user=teacher)
        return read(*args)

    monkeypatch.setattr(cache, "add", add_late)
    system_mode()
    assert system_mode() is True


def test_a_lost_row_is_made_again():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM config")
    assert current_config().currency == "ARS"


def test_a_change_is_told_in_the_systems_trail(teacher, make_user):
    make_user("operator@example.com", rol=3)
    change_config({"system_mode": True}, acting_user=teacher)
    change_config({"system_mode": False, "currency": "USD"}, acting_user=teacher)
    last = AuditEvent.objects.filter(chain=SYSTEM_CHAIN, action="config.changed").latest("seq")
    assert last.user_email == teacher.email
    assert '"currency":{"from":"ARS","to":"USD"}' in last.detail
    assert '"users_with_role_of_other_mode":1' in last.detail


def test_changing_nothing_leaves_no_trace(teacher):
    change_config({"currency": "ARS"}, acting_user=teacher)
    assert not AuditEvent.objects.filter(action="config.changed").exists()


def test_the_currency_codes_are_those_in_use():
    used = {
        code
        for currencies in get_global("territory_currencies").values()
        for code, _start, end, tender in currencies
        if tender and (end is None or dt.date(*end) > dt.date(2025, 12, 30))
    }
    assert used <= CURRENCIES
    assert used | set(Locale("es").currencies) >= CURRENCIES
