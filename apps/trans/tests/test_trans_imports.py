"""Journals from files, over the API."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import time
import zipfile
from collections import Counter
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from apps.accounts.models import Account
from apps.audit.models import AuditEvent
from apps.companies.models import Period
from apps.trans.imports import cells, sheets
from apps.trans.imports.cells import WEB, Bounds
from apps.trans.imports.errors import UnreadableFile
from apps.trans.imports.serializers import ReportRowSerializer, ReportSerializer, RowErrorSerializer
from apps.trans.models import Entry, Transaction

pytestmark = pytest.mark.django_db

HEAD = "asiento;fecha;leyenda;cuenta;debe;haber"
SALE = f"""{HEAD}
1;05/03/2026;Venta;11101;1.210,00;
1;05/03/2026;Venta;41101;;1.000,00
1;05/03/2026;Venta;21301;;210,00
"""


def send(api, content, name="diario.csv", query="", **extra):
    upload = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    return api.post(f"/api/trans/import/{query}", {"file": upload}, format="multipart", **extra)


def workbook(*rows) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def journal(*rows: str) -> str:
    return "\n".join([HEAD, *rows, ""])


def faults(answer) -> list[tuple]:
    return [(row["row"], error["column"], error["code"]) for row in answer.json()["rows"] for error in row["errors"]]


def lines() -> list[tuple]:
    rows = Entry.objects.order_by("transaction_id", "pk")
    return list(rows.values_list("transaction__date", "transaction__legend", "account__code", "debit", "credit"))


MARCH_5 = dt.date(2026, 3, 5)
SALE_LINES = [
    (MARCH_5, "Venta", "11101", 1210_00, 0),
    (MARCH_5, "Venta", "41101", 0, 1000_00),
    (MARCH_5, "Venta", "21301", 0, 210_00),
]

# --- What is recorded ---------------------------------------------------------------------------------


def test_an_import_records_all_transactions_to_be_verified(student_api, student, chart):
    answer = send(student_api, SALE)

    assert answer.status_code == 201
    report, posted = answer.json(), Transaction.objects.get()
    assert lines() == SALE_LINES
    assert (posted.status, posted.user) == (0, student)
    assert (report["valid"], report["created"], report["transactions"], report["total"]) == (True, 1, 1, 1210_00)
    assert report["counts"] == {"create": 3, "skip": 0, "error": 0}
    assert [row["trans_id"] for row in report["rows"]] == [posted.pk] * 3
    assert list(AuditEvent.objects.order_by("seq").values_list("action", flat=True)) == [
        "transaction.posted", "journal.imported",
    ]


def test_a_dry_run_reports_the_same_and_records_nothing(teacher_api, chart):
    rehearsed = send(teacher_api, SALE, query="?dry_run=true")
    assert rehearsed.status_code == 200
    assert not Transaction.objects.exists()
    assert not AuditEvent.objects.filter(action="journal.imported").exists()
    done = send(teacher_api, SALE).json()
    told = rehearsed.json()
    assert (told.pop("dry_run"), told.pop("created"), done.pop("dry_run"), done.pop("created")) == (True, 0, False, 1)
    for row in (*told["rows"], *done["rows"]):
        del row["trans_id"]
    assert told == done


@pytest.mark.parametrize("content", [
    SALE.replace(";", "\t"),
    "\ufeff" + SALE,
    SALE.replace("\n", "\r\n"),
    "sep=;\n" + SALE,
    "\n\n" + SALE + "\n;;;;;\n",
    SALE.replace("asiento;fecha", " Asiento ;FECHA"),
    SALE.replace("1.210,00", "1210.00").replace("1.000,00", "1000.00").replace("210,00", "210.00"),
    SALE.replace("1.210,00", "$ 1.210").replace("1.000,00", "1.000"),
    SALE.replace("05/03/2026", "2026-03-05"),
    SALE.replace("11101", "1.1.1.01"),
    "haber,nota,debe,cuenta,leyenda,fecha\n,x,1210,11101,Venta,5/3/2026\n1000,,,41101,Venta,5/3/2026\n210.0,,,21301,Venta,5/3/2026\n",
    f"{HEAD}\n;5/3/2026;Venta;11101;1210;\n;;;41101;;1000\n;;;21301;;210\n",
    f"{HEAD}\n7;;;11101;1210;\n7;5/3/2026;;41101;;1000\n7;;Venta;21301;;210\n",
    SALE.encode("utf-16"),
])
def test_the_same_journal_is_read_from_every_way_of_writing_it(teacher_api, chart, content):
    answer = send(teacher_api, content)
    assert answer.status_code == 201, answer.json()
    assert lines() == SALE_LINES


@pytest.mark.parametrize(("encoding", "bom"), [("utf-8", b""), ("utf-8", b"\xef\xbb\xbf"), ("cp1252", b"")])
def test_accents_survive_the_encodings_in_use(teacher_api, chart, encoding, bom):
    send(teacher_api, bom + SALE.replace("Venta", "Señalización año 1°").encode(encoding))
    assert Transaction.objects.get().legend == "Señalización año 1°"


def test_a_workbooks_dates_and_numbers_are_read_as_such(teacher_api, chart):
    content = workbook(
        cells.HEADS,
        [1, dt.date(2026, 3, 5), "Venta", 11101, 1210, None],
        [None, None, None, None, None, None],
        ["1", dt.datetime(2026, 3, 5), "Venta", "41101", None, 1000.0],  # noqa: DTZ001 - Excel knows no zones
        [1.0, "05/03/2026", "Venta", 21301.0, "-", "$ 210,00"],
    )
    answer = send(teacher_api, content, "diario.xlsx")
    assert answer.status_code == 201, answer.json()
    assert lines() == SALE_LINES
    assert [row["action"] for row in answer.json()["rows"]] == ["create", "skip", "create", "create"]


def test_rows_of_one_date_and_legend_are_one_transaction_wherever_they_stand(teacher_api, chart):
    send(teacher_api, journal(
        ";05/03/2026;Uno;11101;10,5;", ";05/03/2026;Dos;11101;7;", ";05/03/2026;Uno;41101;;10,5",
        ";06/03/2026;Uno;11101;3;", ";05/03/2026;Dos;41101;;7", ";06/03/2026;Uno;41101;;3",
    ))
    assert sorted(Transaction.objects.values_list("date", "legend", "total")) == [
        (MARCH_5, "Dos", 7_00), (MARCH_5, "Uno", 10_50), (dt.date(2026, 3, 6), "Uno", 3_00),
    ]


def test_a_legend_that_looks_like_a_formula_is_a_legend(teacher_api, chart):
    send(teacher_api, SALE.replace("Venta", "=1+1"))
    assert Transaction.objects.get().legend == "=1+1"


# --- What is refused ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "expected"), [
    (["1;05/03/2026;x;11101;10;", "1;05/03/2026;x;41101;;9"], [(2, "asiento", "unbalanced")]),
    (["1;05/03/2026;x;11101;10;"], [(2, "asiento", "too_few_lines"), (2, "asiento", "unbalanced")]),
    (["1;31/02/2026;x;11101;10;", "1;05/03/2026;x;41101;;10"], [(2, "fecha", "date_unreal")]),
    (["1;05/03/2026;x;11101;ten;", "1;05/03/2026;x;99;;10", f"1;05/03/2026;x;{'1' * 41};;10"],
     [(2, "debe", "amount_unreadable"), (3, "cuenta", "account_unknown"), (4, "cuenta", "text_too_long")]),
    (["1;05/03/26;x;11101;10;", "1;;x;41101;;10"], [(2, "fecha", "date_short_year")]),
    (["1;;x;11101;10;", "1;;x;41101;;10"], [(2, "fecha", "date_missing")]),
    (["1;01/01/1850;x;11101;10;", "1;;x;41101;;10"], [(2, "fecha", "date_out_of_range")]),
    (["1;05/03/2026;x;11101;10;", "1;06/03/2026;x;41101;;10"], [(3, "fecha", "entry_date")]),
    (["1;05/03/2026;x;11101;10;", "1;05/03/2026;y;41101;;10"], [(3, "leyenda", "entry_legend")]),
    ([";;;11101;10;", "1;05/03/2026;x;11101;10;", "1;;;41101;;10"], [(2, "asiento", "entry_missing")]),
    (["1;05/03/2026;x;99999;10;", "1;05/03/2026;x;;;10"],
     [(2, "cuenta", "account_unknown"), (3, "cuenta", "account_missing")]),
    (["1;05/03/2026;x;1;10;", "1;05/03/2026;x;11999;;10"],
     [(2, "cuenta", "account_heading"), (3, "cuenta", "account_inactive")]),
    (["1;05/03/2026;x;11101;10;10", "1;05/03/2026;x;41101;;"],
     [(2, "haber", "two_sides"), (3, "debe", "no_amount")]),
    (["1;05/03/2026;x;11101;-10;", "1;05/03/2026;x;41101;;-10"],
     [(2, "debe", "negative_amount"), (3, "haber", "negative_amount")]),
    (["1;05/03/2026;x;11101;1e999;", "1;05/03/2026;x;41101;;=1+1"],
     [(2, "debe", "amount_unreadable"), (3, "haber", "amount_unreadable")]),
    (["1;05/03/2026;x;11101;1.234;", "1;05/03/2026;x;41101;;1.234"],
     [(2, "debe", "amount_ambiguous"), (3, "haber", "amount_ambiguous")]),
    (["1;05/03/2026;x;11101;0,001;", f"1;05/03/2026;x;41101;;{'9' * 30}"],
     [(2, "debe", "amount_fraction"), (3, "haber", "amount_too_large")]),
    ([f"1;05/03/2026;{'x' * 501};11101;10;", "1;05/03/2026;;41101;;10"], [(2, "leyenda", "text_too_long")]),
    (["1;05/03/2026;a\x07b;11101;10;", "1;05/03/2026;;41101;;10"], [(2, "leyenda", "text_unprintable")]),
])
def test_each_fault_is_named_by_row_and_column(teacher_api, chart, rows, expected):
    answer = send(teacher_api, journal(*rows), query="?dry_run=1")
    assert answer.status_code == 200
    assert faults(answer) == expected
    assert answer.json()["valid"] is False
    refused = send(teacher_api, journal(*rows))
    assert refused.status_code == 400
    assert refused.json() == {**answer.json(), "dry_run": False}
    assert not Transaction.objects.exists()


def test_one_bad_row_keeps_the_whole_file_out(teacher_api, chart):
    answer = send(teacher_api, SALE + "2;06/03/2026;x;11101;10;\n2;06/03/2026;x;xx;;10\n")
    assert answer.status_code == 400
    assert [row["action"] for row in answer.json()["rows"]] == ["create"] * 3 + ["skip", "error"]
    assert not Transaction.objects.exists()
    assert not AuditEvent.objects.filter(action__startswith="transaction").exists()


@pytest.mark.parametrize(("head", "expected"), [
    ("fecha;cuenta;debe", [(1, "haber", "head_missing")]),
    ("fecha;cuenta;debe;haber;Debe", [(1, "debe", "head_repeated")]),
    ("a;b;c", [(1, name, "head_missing") for name in ("fecha", "cuenta", "debe", "haber")]),
])
def test_missing_and_repeated_heads_are_named(teacher_api, chart, head, expected):
    assert faults(send(teacher_api, f"{head}\n1;2;3;4\n", query="?dry_run=true")) == expected


def test_a_date_in_a_closed_period_is_refused(teacher_api, company, chart):
    Period.objects.create(company=company, year=2026, month=3, status="closed")
    assert faults(send(teacher_api, SALE)) == [(2, "fecha", "period_closed")]


def test_digits_that_two_accounts_share_are_refused(teacher_api, company, chart):
    for code in ("4.1.2.01", "41.201"):
        Account.objects.create(company=company, code=code, name=code, nature=False, kind="ingreso")
    assert faults(send(teacher_api, SALE.replace("41101", "41201"))) == [(3, "cuenta", "account_ambiguous")]
    assert send(teacher_api, SALE.replace("41101", "41.201")).status_code == 201


def test_an_account_of_another_company_is_unknown(teacher_api, chart, other_company):
    Account.objects.create(company=other_company, code="41777", name="Ajena", nature=False, kind="ingreso")
    assert faults(send(teacher_api, SALE.replace("41101", "41777"))) == [(3, "cuenta", "account_unknown")]


def test_the_same_journal_twice_is_refused_from_whatever_file_unless_asked_for(teacher_api, chart):
    send(teacher_api, SALE)
    content = workbook(
        cells.HEADS, [9, MARCH_5, "Venta", 11101, 1210, None], [9, None, None, 41101, None, 1000],
        [9, None, None, 21301, None, 210],
    )
    rehearsed = send(teacher_api, content, "otro.xlsx", "?dry_run=true")
    assert [error["code"] for error in rehearsed.json()["errors"]] == ["already_imported"]
    assert send(teacher_api, content, "otro.xlsx").status_code == 400
    assert Transaction.objects.count() == 1
    assert send(teacher_api, content, "otro.xlsx", "?again=true").status_code == 201
    assert Transaction.objects.count() == 2


def test_the_same_journal_in_another_company_is_another(teacher_api, chart, other_company, other_chart):
    send(teacher_api, SALE)
    headers = {"X-Company": str(other_company.pk)}
    assert send(teacher_api, SALE, headers=headers).status_code == 201


# --- Hostile files ----------------------------------------------------------------------------------------


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def rewritten(content: bytes, **changes) -> bytes:
    """Return a workbook with some members' bytes changed by functions, or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        members[name] = change(members.get(name, b""))
    return zipped(**members)


