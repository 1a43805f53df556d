"""The database itself keeps the shape of a chart, whoever writes it and through whatever door."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.actions import clear_chart
from apps.accounts.models import Account
from apps.companies.models import Company

NAMES = ("1", "11", "111", "11101", "2", "21")


def sql(statement, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def commit(statement):
    """Run a statement and look at what the engine looks at when it commits."""
    with transaction.atomic():
        sql(statement)
        connection.check_constraints()


@pytest.fixture
def keys(plan, other_company) -> dict[str, int]:
    foreign = Account.objects.create(
        company=other_company, code="1", name="Activo", nature=True, kind="activo", postable=False
    )
    free = {
        name: Account.objects.create(
            company=plan["1"].company, code=code, name=name, nature=True, kind="activo", postable=postable
        ).pk
        for name, code, postable in [("free", "99101", True), ("empty", "99", False)]
    }
    known = {f"a{code}": plan[code].pk for code in NAMES}
    companies = {"company": plan["1"].company_id, "other": other_company.pk}
    return {**known, **free, **companies, "foreign": foreign.pk}


INSERT = (
    "INSERT INTO accounts (company_id, code, name, nature, kind, status, postable, liquidity, monetary, search_text,"
    " debits, credits, parent_id) SELECT company_id, '98765', name, nature, kind, status, {postable}, liquidity,"
    " monetary, search_text, 0, 0, {parent} FROM accounts WHERE acc_id = {free}"
)
MISPLACED = {
    "under an account": "UPDATE accounts SET parent_id = {a11101} WHERE acc_id = {free}",
    "under another company's heading": "UPDATE accounts SET parent_id = {foreign} WHERE acc_id = {free}",
    "under a heading of another kind": "UPDATE accounts SET parent_id = {a21} WHERE acc_id = {free}",
    "under itself": "UPDATE accounts SET parent_id = {empty} WHERE acc_id = {empty}",
    "in a circle": "UPDATE accounts SET parent_id = {a111} WHERE acc_id = {a1}",
    "two in one statement": (
        "UPDATE accounts SET parent_id = CASE acc_id WHEN {a11} THEN {empty} ELSE {a11} END"
        " WHERE acc_id IN ({a11}, {empty})"
    ),
    "a kind of its own": "UPDATE accounts SET kind = 'egreso' WHERE acc_id = {a11101}",
    "taken to another company": "UPDATE accounts SET company_id = {other}, code = '98' WHERE acc_id = {a11101}",
    "a new one under an account": INSERT.replace("{parent}", "{a11101}"),
    "a new one under another company's heading": INSERT.replace("{parent}", "{foreign}"),
    "a new one under a heading of another kind": INSERT.replace("{parent}", "{a21}"),
    "a new one under what is not there": INSERT.replace("{parent}", "987654321"),
}
IN_USE = {
    "a heading made postable": "UPDATE accounts SET postable = NOT postable WHERE acc_id = {a111}",
    "the kind of a heading": "UPDATE accounts SET kind = 'egreso' WHERE acc_id = {a1}",
    "the nature of a heading": "UPDATE accounts SET nature = NOT nature WHERE acc_id = {a111}",
    "the code of a heading": "UPDATE accounts SET code = '98' WHERE acc_id = {a111}",
    "the company of a heading": "UPDATE accounts SET company_id = {other}, code = '98' WHERE acc_id = {a1}",
    "the key of a heading": "UPDATE accounts SET acc_id = 987654321 WHERE acc_id = {a111}",
    "deleting a heading": "DELETE FROM accounts WHERE acc_id = {a111}",
}


def cases(code, statements):
    return [pytest.param(code, statement, id=name) for name, statement in statements.items()]


@pytest.mark.django_db
@pytest.mark.parametrize("code,statement", [*cases("account_misplaced", MISPLACED), *cases("account_in_use", IN_USE)])
def test_the_database_refuses(keys, code, statement):
    before = list(Account.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match=code):
        commit(statement.format(**keys, postable=True))
    assert list(Account.objects.order_by("pk").values()) == before


@pytest.mark.django_db
@pytest.mark.sqlite
def test_no_account_replaces_a_heading(keys):
    columns = [field.column for field in Account._meta.concrete_fields]
    chosen = ", ".join("1" if column == "postable" else column for column in columns)
    replace = f"INSERT OR REPLACE INTO accounts ({', '.join(columns)}) SELECT {chosen} FROM accounts WHERE acc_id = %s"
    with pytest.raises(DatabaseError, match="account_in_use"), transaction.atomic():
        sql(replace, keys["a111"])


@pytest.mark.django_db
def test_what_keeps_the_shape_is_taken(keys):
    sql(INSERT.format(**{**keys, "parent": keys["a111"], "postable": True}))
    sql("UPDATE accounts SET parent_id = %s WHERE acc_id = %s", keys["a111"], keys["free"])
    sql("UPDATE accounts SET parent_id = %s, name = 'Otro' WHERE acc_id = %s", keys["empty"], keys["a111"])
    sql("UPDATE accounts SET code = '12345', nature = NOT nature WHERE acc_id = %s", keys["free"])
    assert Account.objects.get(code="98765").parent_id == keys["a111"]
    assert clear_chart(Company.objects.get(pk=keys["company"]), acting_user=None) > 200


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code,one,other", [
    ("account_misplaced", "UPDATE accounts SET parent_id = {a21} WHERE acc_id = {heading}",
     "UPDATE accounts SET parent_id = {heading} WHERE acc_id = {a21}"),
    ("account_in_use|account_misplaced", "UPDATE accounts SET postable = true WHERE acc_id = {heading}",
     "UPDATE accounts SET parent_id = {heading} WHERE acc_id = {a21}"),
], ids=["under each other", "under what ceases to be a heading"])
def test_of_two_changes_at_once_one_is_refused(plan, at_once, code, one, other):
    heading = Account.objects.create(
        company=plan["2"].company, code="29", name="Otros", nature=False, kind="pasivo", postable=False
    )
    names = {"heading": heading.pk, "a21": plan["21"].pk}

    def change(statement):
        try:
            with transaction.atomic():
                sql(statement.format(**names))
                sql("SELECT pg_sleep(0.1)")
        except DatabaseError as error:
            return str(error)
        return ""

    told = sorted(at_once([lambda: change(one), lambda: change(other)]))
    assert told[0] == ""
    assert any(name in told[1] for name in code.split("|")), told


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_change_that_would_not_see_the_others_is_refused(plan):
    with transaction.atomic():
        sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(DatabaseError, match="isolation_level"):
            sql("UPDATE accounts SET parent_id = %s WHERE acc_id = %s", plan["111"].pk, plan["11201"].pk)
