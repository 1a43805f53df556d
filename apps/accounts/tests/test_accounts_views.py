"""Accounts over the API."""

from __future__ import annotations

import pytest

from apps.accounts.actions import copy_chart
from apps.accounts.models import Account
from apps.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

NEW = {"code": "11109", "name": "Banco Ciudad", "nature": True}


def codes(answer) -> list[str]:
    assert answer.status_code == 200, answer.json()
    return [account["code"] for account in answer.json()]


# --- Reading ---------------------------------------------------------------------------------------


def test_an_account_has_exactly_the_contracts_fields(student_api, plan):
    answer = student_api.get(f"/api/accounts/{plan['12303'].pk}/")
    assert answer.json() == {
        "acc_id": plan["12303"].pk, "code": "12303", "name": "Amortización acumulada edificios", "saldo": 0,
        "nature": False, "nature_display": "Acreedora", "status": True, "postable": True,
        "parent": plan["123"].pk, "kind": "activo",
    }


def test_the_list_is_the_whole_chart_in_order_of_code(student_api, plan):
    answer = student_api.get("/api/accounts/")
    assert codes(answer) == sorted(plan)
    assert answer.headers["X-Total-Count"] == "250"


def test_the_list_costs_the_same_queries_however_long(
    student_api, plan, company, other_company, django_assert_num_queries
):
    student_api.get("/api/accounts/")
    for size in (10, 1000):
        with django_assert_num_queries(3):
            student_api.get(f"/api/accounts/?page_size={size}")


@pytest.mark.parametrize(("query", "found"), [
    ("search=banco nacion", ["11104", "11106"]),
    ("search=CRÉDITO nación", []),
    ("search=cuenta Banco NACIÓN", ["11104"]),
    ("search=1231", ["12310", "12311", "12312", "12313", "12314", "12315"]),
    ("search=50%25", []),
    ("kind=patrimonio&nature=true", ["31301", "31302"]),
    ("nature=1&search=bonificaciones", ["41104"]),
    ("nature=True&kind=ingreso", ["41103", "41104"]),
    ("status=false", ["11101"]),
    ("status=0&nature=1", ["11101"]),
    ("search=caja&ordering=-code", ["55101", "11106", "11101", "111"]),
])
def test_filters_find_what_they_say(student_api, plan, query, found):
    Account.objects.filter(pk=plan["11101"].pk).update(status=False)
    assert codes(student_api.get(f"/api/accounts/?{query}")) == found


@pytest.mark.parametrize("query", [
    "status=maybe", "nature=2", "kind=bienes", "ordering=saldos", "page_size=1001", "page=x", "search=%00",
])
def test_a_bad_filter_value_is_refused(student_api, plan, query):
    assert student_api.get(f"/api/accounts/?{query}").status_code == 400


def test_active_leaves_out_headings_and_what_is_inactive(student_api, chart):
    assert codes(student_api.get("/api/accounts/active/")) == ["11101", "21301", "41101", "51101"]


def test_saldo_follows_the_transactions_by_nature(teacher_api, plan, move):
    trans_id = move("11101", "41101", 250_00)
    assert [teacher_api.get(f"/api/accounts/{plan[code].pk}/").json()["saldo"] for code in ("11101", "41101")] == [
        250_00, 250_00,
    ]
    move("41101", "11101", 300_00)
    assert teacher_api.get(f"/api/accounts/{plan['11101'].pk}/").json()["saldo"] == -50_00
    teacher_api.delete(f"/api/trans/{trans_id}/")
    assert teacher_api.get(f"/api/accounts/{plan['41101'].pk}/").json()["saldo"] == -300_00


def test_the_tree_nests_the_chart_and_sums_headings(teacher_api, plan, move, django_assert_num_queries):
    move("12308", "11101", 1000_00)
    move("53404", "12309", 200_00)
    with django_assert_num_queries(2):
        answer = teacher_api.get("/api/accounts/tree/")
    tops = answer.json()
    assert [top["code"] for top in tops] == ["1", "2", "3", "4", "5"]
    assets = {node["code"]: node for node in tops[0]["children"]}
    fixed = next(node for node in assets["12"]["children"] if node["code"] == "123")
    below = {node["code"]: node["saldo"] for node in fixed["children"]}
    assert (below["12308"], below["12309"], fixed["saldo"]) == (1000_00, 200_00, 800_00)
    assert (tops[0]["saldo"], tops[4]["saldo"]) == (-200_00, 200_00)


def test_an_unknown_account_is_404(teacher_api, chart):
    for key in ("0", "999999999", "9" * 30, "x"):
        assert teacher_api.get(f"/api/accounts/{key}/").status_code == 404


# --- Adding ----------------------------------------------------------------------------------------


