"""Opening balances from files."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils.translation import gettext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Account
from apps.trans.imports.actions import rehearse_import
from apps.trans.imports.openings import Opening
from apps.trans.models import Entry, Transaction

pytestmark = pytest.mark.django_db

DAY = "2026-01-01"


def send(api, content: str, path: str = "/api/trans/opening/", **fields):
    upload = SimpleUploadedFile("saldos.csv", content.encode())
    return api.post(path, {"file": upload, "date": DAY, **fields}, format="multipart")


def lines() -> list[tuple[str, int, int]]:
    return list(Entry.objects.order_by("pk").values_list("account__code", "debit", "credit"))


def codes(report) -> list[tuple[int, str, str]]:
    return [(row["row"], error["column"], error["code"]) for row in report["rows"] for error in row["errors"]]


def test_balances_become_one_transaction_each_on_the_side_of_its_nature(teacher_api, chart, company):
    answer = send(teacher_api, "cuenta;saldo\n11101;1.500,00\n21301;300,00\n41101;1.200,00\n51101;0\n")
    assert answer.status_code == 201, answer.json()
    one = Transaction.objects.get()
    assert (one.date, one.legend, one.status, one.kind) == (
        dt.date(2026, 1, 1), gettext("Opening balances"), 0, "standard"
    )
    assert lines() == [("11101", 1500_00, 0), ("21301", 0, 300_00), ("41101", 0, 1200_00)]


def test_a_balance_below_zero_is_on_the_other_side(teacher_api, chart):
    send(teacher_api, "cuenta;saldo\n11101;-100,00\n21301;-40,00\n51101;60,00\n")
    assert lines() == [("11101", 0, 100_00), ("21301", 40_00, 0), ("51101", 60_00, 0)]


def test_debe_and_haber_may_stand_in_place_of_saldo(teacher_api, chart):
    answer = send(teacher_api, "cuenta,debe,haber\n11101,10.50,\n41101,,10.50\n", legend="Inicio")
    assert answer.status_code == 201
    assert lines() == [("11101", 10_50, 0), ("41101", 0, 10_50)]
    assert Transaction.objects.get().legend == "Inicio"


def test_the_counterpart_takes_the_difference(teacher_api, chart):
    assert send(teacher_api, "cuenta;saldo\n11101;150,00\n21301;40,00\n", counterpart="41101").status_code == 201
    assert lines() == [("11101", 150_00, 0), ("21301", 0, 40_00), ("41101", 0, 110_00)]


def test_without_a_counterpart_the_difference_is_named_and_nothing_recorded(teacher_api, chart):
    answer = send(teacher_api, "cuenta;saldo\n11101;150,00\n21301;40,00\n")
    assert answer.status_code == 400
    assert [code for _row, _column, code in codes(answer.json())] == ["unbalanced"]
    assert not Transaction.objects.exists()


@pytest.mark.parametrize(
    "content, expected",
    [
        ("cuenta;saldo\n99999;1,00\n41101;1,00\n", [(2, "cuenta", "account_unknown")]),
        ("cuenta;saldo\n1;1,00\n41101;1,00\n", [(2, "cuenta", "account_heading")]),
        ("cuenta;saldo\n11999;1,00\n41101;1,00\n", [(2, "cuenta", "account_inactive")]),
        ("cuenta;saldo\n11101;1,00\n1.11.01;1,00\n41101;2,00\n", [(3, "cuenta", "account_repeated")]),
        ("cuenta;saldo\n11101;mucho\n41101;1,00\n", [(2, "saldo", "amount_unreadable")]),
        ("cuenta;saldo\n;1,00\n41101;1,00\n", [(2, "cuenta", "account_missing")]),
        ("cuenta\n11101\n", [(1, "debe", "opening_head_missing"), (1, "haber", "opening_head_missing")]),
        ("saldo\n1\n", [(1, "cuenta", "opening_head_missing")]),
        ("cuenta;saldo;saldo\n11101;1;1\n", [(1, "saldo", "head_repeated")]),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(teacher_api, chart, content, expected):
    answer = send(teacher_api, content)
    assert answer.status_code == 400
    assert codes(answer.json()) == expected
    assert not Transaction.objects.exists()


@pytest.mark.parametrize("fields", [{"date": "31/31/2026"}, {"date": ""}, {"legend": "x" * 501}])
def test_date_and_legend_are_checked(teacher_api, chart, fields):
    answer = send(teacher_api, "cuenta;saldo\n11101;1,00\n41101;1,00\n", **fields)
    assert (answer.status_code, list(answer.json())) == (400, list(fields))


def test_a_dry_run_records_nothing_and_a_second_import_is_refused(teacher_api, chart):
    content = "cuenta;saldo\n11101;1,00\n41101;1,00\n"
    answer = send(teacher_api, content, "/api/trans/opening/?dry_run=true")
    assert (answer.status_code, answer.json()["valid"]) == (200, True)
    assert not Transaction.objects.exists()
    assert send(teacher_api, content).status_code == 201
    assert send(teacher_api, content).json()["errors"][0]["code"] == "already_imported"


def test_a_file_without_amounts_has_nothing_to_record(teacher_api, chart):
    answer = send(teacher_api, "cuenta;saldo\n11101;0\n41101;\n")
    assert answer.status_code == 400
    assert not Transaction.objects.exists()


def test_the_command_does_the_same(tmp_path, teacher, chart):
    path = tmp_path / "saldos.csv"
    path.write_text("cuenta;saldo\n11101;150,00\n", encoding="utf-8")
    call_command("import_entries", str(path), "--opening", DAY, "--counterpart", "41101", stdout=io.StringIO())
    assert lines() == [("11101", 150_00, 0), ("41101", 0, 150_00)]
    with pytest.raises(CommandError):
        call_command("import_entries", str(path), "--opening", "mañana")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-10**12, 10**12), min_size=4, max_size=4))
def test_with_a_counterpart_it_always_balances_and_keeps_every_balance(chart, company, amounts):
    named = dict(zip(("11101", "21301", "51101", "11102"), amounts, strict=True))
    bank = {"name": "Banco", "kind": "activo", "nature": True}
    Account.objects.get_or_create(company=company, code="11102", defaults=bank)
    rows = "".join(
        f"{code};{'-' * (amount < 0)}{abs(amount) // 100},{abs(amount) % 100:02}\n" for code, amount in named.items()
    )
    if not any(amounts):
        return
    report = rehearse_import(
        "x.csv", f"cuenta;saldo\n{rows}".encode(), company=company,
        opening=Opening(dt.date(2026, 1, 1), "Saldos", "41101"),
    )
    assert report["valid"], report
