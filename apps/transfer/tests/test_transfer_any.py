"""Whatever was done in a company's books, they leave and come in the same."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.common.errors import AppError
from apps.trans import actions
from apps.trans.models import Transaction
from apps.trans.verification import verify_ledger
from apps.transfer.company.bringing import import_company
from apps.transfer.company.writing import write_archive
from apps.transfer.tests.conftest import Books
from apps.transfer.tests.test_transfer_company import picture
from tests.contract.world import undone

pytestmark = pytest.mark.django_db

DAYS = st.sampled_from([dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 7, 9)])
PICKS = st.integers(0, 20)
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), DAYS, st.sampled_from(["caja", "cmv"]), st.integers(1, 10**12)),
        st.tuples(st.just("toggle"), PICKS),
        st.tuples(st.just("close"), PICKS),
        st.tuples(st.just("reverse"), PICKS, DAYS),
        st.tuples(st.just("delete"), PICKS),
    ),
    min_size=3, max_size=14,
)


def do(books: Books, deed: tuple) -> None:
    """Do it, where the books allow it."""
    name, *how = deed
    keys = list(Transaction.objects.filter(company=books.company).order_by("pk").values_list("pk", flat=True))
    if name == "post":
        day, account, amount = how
        books.post(day, "Asiento", account, "ventas", amount)
    elif keys:
        key = keys[how[0] % len(keys)]
        with contextlib.suppress(AppError):
            if name == "toggle":
                actions.toggle_status(key, **books.who)
            elif name == "close":
                books.close(key)
            elif name == "reverse":
                actions.reverse_transaction(key, reason="error", date=how[1], **books.who)
            else:
                actions.delete_transaction(key, **books.who)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(DEEDS)
def test_they_leave_and_come_the_same(company, chart, teacher, tmp_path_factory, deeds):
    folder = tmp_path_factory.mktemp("company")
    with undone():
        books = Books(company, teacher, {name: account.pk for name, account in chart.items()})
        for deed in deeds:
            do(books, deed)
        write_archive(company, folder / "x.zip")
        assert picture(import_company(folder / "x.zip", name="Copia")) == picture(company)
        assert verify_ledger() == []
    shutil.rmtree(folder)