SHEET = "xl/worksheets/sheet1.xml"
BOOK = workbook(cells.HEADS, [1, MARCH_5, "Venta", 11101, 1210, None], [1, MARCH_5, "Venta", 41101, None, 1210])
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (letter + 1, b"&%c;" % letter * 10) for letter in range(97, 105)
) + b"]>"
HOSTILE = {
    "empty.csv": b"", "blank.csv": b"\n;;;\n", "nul.csv": SALE.replace("Venta", "a\0b").encode(),
    "binary.csv": bytes(range(256)) * 10, "quotes.csv": f'{HEAD}\n1;"Venta"x;1\n'.encode(),
    "huge_cell.csv": f'{HEAD}\n1;05/03/2026;"{"x" * 200_000}";1;1;1\n'.encode(),
    "half.csv": f'{HEAD}\n1;05/03/2026;"never closed'.encode() + b"\n" * 200_000,
    "journal.pdf": b"%PDF-1.7", "journal.xls": b"\xd0\xcf\x11\xe0" + b"\0" * 600, "csv.xlsx": SALE.encode(),
    "workbook.csv": BOOK, "workbook.xlsm": BOOK, "no_workbook.xlsx": zipped(hello=b"x"),
    "cut.xlsx": BOOK[: len(BOOK) // 2], "odt.xlsx": zipped(**{"content.xml": b"<x/>"}),
    "macros.xlsx": rewritten(BOOK, **{"xl/vbaProject.bin": lambda _old: b"x"}),
    "bomb.xlsx": rewritten(BOOK, **{SHEET: lambda _old: b"\0" * (60 << 20)}),
    "strings_bomb.xlsx": rewritten(BOOK, **{"xl/sharedStrings.xml": lambda _old: b" " * (9 << 20)}),
    "many.xlsx": rewritten(BOOK, **{f"x/{number}": lambda _old: b"" for number in range(1001)}),
    "entities.xlsx": rewritten(BOOK, **{
        SHEET: lambda old: old.replace(b"<worksheet", ENTITIES + b"<worksheet").replace(b"Venta", b"&i;")}),
    "external.xlsx": rewritten(BOOK, **{
        SHEET: lambda old: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + old}),
    "formula.xlsx": workbook(cells.HEADS, [1, MARCH_5, "Venta", 11101, "=SUM(1,2)", None]),
    "far_row.xlsx": rewritten(BOOK, **{SHEET: lambda old: old.replace(b'<row r="3"', b'<row r="99999999999"')}),
    "long_number.xlsx": rewritten(BOOK, **{SHEET: lambda old: old.replace(b"1210", b"9" * 5000)}),
    "not_xml.xlsx": rewritten(BOOK, **{SHEET: lambda _old: b"<<<"}),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("query", ["", "?dry_run=true"])
def test_a_hostile_file_is_refused_in_words_and_in_time(teacher_api, chart, name, query):
    started = time.process_time()
    answer = send(teacher_api, HOSTILE[name], name, query)
    assert answer.status_code == 400
    assert all(isinstance(text, str) and text for text in answer.json()["file"])
    assert time.process_time() - started < 5
    assert not Transaction.objects.exists()


def test_infinite_and_odd_cells_of_a_workbook_are_faults(teacher_api, chart):
    content = rewritten(
        workbook(cells.HEADS, [1, MARCH_5, "x", True, 123456, None], [1, MARCH_5, "x", 41101, None, dt.time(10, 30)]),
        **{SHEET: lambda old: old.replace(b"123456", b"1e999")},
    )
    assert faults(send(teacher_api, content, "x.xlsx")) == [
        (2, "debe", "amount_too_large"), (2, "cuenta", "account_unknown"), (3, "haber", "amount_unreadable"),
    ]


def test_a_formula_counts_by_the_result_stored_with_it(teacher_api, chart):
    content = rewritten(BOOK, **{SHEET: lambda old: old.replace(b"<v>1210</v>", b"<f>1000*1.21</f><v>1210</v>")})
    assert send(teacher_api, content, "x.xlsx").status_code == 201


def test_a_workbook_that_understates_its_size_is_read_whole(teacher_api, chart):
    content = rewritten(BOOK, **{SHEET: lambda old: old.replace(b'ref="A1:F3"', b'ref="A1:B1"')})
    assert send(teacher_api, content, "x.xlsx").json()["counts"]["create"] == 2


@pytest.mark.parametrize("bounds", [Bounds(rows=3, bytes=10_000), Bounds(rows=100, bytes=100)])
def test_too_many_rows_and_bytes_are_refused(bounds):
    assert len(sheets.read_sheet("x.csv", SALE.encode(), Bounds(rows=4, bytes=10_000))) == 4
    with pytest.raises(UnreadableFile):
        sheets.read_sheet("x.csv", f"{SALE}2;x;;;;\n".encode(), bounds)


def test_the_bounds_of_an_upload_are_those_of_the_web(teacher_api, chart):
    row = "1;05/03/2026;Venta;11101;1;\n"
    answer = send(teacher_api, "asiento;fecha;leyenda;cuenta;debe;haber\n" + row * (WEB.rows + 1))
    assert (answer.status_code, list(answer.json())) == (400, ["file"])


def test_an_upload_beyond_the_bounds_is_refused_before_it_is_read(teacher_api, chart):
    answer = teacher_api.post("/api/trans/import/", b"x", content_type="multipart/form-data; boundary=x",
                              CONTENT_LENGTH=str(1 << 40))
    assert (answer.status_code, answer.json()["code"]) == (413, "request_too_large")


@pytest.mark.parametrize(("data", "query", "field"), [
    ({}, "", "file"), ({"file": "text"}, "", "file"),
    ({"file": SimpleUploadedFile("a.csv", SALE.encode())}, "?dry_run=maybe", "dry_run"),
])
def test_what_is_missing_or_not_understood_is_named(teacher_api, chart, data, query, field):
    answer = teacher_api.post(f"/api/trans/import/{query}", data, format="multipart")
    assert (answer.status_code, list(answer.json())) == (400, [field])


# --- Who, how much, and in which shape ---------------------------------------------------------------------


@pytest.mark.parametrize(("business", "rol", "status"), [
    (True, 0, 201), (True, 1, 201), (True, 2, 201), (True, 3, 201), (True, 4, 403), (False, 0, 201), (False, 2, 201),
])
def test_who_may_record_may_import(request, as_user, make_user, chart, business, rol, status):
    if business:
        request.getfixturevalue("business_mode")
    assert send(as_user(make_user("who@example.com", rol=rol)), SALE).status_code == status


def test_nobody_imports_without_a_token(api_client, chart):
    assert send(api_client, SALE).status_code == 401


def test_the_report_has_the_described_fields(teacher_api, chart):
    report = send(teacher_api, journal("1;05/03/2026;x;11101;10;")).json()
    assert list(report) == list(ReportSerializer().fields)
    assert list(report["rows"][0]) == list(ReportRowSerializer().fields)
    assert list(report["rows"][0]["errors"][0]) == list(RowErrorSerializer().fields)


def test_two_thousand_transactions_import_in_seconds_and_balance_as_the_file_does(teacher_api, chart):
    dice, out, expected = random.Random(3), io.StringIO(), Counter()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(cells.HEADS)
    for number in range(2000):
        net = Decimal(dice.randrange(1, 10**8)) / 100
        tax = (net * Decimal("0.21")).quantize(Decimal("0.01"))
        day = dt.date(2025, 1, 1) + dt.timedelta(days=dice.randrange(365))
        for code, debit, credit in (("11101", net + tax, 0), ("41101", 0, net), ("21301", 0, tax)):
            if debit or credit:
                writer.writerow([number, f"{day:%d/%m/%Y}", f"Venta {number}", code, debit or "", credit or ""])
                expected[code] += int((debit - credit) * 100)
    started = time.process_time()
    assert send(teacher_api, out.getvalue()).json()["created"] == 2000
    assert time.process_time() - started < 10
    balances = {account.code: account.debits - account.credits for account in Account.objects.all()}
    assert {code: balance for code, balance in balances.items() if balance} == expected


def test_who_sends_file_after_file_has_to_wait(teacher_api, student_api, settings):
    settings.IMPORTS_PER_MINUTE = 2
    for _file in range(2):
        assert send(teacher_api, SALE, query="?dry_run=true").status_code == 200
    refused = send(teacher_api, SALE)
    assert (refused.status_code, refused.json()["code"]) == (429, "throttled")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert send(student_api, SALE, query="?dry_run=true").status_code == 200