def test_a_new_account_goes_under_the_longest_heading_of_its_code(teacher_api, plan, teacher):
    answer = teacher_api.post("/api/accounts/", NEW)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["parent"], made["kind"], made["postable"], made["status"]) == (plan["111"].pk, "activo", True, True)
    stored = Account.objects.get(pk=made["acc_id"])
    assert (stored.liquidity, stored.monetary) == ("corriente", True)
    event = AuditEvent.objects.get(action="account.created")
    assert (event.user_id, event.subject_id) == (teacher.pk, str(stored.pk))


@pytest.mark.parametrize(("code", "kind"), [("1.1.2.09", "activo"), ("21.9", "pasivo"), ("60000", "orden")])
def test_codes_may_have_dots_and_need_no_heading(teacher_api, plan, code, kind):
    made = teacher_api.post("/api/accounts/", {**NEW, "code": code}).json()
    assert (made["code"], made["kind"]) == (code, kind)


def test_without_any_chart_the_first_digit_gives_the_kind(teacher_api, company):
    kinds = [
        teacher_api.post("/api/accounts/", {**NEW, "code": f"{digit}01"}).json()["kind"] for digit in "123459"
    ]
    assert kinds == ["activo", "pasivo", "patrimonio", "ingreso", "egreso", "orden"]


def test_a_form_may_leave_booleans_out(teacher_api, chart):
    made = teacher_api.post("/api/accounts/", {"code": "11105", "name": "Banco", "nature": "1"}, format="multipart")
    assert made.status_code == 201
    assert (made.json()["status"], made.json()["postable"], made.json()["nature"]) == (True, True, True)
    refused = teacher_api.post("/api/accounts/", {"code": "11106", "name": "Banco"}, format="multipart")
    assert list(refused.json()) == ["nature"]


@pytest.mark.parametrize(("change", "field"), [
    ({"code": "11101"}, "code"), ({"code": "11-1"}, "code"), ({"code": "1..1"}, "code"), ({"code": "١"}, "code"),
    ({"code": ""}, "code"), ({"code": "1" * 31}, "code"), ({"code": None}, "code"), ({"code": ["1"]}, "code"),
    ({"name": " "}, "name"), ({"name": "x" * 121}, "name"), ({"name": "a\0b"}, "name"), ({"name": {}}, "name"),
    ({"nature": None}, "nature"), ({"nature": "quizás"}, "nature"), ({"nature": []}, "nature"),
    ({"kind": "bienes"}, "kind"), ({"kind": "pasivo"}, "kind"), ({"kind": None}, "kind"), ({"kind": {}}, "kind"),
    ({"parent": 0}, "parent"), ({"parent": 10**30}, "parent"), ({"parent": "x"}, "parent"),
    ({"parent": 999_999}, "parent"), ({"postable": "x"}, "postable"), ({"status": {}}, "status"),
])
def test_adding_refuses_and_names_the_field(teacher_api, plan, change, field):
    answer = teacher_api.post("/api/accounts/", {**NEW, **change})
    assert answer.status_code == 400
    assert list(answer.json()) == [field]
    assert Account.objects.count() == len(plan)


def test_the_required_fields_are_code_name_and_nature(teacher_api, chart):
    assert set(teacher_api.post("/api/accounts/", {}).json()) == {"code", "name", "nature"}


def test_a_postable_account_is_no_heading(teacher_api, plan):
    answer = teacher_api.post("/api/accounts/", {**NEW, "parent": plan["11101"].pk})
    assert list(answer.json()) == ["parent"]


def test_what_is_read_only_or_unknown_is_not_assigned(teacher_api, plan, other_company):
    made = teacher_api.post("/api/accounts/", {
        **NEW, "saldo": 500, "debits": 500, "acc_id": plan["1"].pk, "company": other_company.pk, "search_text": "x",
    }).json()
    stored = Account.objects.get(pk=made["acc_id"])
    assert (made["saldo"], stored.debits, stored.company_id) == (0, 0, plan["1"].company_id)
    assert made["acc_id"] != plan["1"].pk


def test_the_same_code_may_stand_in_two_companies(teacher_api, plan, other_company):
    copy_chart(plan["1"].company, other_company, acting_user=None)
    assert teacher_api.post("/api/accounts/", NEW, headers={"X-Company": str(other_company.pk)}).status_code == 201
    assert teacher_api.post("/api/accounts/", NEW).status_code == 201


# --- Changing ---------------------------------------------------------------------------------------


def test_an_unused_account_may_change_altogether_and_moves_with_its_code(teacher_api, plan, teacher):
    answer = teacher_api.put(f"/api/accounts/{plan['11107'].pk}/", {
        "code": "21107", "name": "Billeteras a pagar", "nature": False, "kind": "pasivo",
    })
    assert answer.status_code == 200, answer.json()
    changed = answer.json()
    assert (changed["code"], changed["kind"], changed["parent"]) == ("21107", "pasivo", plan["211"].pk)
    assert codes(teacher_api.get("/api/accounts/?search=billeteras")) == ["21107"]
    event = AuditEvent.objects.get(action="account.edited")
    assert event.user_id == teacher.pk
    assert '"code":["11107","21107"]' in event.detail


