"""The database itself refuses a wrong row, whoever writes it and through whatever door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from apps.accounts.models import Account
from apps.audit.actions import record
from apps.audit.models import AuditEvent
from apps.common import guards
from apps.common.db import MONEY_MAX
from apps.companies.models import Period
from apps.config.models import Config
from apps.trans.models import UNSEALED, BooksPass, Entry, NeverSealed, TotalsPass, Transaction
from apps.trans.tests.raw_books import DAY, RawBooks, close, picture, seal, sql, unseal
from apps.trans.verification import verify_ledger

pytestmark = pytest.mark.django_db


@dataclass
class Scene(RawBooks):
    """Books with a transaction in each state, and what belongs to others."""

    strangers: dict[str, Account] = field(default_factory=dict)
    pending: Transaction = field(init=False)
    done: Transaction = field(init=False)
    checked: Transaction = field(init=False)

    def __post_init__(self) -> None:
        self.pending = self.posted()
        self.checked = self.verified()
        self.done = self.closed()
        record("test", acting_user=self.user, company_id=self.company.pk, subject="test", subject_id=1)
        connection.check_constraints()


@pytest.fixture
def scene(company, teacher, chart, other_chart) -> Scene:
    return Scene(company, teacher, chart, strangers=other_chart)


@dataclass(frozen=True)
class Attack:
    """What someone tries, and the code (or the constraint's name) by which it is refused."""

    code: str
    run: Callable[[Scene], Any]

    def make_on(self, scene: Scene) -> None:
        """Make the attack in a transaction that ends with what the engine looks at when it commits."""
        with transaction.atomic():
            self.run(scene)
            connection.check_constraints()


ATTACKS: list[Any] = []


def attack(code: str, *marks: Any) -> Callable[[Callable[[Scene], Any]], Callable[[Scene], Any]]:
    """Enter a function into the table of attacks."""

    def enter(run: Callable[[Scene], Any]) -> Callable[[Scene], Any]:
        ATTACKS.append(pytest.param(Attack(code, run), id=run.__name__, marks=marks))
        return run

    return enter


def attacks(code: str, **statements: str) -> None:
    """Enter raw statements; `{done}` and the like stand for the key of that transaction or account."""
    for name, statement in statements.items():
        marks = [getattr(pytest.mark, engine) for engine in ("sqlite", "postgresql") if name.startswith(engine)]

        def run(scene: Scene, statement: str = statement) -> None:
            sql(statement.format(**_names(scene)))

        run.__name__ = name
        attack(code, *marks)(run)


def _names(scene: Scene) -> dict[str, Any]:
    accounts = {key: account.pk for key, account in scene.chart.items()}
    states = {"pending": scene.pending.pk, "checked": scene.checked.pk, "done": scene.done.pk}
    closed_line = scene.done.entries.first().pk
    return accounts | states | {
        "company": scene.company.pk, "user": scene.user.pk, "done_line": closed_line,
        "other": scene.strangers["caja"].company_id,
    }


# --- What is wrong in itself ------------------------------------------------------------------------


@attack("unbalanced")
def sides_that_differ(scene):
    seal(scene.unsealed([(scene.chart["caja"], 100, 0), (scene.chart["ventas"], 0, 99)]))


@attack("unbalanced")
def two_debits(scene):
    seal(scene.unsealed([(scene.chart["caja"], 50, 0), (scene.chart["ventas"], 50, 0)]))


@attack("entries_one_positive_side")
def both_sides_of_one_line(scene):
    scene.unsealed([(scene.chart["caja"], 100, 100), (scene.chart["ventas"], 0, 100)])


@attack("entries_one_positive_side")
def a_line_of_zero(scene):
    scene.unsealed([*scene.sale(), (scene.chart["iva"], 0, 0)])


@attack("entries_one_positive_side")
def a_negative_line(scene):
    scene.unsealed([(scene.chart["caja"], 100, 0), (scene.chart["ventas"], -100, 0)], total=100)


@attack("transactions_not_empty")
def a_single_line(scene):
    seal(scene.unsealed([(scene.chart["caja"], 100, 0)]))


@attack("too_few_lines")
def a_single_line_said_to_be_two(scene):
    seal(scene.unsealed([(scene.chart["caja"], 100, 0)], entries_count=2))


@attack("too_few_lines")
def no_line(scene):
    seal(scene.header())


@attack("control_total")
def a_wrong_total(scene):
    seal(scene.unsealed(total=101))


@attack("control_total")
def a_wrong_count(scene):
    seal(scene.unsealed(entries_count=3))


@attack("account_foreign")
def another_companys_account(scene):
    seal(scene.unsealed([(scene.strangers["caja"], 100, 0), (scene.chart["ventas"], 0, 100)]))


@attack("account_foreign")
def an_account_that_is_not(scene):
    scene.chart["caja"] = Account(pk=999_999)
    seal(scene.unsealed())


@attack("account_inactive")
def an_inactive_account(scene):
    seal(scene.unsealed([(scene.chart["inactiva"], 100, 0), (scene.chart["ventas"], 0, 100)]))


@attack("account_heading")
def a_heading(scene):
    seal(scene.unsealed([(scene.chart["activo"], 100, 0), (scene.chart["ventas"], 0, 100)]))


@attack("entry_date")
def a_line_of_another_day(scene):
    header = scene.header()
    scene.lines(header, scene.sale(), date=dt.date(2026, 3, 3))
    seal(header)


# --- Amounts and dates that are none ------------------------------------------------------------------


def with_debit(literal: str) -> Callable[[Scene], None]:
    def run(scene: Scene) -> None:
        header = scene.header()
        scene.lines(header, scene.sale()[1:])
        sql(
            "INSERT INTO transaction_entries (transaction_id, account_id, date, debit, credit)"
            f" VALUES (%s, %s, %s, {literal}, 0)",
            header.pk, scene.chart["caja"].pk, DAY.isoformat(),
        )
        seal(header)

    return run


for name, code, literal, engine in (
    ("an_amount_of_null", "debit", "NULL", None),
    ("sqlite_a_fraction", "invalid_amount", "100.5", "sqlite"),
    ("sqlite_a_number_beyond_64_bits", "invalid_amount", "9223372036854775808", "sqlite"),
    ("sqlite_infinity", "invalid_amount", "9e999", "sqlite"),
    ("sqlite_a_text", "invalid_amount", "'cien'", "sqlite"),
    ("sqlite_a_blob", "invalid_amount", "x'64'", "sqlite"),
    ("postgresql_a_number_beyond_64_bits", "out of range", "9223372036854775808", "postgresql"),
    ("postgresql_not_a_number", "out of range|cannot convert NaN", "'NaN'::numeric", "postgresql"),
):
    run = with_debit(literal)
    run.__name__ = name
    attack(code, *([getattr(pytest.mark, engine)] if engine else []))(run)


@attack("unbalanced")
def a_debit_sum_beyond_64_bits(scene):
    lines = [(scene.chart["caja"], MONEY_MAX, 0), (scene.chart["iva"], MONEY_MAX, 0), (scene.chart["ventas"], 0, 100)]
    seal(scene.unsealed(lines, total=100))


@attack("total_overflow")
def balanced_sums_beyond_64_bits(scene):
    caja, ventas = scene.chart["caja"], scene.chart["ventas"]
    lines = [(caja, MONEY_MAX, 0), (caja, MONEY_MAX, 0), (ventas, 0, MONEY_MAX), (ventas, 0, MONEY_MAX)]
    seal(scene.unsealed(lines, total=MONEY_MAX))


@attack("balance_overflow")
def a_balance_beyond_64_bits(scene):
    seal(scene.unsealed(scene.sale(MONEY_MAX)))


def with_date(literal: str) -> Callable[[Scene], None]:
    def run(scene: Scene) -> None:
        header = scene.unsealed()
        sql(f"UPDATE transactions SET date = {literal} WHERE trans_id = %s", header.pk)
        sql(f"UPDATE transaction_entries SET date = {literal} WHERE transaction_id = %s", header.pk)
        seal(header)

    return run


for name, literal in (
    ("sqlite_the_31st_of_february", "'2026-02-31'"),
    ("sqlite_a_date_with_a_time", "'2026-02-01 10:00:00'"),
    ("sqlite_a_short_date", "'2026-2-1'"),
    ("sqlite_a_day_number", "20260201"),
    ("sqlite_words_for_a_date", "'ayer'"),
    ("sqlite_the_year_zero", "'0000-01-01'"),
    ("postgresql_infinity", "'infinity'"),
    ("postgresql_the_year_ten_thousand", "'10000-01-01'"),
    ("postgresql_before_our_era", "'0044-03-15 BC'"),
):
    run = with_date(literal)
    run.__name__ = name
    attack("invalid_date", getattr(pytest.mark, name.split("_")[0]))(run)


# --- How a transaction comes to be --------------------------------------------------------------------


@attack("inserted_sealed")
def inserting_sealed(scene):
    scene.header(unsealed_id=None)


@attack("inserted_closed")
def inserting_closed(scene):
    scene.header(status=2, number=2, fiscal_year=2026)


@attack("inserted_closed")
def inserting_with_a_number(scene):
    scene.header(number=2, fiscal_year=2026)


@attack("transactions_never_sealed|unsealed")
def committing_an_unsealed_one(scene):
    scene.unsealed()


@attack("transactions_never_sealed|unsealed")
def committing_one_unsealed_again(scene):
    unseal(scene.pending)


@attack("unsealed")
def a_row_where_none_may_be(scene):
    NeverSealed.objects.create(pk=UNSEALED)


@attack("transactions_reversal_linked")
def a_mirror_of_nothing(scene):
    scene.header(kind="reversal")


@attack("transaction_not_closed")
def reversing_what_is_not_closed(scene):
    scene.header(kind="reversal", reverses=scene.checked)


@attack("transaction_not_closed")
def reversing_another_companys(scene):
    theirs = Scene(scene.strangers["caja"].company, scene.user, scene.strangers)
    scene.header(kind="reversal", reverses=theirs.done)


@attack("already_reversed")
def reversing_twice(scene):
    scene.posted(kind="reversal", reverses=scene.done)
    scene.header(kind="reversal", reverses=scene.done)


# --- Periods --------------------------------------------------------------------------------------------


def close_period(scene: Scene, **fields: Any) -> None:
    Period.objects.create(company=scene.company, year=2026, status="closed", **fields)


@attack("period_closed")
def posting_in_a_closed_month(scene):
    close_period(scene, month=3)
    seal(scene.unsealed())


@attack("period_closed")
def posting_in_a_closed_year(scene):
    close_period(scene)
    seal(scene.unsealed())


@attack("period_closed")
def moving_into_a_closed_month(scene):
    close_period(scene, month=2)
    unseal(scene.pending)
    Transaction.objects.filter(pk=scene.pending.pk).update(date=dt.date(2026, 2, 1))
    scene.pending.entries.update(date=dt.date(2026, 2, 1))
    seal(scene.pending)


for name, change in (
    ("a_legend_in_a_closed_month", {"legend": "otra"}),
    ("verifying_in_a_closed_month", {"status": 1}),
    ("unsealing_in_a_closed_month", {"unsealed": UNSEALED}),
):
    def run(scene: Scene, change: dict[str, Any] = change) -> None:
        close_period(scene, month=3)
        Transaction.objects.filter(pk=scene.pending.pk).update(**change)

    run.__name__ = name
    attack("period_closed")(run)


@attack("period_closed")
def closing_in_a_closed_month(scene):
    close_period(scene, month=3)
    close(scene.checked, number=2)


@attack("period_closed")
def deleting_a_closed_period(scene):
    close_period(scene, month=3)
    sql("DELETE FROM periods")


@attack("period_closed")
def moving_a_closed_period(scene):
    close_period(scene, month=3)
    Period.objects.update(month=4)


# --- What is sealed, verified, closed ---------------------------------------------------------------------

attacks(
    "mosaite:sealed",
    a_sealed_date="UPDATE transactions SET date = '2026-03-03' WHERE trans_id = {pending}",
    a_sealed_total="UPDATE transactions SET total = 101 WHERE trans_id = {pending}",
    a_sealed_count="UPDATE transactions SET entries_count = 3 WHERE trans_id = {pending}",
    deleting_a_sealed_one="DELETE FROM transactions WHERE trans_id = {pending}",
    a_line_more=(
        "INSERT INTO transaction_entries (transaction_id, account_id, date, debit, credit)"
        " VALUES ({pending}, {caja}, '2026-03-02', 1, 0)"
    ),
    a_line_more_of_a_closed_one=(
        "INSERT INTO transaction_entries (transaction_id, account_id, date, debit, credit)"
        " VALUES ({done}, {caja}, '2026-03-02', 1, 0)"
    ),
    a_line_of_no_transaction=(
        "INSERT INTO transaction_entries (transaction_id, account_id, date, debit, credit)"
        " VALUES (999999, {caja}, '2026-03-02', 1, 0)"
    ),
    a_sealed_amount="UPDATE transaction_entries SET debit = 101 WHERE transaction_id = {pending} AND debit > 0",
    a_sealed_account="UPDATE transaction_entries SET account_id = {iva} WHERE transaction_id = {pending}",
    deleting_sealed_lines="DELETE FROM transaction_entries WHERE transaction_id = {pending}",
    a_closed_amount="UPDATE transaction_entries SET debit = 101 WHERE transaction_id = {done} AND debit > 0",
    deleting_closed_lines="DELETE FROM transaction_entries WHERE transaction_id = {done}",
    moving_lines_between_sealed_ones=(
        "UPDATE transaction_entries SET transaction_id = {pending} WHERE transaction_id = {done}"
    ),
)

attacks(
    "transaction_closed",
    a_closed_legend="UPDATE transactions SET legend = 'otra' WHERE trans_id = {done}",
    a_closed_version="UPDATE transactions SET version = version + 1 WHERE trans_id = {done}",
    a_closed_number="UPDATE transactions SET number = 7 WHERE trans_id = {done}",
    unsealing_a_closed_one="UPDATE transactions SET unsealed_id = 1 WHERE trans_id = {done}",
    deleting_a_closed_one="DELETE FROM transactions WHERE trans_id = {done}",
    opening_a_closed_one=(
        "UPDATE transactions SET status = 1, number = NULL, fiscal_year = NULL WHERE trans_id = {done}"
    ),
)

attacks(
    "transaction_verified",
    a_verified_legend="UPDATE transactions SET legend = 'otra' WHERE trans_id = {checked}",
    unsealing_a_verified_one="UPDATE transactions SET unsealed_id = 1 WHERE trans_id = {checked}",
    withdrawing_and_changing_at_once="UPDATE transactions SET status = 0, legend = 'otra' WHERE trans_id = {checked}",
)

attacks(
    "transaction_not_verified",
    closing_what_is_not_verified=(
        "UPDATE transactions SET status = 2, number = 2, fiscal_year = 2026 WHERE trans_id = {pending}"
    ),
)

attacks(
    "transactions_status_known|transaction_not_verified",
    a_state_that_is_none="UPDATE transactions SET status = 3 WHERE trans_id = {checked}",
)

attacks(
    "number_gap",
    skipping_a_number="UPDATE transactions SET status = 2, number = 3, fiscal_year = 2026 WHERE trans_id = {checked}",
    a_number_twice="UPDATE transactions SET status = 2, number = 1, fiscal_year = 2026 WHERE trans_id = {checked}",
    another_years_number=(
        "UPDATE transactions SET status = 2, number = 1, fiscal_year = 2025 WHERE trans_id = {checked}"
    ),
    no_number="UPDATE transactions SET status = 2 WHERE trans_id = {checked}",
    no_year="UPDATE transactions SET status = 2, number = 2 WHERE trans_id = {checked}",
)

attacks(
    "transactions_number_when_closed",
    a_number_before_closing="UPDATE transactions SET number = 2, fiscal_year = 2026 WHERE trans_id = {pending}",
)

attacks(
    "transaction_fixed_field",
    another_key="UPDATE transactions SET trans_id = 999999999 WHERE trans_id = {pending}",
    another_company="UPDATE transactions SET company_id = {other} WHERE trans_id = {pending}",
    another_user="UPDATE transactions SET user_id = user_id + 1 WHERE trans_id = {pending}",
    another_kind="UPDATE transactions SET kind = 'reversal' WHERE trans_id = {pending}",
    another_original="UPDATE transactions SET reverses_id = {done} WHERE trans_id = {pending}",
)


@attack("mosaite:sealed")
def moving_a_line_out_of_a_closed_one(scene):
    header = scene.header()
    Entry.objects.filter(transaction=scene.done).update(transaction=header)


@attack("mosaite:sealed")
def moving_a_line_into_a_closed_one(scene):
    header = scene.unsealed()
    Entry.objects.filter(transaction=header).update(transaction=scene.done)


@attack("mosaite:unsealed")
def a_new_state_while_sealing(scene):
    header = scene.unsealed()
    Transaction.objects.filter(pk=header.pk).update(unsealed=None, status=1)


@attack("mosaite:sealed")
def deleting_through_the_orm(scene):
    scene.pending.delete()


@attack("mosaite:sealed")
def deleting_all_through_the_orm(scene):
    Transaction.objects.all().delete()


@attack("mosaite:sealed")
def deleting_lines_through_the_orm(scene):
    Entry.objects.all().delete()


@attack("transaction_closed")
def saving_a_closed_one(scene):
    Transaction.objects.get(pk=scene.done.pk).save()


@attack("mosaite:sealed")
def saving_another_total(scene):
    scene.pending.refresh_from_db()
    scene.pending.total += 1
    scene.pending.save()


@attack("mosaite:sealed")
def saving_a_line(scene):
    entry = scene.pending.entries.first()
    entry.debit += 1
    entry.save()


@attack("mosaite:sealed")
def updating_lines_in_bulk(scene):
    Entry.objects.update(debit=F("debit") * 2, credit=F("credit") * 2)


# --- Accounts in use, and what the guards keep ----------------------------------------------------------

attacks(
    "account_in_use",
    the_nature_of_a_used_account="UPDATE accounts SET nature = NOT nature WHERE acc_id = {caja}",
    the_kind_of_a_used_account="UPDATE accounts SET kind = 'pasivo' WHERE acc_id = {caja}",
    the_code_of_a_used_account="UPDATE accounts SET code = '99' WHERE acc_id = {caja}",
    a_used_account_for_heading="UPDATE accounts SET postable = NOT postable WHERE acc_id = {caja}",
    the_company_of_a_used_account="UPDATE accounts SET company_id = {other}, code = '99' WHERE acc_id = {caja}",
    the_key_of_a_used_account="UPDATE accounts SET acc_id = 999999999 WHERE acc_id = {caja}",
    deleting_a_used_account="DELETE FROM accounts WHERE acc_id = {caja}",
)

attacks(
    "totals_kept",
    a_new_account_with_a_balance=(
        "INSERT INTO accounts (company_id, code, name, nature, kind, status, postable, liquidity, monetary,"
        " search_text, debits, credits)"
        " SELECT company_id, '99', name, nature, kind, status, postable, liquidity, monetary, '', 5, 0"
        " FROM accounts WHERE acc_id = {caja}"
    ),
    a_balance="UPDATE accounts SET debits = debits + 1 WHERE acc_id = {caja}",
    a_month="UPDATE account_months SET debits = debits + 1 WHERE account_id = {caja}",
    a_month_more="INSERT INTO account_months (account_id, month, debits, credits) VALUES ({caja}, '2026-01-01', 0, 0)",
    a_month_less="DELETE FROM account_months",
    a_tally="UPDATE transaction_tallies SET count = count + 1",
    a_tally_less="DELETE FROM transaction_tallies",
)


@attack("totals_kept")
def saving_an_account_that_was_read_before_a_posting(scene):
    stale = Account.objects.get(pk=scene.chart["caja"].pk)
    scene.posted()
    stale.name = "Caja chica"
    stale.save()


# --- Doors of one engine ------------------------------------------------------------------------------------

_REPLACED_HEADER = (
    "INSERT OR REPLACE INTO transactions (trans_id, company_id, user_id, status, date, legend, search_text, kind,"
    " version, total, entries_count, unsealed_id, created_at, updated_at)"
    " SELECT trans_id, company_id, user_id, 0, date, 'otra', '', 'standard', 1, total, entries_count, 1, created_at,"
    " updated_at FROM transactions WHERE trans_id = {done}"
)
_REPLACED_LINE = (
    "INSERT OR REPLACE INTO transaction_entries (entr_id, transaction_id, account_id, date, debit, credit)"
    " SELECT {done_line}, transaction_id, account_id, date, debit, credit FROM transaction_entries"
)


def _replaced_account(**values: str) -> str:
    columns = [field.column for field in Account._meta.concrete_fields]
    chosen = ", ".join(values.get(column, column) for column in columns)
    into = f"INSERT OR REPLACE INTO accounts ({', '.join(columns)})"
    return f"{into} SELECT {chosen} FROM accounts WHERE acc_id = {{caja}}"


attacks("row_exists", sqlite_replacing_a_closed_header=_REPLACED_HEADER)
attacks("row_exists|mosaite:sealed", sqlite_replacing_a_closed_line=_REPLACED_LINE)
attacks(
    "account_in_use",
    sqlite_replacing_an_account=_replaced_account(debits="0", credits="0"),
    sqlite_replacing_an_account_by_its_code=_replaced_account(acc_id="777", debits="0", credits="0"),
)
attacks(
    "mosaite:sealed",
    sqlite_ignoring_conflicts="UPDATE OR IGNORE transaction_entries SET debit = 101 WHERE transaction_id = {done}",
)
attacks(
    "append_only",
    postgresql_truncating_transactions="TRUNCATE transactions CASCADE",
    postgresql_truncating_lines="TRUNCATE transaction_entries",
    postgresql_truncating_companies="TRUNCATE companies CASCADE",
    postgresql_truncating_months="TRUNCATE account_months",
    postgresql_truncating_tallies="TRUNCATE transaction_tallies",
    postgresql_truncating_counters="TRUNCATE transaction_counters",
    postgresql_truncating_periods="TRUNCATE periods",
    postgresql_truncating_the_trail="TRUNCATE audit_events",
    an_event_of_the_trail="UPDATE audit_events SET action = 'otra'",
    deleting_the_trail="DELETE FROM audit_events",
    sqlite_replacing_an_event="INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events",
)


@attack("append_only")
def saving_an_event(scene):
    AuditEvent.objects.latest("event_id").save()


@attack("mosaite:sealed", pytest.mark.postgresql)
def updating_by_upsert(scene):
    line = scene.done.entries.first()
    line.debit, line.credit = 7, 0
    Entry.objects.bulk_create([line], update_conflicts=True, unique_fields=["entr_id"], update_fields=["debit"])


@attack("row_exists|mosaite:sealed", pytest.mark.sqlite)
def upserting_a_line(scene):
    line = scene.done.entries.first()
    line.debit, line.credit = 7, 0
    Entry.objects.bulk_create([line], update_conflicts=True, unique_fields=["entr_id"], update_fields=["debit"])


@attack("period_closed")
def shadowing_the_periods(scene):
    close_period(scene, month=3)
    sql("CREATE TEMP TABLE periods AS SELECT * FROM periods WHERE status = 'open'")
    seal(scene.unsealed())


@attack("mosaite:sealed")
def shadowing_the_transactions(scene):
    sql("CREATE TEMP TABLE transactions AS SELECT trans_id, 1 AS unsealed_id FROM transactions")
    sql("UPDATE transaction_entries SET debit = 101 WHERE debit = 100")


# --- The pass that lets closed ones back --------------------------------------------------------------------


@attack("transactions_never_sealed")
def committing_a_pass(scene):
    BooksPass.objects.create(company=scene.company)


@attack("transactions_never_sealed")
def committing_a_pass_for_totals(scene):
    TotalsPass.objects.create()
    if connection.vendor == "sqlite":
        sql("UPDATE accounts SET debits = 7")


@attack("books_not_erasable")
def a_pass_that_could_be_committed(scene):
    BooksPass.objects.create(company=scene.company, unsealed=None)


@attack("books_not_erasable")
def a_pass_changed_into_one_that_could_be_committed(scene):
    BooksPass.objects.create(company=scene.company)
    BooksPass.objects.update(unsealed=None)


@attack("books_not_erasable")
def a_pass_in_business_mode(scene):
    Config.objects.update_or_create(config_id=1, defaults={"system_mode": True})
    BooksPass.objects.create(company=scene.company)


@attack("transaction_closed")
def a_pass_of_another_company(scene):
    BooksPass.objects.create(company=scene.strangers["caja"].company)
    Transaction.objects.filter(pk=scene.done.pk).update(status=1, number=None, fiscal_year=None)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses(attack, scene):
    before = picture()
    with pytest.raises(DatabaseError, match=attack.code):
        attack.make_on(scene)
    assert picture() == before


# --- Roads to sealing that no ORM takes ---------------------------------------------------------------------

_UPSERT = (
    "INSERT INTO transactions (trans_id, company_id, user_id, status, date, legend, search_text, kind, version, total,"
    " entries_count, unsealed_id, created_at, updated_at) SELECT trans_id, company_id, user_id, status, date, legend,"
    " search_text, kind, version, total, entries_count, 1, created_at, updated_at FROM transactions"
    " WHERE trans_id = {first} ON CONFLICT (trans_id) DO UPDATE SET unsealed_id = NULL"
)
ROADS = [
    pytest.param("UPDATE transactions SET unsealed_id = NULL WHERE unsealed_id = 1", id="one update"),
    pytest.param("UPDATE transactions SET unsealed_id = NULL, legend = 'a' || legend WHERE unsealed_id = 1", id="more"),
    *(
        pytest.param(f"UPDATE OR {policy} transactions SET unsealed_id = NULL WHERE unsealed_id = 1",
                     id=f"or {policy.lower()}", marks=pytest.mark.sqlite)
        for policy in ("REPLACE", "IGNORE", "FAIL", "ROLLBACK")
    ),
    pytest.param(
        "WITH one AS (UPDATE transactions SET unsealed_id = NULL WHERE trans_id = {first} RETURNING 1)"
        " UPDATE transactions SET unsealed_id = NULL WHERE trans_id = {second}",
        id="two updates in one statement", marks=pytest.mark.postgresql,
    ),
    pytest.param(
        "MERGE INTO transactions t USING (SELECT 1) s ON t.unsealed_id = 1"
        " WHEN MATCHED THEN UPDATE SET unsealed_id = NULL",
        id="merge", marks=pytest.mark.postgresql,
    ),
    pytest.param(_UPSERT + "; " + _UPSERT.replace("first", "second"), id="upsert", marks=pytest.mark.postgresql),
    pytest.param(
        "DO $$ BEGIN UPDATE transactions SET unsealed_id = NULL WHERE unsealed_id = 1; END $$",
        id="a function's update", marks=pytest.mark.postgresql,
    ),
]


@pytest.mark.parametrize("road", ROADS)
def test_whatever_road_seals_posts_the_balances_once(road, scene):
    names = {"first": scene.unsealed(scene.sale(7)).pk, "second": scene.unsealed(scene.sale(5)).pk}
    sql(road.format(**names))
    assert Account.objects.get(pk=scene.chart["caja"].pk).debits == 3 * 100 + 7 + 5
    assert {finding.code for finding in verify_ledger()} == {"content_unrecorded"}


@pytest.mark.parametrize("road", ROADS)
def test_no_road_seals_what_is_wrong(road, scene):
    def seal_a_right_and_a_wrong_one(scene: Scene) -> None:
        wrong = scene.unsealed([(scene.chart["caja"], 8, 0), (scene.chart["ventas"], 0, 9)])
        sql(road.format(first=scene.unsealed(scene.sale(7)).pk, second=wrong.pk))

    before = picture()
    with pytest.raises(DatabaseError, match="unbalanced"):
        Attack("unbalanced", seal_a_right_and_a_wrong_one).make_on(scene)
    assert picture() == before


def test_the_guards_stand():
    assert guards.faults(connection) == []