@pytest.mark.parametrize("change", [{"code": "11150"}, {"nature": False}, {"postable": False}])
def test_what_entries_rely_on_does_not_change(teacher_api, plan, move, change):
    move("11101", "41101", 100)
    answer = teacher_api.patch(f"/api/accounts/{plan['11101'].pk}/", change)
    assert (answer.status_code, answer.json()["code"]) == (409, "account_in_use")


@pytest.mark.parametrize("change", [{"code": "119"}, {"nature": False}, {"postable": True}])
def test_what_the_accounts_below_rely_on_does_not_change(teacher_api, plan, change):
    answer = teacher_api.patch(f"/api/accounts/{plan['111'].pk}/", change)
    assert (answer.status_code, answer.json()["code"]) == (409, "account_in_use")


def test_the_kind_of_a_used_top_heading_does_not_change(teacher_api, plan):
    answer = teacher_api.patch(f"/api/accounts/{plan['1'].pk}/", {"kind": "orden"})
    assert (answer.status_code, answer.json()["code"]) == (409, "account_in_use")


def test_sending_a_used_account_back_as_it_is_changes_nothing(teacher_api, plan, move):
    move("11101", "41101", 100)
    for code in ("11101", "111", "1"):
        path = f"/api/accounts/{plan[code].pk}/"
        same = teacher_api.get(path).json()
        answer = teacher_api.put(path, same)
        assert (answer.status_code, answer.json()) == (200, same)
    assert not AuditEvent.objects.filter(action="account.edited").exists()


def test_a_used_account_may_be_renamed_and_deactivated(teacher_api, plan, move):
    move("11101", "41101", 100)
    answer = teacher_api.patch(f"/api/accounts/{plan['11101'].pk}/", {"name": "Caja central", "status": False})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["status"], answer.json()["saldo"]) == ("Caja central", False, 100)


def test_an_account_moves_only_to_a_heading_of_its_kind(teacher_api, plan):
    path = f"/api/accounts/{plan['11101'].pk}/"
    moved = teacher_api.patch(path, {"parent": plan["115"].pk})
    assert (moved.status_code, moved.json()["parent"]) == (200, plan["115"].pk)
    assert list(teacher_api.patch(path, {"parent": plan["211"].pk, "kind": "activo"}).json()) == ["kind"]
    assert list(teacher_api.patch(path, {"kind": "pasivo"}).json()) == ["kind"]
    assert teacher_api.patch(path, {"parent": None}).json()["kind"] == "activo"


def test_headings_make_no_circle(teacher_api, plan):
    answer = teacher_api.patch(f"/api/accounts/{plan['1'].pk}/", {"parent": plan["111"].pk})
    assert (answer.status_code, list(answer.json())) == (400, ["parent"])
    itself = teacher_api.patch(f"/api/accounts/{plan['1'].pk}/", {"parent": plan["1"].pk})
    assert (itself.status_code, list(itself.json())) == (400, ["parent"])


def test_a_chart_is_at_most_25_levels_deep(teacher_api, company):
    body = {"name": "Rubro", "nature": True, "postable": False}
    answers = [teacher_api.post("/api/accounts/", {**body, "code": "1" * length}) for length in range(1, 27)]
    assert [answer.status_code for answer in answers] == [201] * 25 + [400]
    assert teacher_api.get("/api/accounts/tree/").status_code == 200


def test_a_duplicate_code_is_refused_when_changing_too(teacher_api, plan):
    answer = teacher_api.patch(f"/api/accounts/{plan['11102'].pk}/", {"code": "11101"})
    assert (answer.status_code, list(answer.json())) == (400, ["code"])


# --- Deleting ---------------------------------------------------------------------------------------


def test_deleting_an_unused_account(teacher_api, plan, teacher):
    assert teacher_api.delete(f"/api/accounts/{plan['11103'].pk}/").status_code == 204
    assert teacher_api.get(f"/api/accounts/{plan['11103'].pk}/").status_code == 404
    assert AuditEvent.objects.get(action="account.deleted").user_id == teacher.pk


@pytest.mark.parametrize("code", ["11101", "111", "1"])
def test_deleting_an_account_with_entries_or_accounts_under_it_is_refused(teacher_api, plan, move, code):
    move("11101", "41101", 100)
    answer = teacher_api.delete(f"/api/accounts/{plan[code].pk}/")
    assert (answer.status_code, answer.json()["code"]) == (409, "account_in_use")
    assert set(answer.json()) >= {"error", "message", "code"}
    assert Account.objects.filter(pk=plan[code].pk).exists()


def test_an_account_whose_transactions_were_deleted_can_be_deleted(teacher_api, plan, move):
    teacher_api.delete(f"/api/trans/{move('11101', '41101', 100)}/")
    assert teacher_api.delete(f"/api/accounts/{plan['11101'].pk}/").status_code == 204
