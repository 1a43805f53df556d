"""Changing charts of accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from django.db.models import PROTECT, ForeignObjectRel, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.chart import ChartLine, chart_of, default_chart, levels
from apps.accounts.errors import AccountInUse, ChartConflict, ChartFull, UnknownAccount
from apps.accounts.models import Account
from apps.accounts.placing import Headings, put_under
from apps.audit.actions import Actor, record
from apps.common.db import lock_row, unit_of_work
from apps.common.errors import Invalid
from apps.companies.models import Company

# A bound on what one list, one tree and one import hold in memory; real charts stay far below.
ACCOUNTS_MAX = 10_000
_OWN_FIELDS = ("code", "name", "nature", "status", "postable", "liquidity", "monetary")
_AUDITED = (*_OWN_FIELDS, "kind", "parent_id")
# What entries and accounts below rely on. The database's guards refuse it too where there are entries.
_FIXED_BY_USE = {"code", "nature", "kind", "postable"}


class AccountFields(TypedDict, total=False):
    """What a caller says of an account; `parent` is a heading's key or None."""

    code: str
    name: str
    nature: bool
    kind: str
    status: bool
    postable: bool
    parent: int | None
    liquidity: str
    monetary: bool


@unit_of_work
def create_account(fields: AccountFields, *, acting_user: Actor, company: Company) -> Account:
    """Add an account or heading; `code`, `name` and `nature` must be given.

    Without `parent`, or with None, it goes under the longest heading that its code extends; without
    `kind` it takes that heading's. Liquidity and whether it is monetary come from the heading too.
    Raises Invalid, ChartFull.
    """
    _hold_chart(company)
    if Account.objects.filter(company=company).count() >= ACCOUNTS_MAX:
        raise ChartFull
    account = Account(
        company=company, code=fields["code"], name=fields["name"], nature=fields["nature"],
        status=fields.get("status", True), postable=fields.get("postable", True),
    )
    _must_be_free(account)
    headings, chosen = Headings.of(company), fields.get("parent")
    heading = headings.above(account) if chosen is None else headings.chosen(chosen)
    put_under(account, heading, kind=fields.get("kind"))
    if heading is not None:
        account.liquidity, account.monetary = heading.liquidity, heading.monetary
        headings.check_levels(account, heading)
    account.save()
    _record("account.created", account, {"code": account.code, "name": account.name}, acting_user)
    return account


@unit_of_work
def edit_account(acc_id: int, fields: AccountFields, *, acting_user: Actor, company: Company) -> Account:
    """Change what is given of an account; what is not given stays.

    A new `code` without a `parent` moves it under the heading that the code extends. Raises
    UnknownAccount, Invalid, and AccountInUse for what its entries or the accounts under it rely on.
    """
    _hold_chart(company)
    account = _own(acc_id, company)
    before = {name: getattr(account, name) for name in _AUDITED}
    for name in _OWN_FIELDS:
        setattr(account, name, fields.get(name, before[name]))
    _must_be_free(account)
    _place_again(account, fields, before_code=str(before["code"]))
    changes = {
        name: [before[name], getattr(account, name)] for name in _AUDITED if getattr(account, name) != before[name]
    }
    if not changes:
        return account
    if changes.keys() & _FIXED_BY_USE:
        _must_be_unused(Account.objects.filter(pk=acc_id))
    account.save(update_fields=list(changes))
    _record("account.edited", account, changes, acting_user)
    return account


def _place_again(account: Account, fields: AccountFields, *, before_code: str) -> None:
    """Set heading and kind where the caller names one of them, or a new code."""
    if "parent" not in fields and "kind" not in fields and account.code == before_code:
        return
    headings, heading = Headings.of(account.company), account.parent
    if "parent" in fields:
        heading = None if fields["parent"] is None else headings.chosen(fields["parent"])
    elif account.code != before_code:
        heading = headings.above(account)
    put_under(account, heading, kind=fields.get("kind") or (account.kind if heading is None else None))
    if heading is not None:
        headings.check_levels(account, heading)


@unit_of_work
def delete_account(acc_id: int, *, acting_user: Actor, company: Company) -> None:
    """Delete an account that nothing points at. Raises UnknownAccount, AccountInUse."""
    _hold_chart(company)
    account = _own(acc_id, company)
    rows = Account.objects.filter(pk=acc_id)
    _must_be_unused(rows)
    rows.delete()
    _record("account.deleted", account, {"code": account.code, "name": account.name}, acting_user)


@unit_of_work
def load_default_chart(company: Company, *, acting_user: Actor | None) -> int:
    """Add what the company lacks of the default chart; return how many accounts and headings that was.

    What is already there by its code stays as it is. Raises ChartConflict when such a one cannot be
    the heading of what is added.
    """
    return plant_chart(company, default_chart(), origin="default", acting_user=acting_user)


@unit_of_work
def copy_chart(source: Company, target: Company, *, acting_user: Actor | None) -> int:
    """Add to `target` what it lacks of the chart of `source`, without balances; return how many.

    Raises ChartConflict like `load_default_chart`.
    """
    return plant_chart(target, chart_of(source), origin=f"company {source.company_id}", acting_user=acting_user)


@unit_of_work
def clear_chart(company: Company, *, acting_user: Actor | None) -> int:
    """Delete the company's whole chart; return how many accounts and headings that was.

    Raises AccountInUse, and changes nothing, where an account of the company has entries.
    """
    _hold_chart(company)
    accounts = Account.objects.filter(company=company)
    accounts.update(parent=None)
    _must_be_unused(accounts)
    deleted = accounts.delete()[1].get(Account._meta.label, 0)
    if deleted:
        _record_chart("chart.cleared", company, {"deleted": deleted}, acting_user)
    return deleted


@unit_of_work
def replace_chart(company: Company, *, acting_user: Actor | None) -> tuple[int, int]:
    """Put the default chart in the place of the company's; return how many were deleted and added.

    Raises AccountInUse like `clear_chart`.
    """
    deleted = clear_chart(company, acting_user=acting_user)
    return deleted, plant_chart(company, default_chart(), origin="default", acting_user=acting_user)


@unit_of_work
def plant_chart(company: Company, lines: Sequence[ChartLine], *, origin: str, acting_user: Actor | None) -> int:
    """Add what the company lacks of a chart; return how many. Raises ChartConflict like `load_default_chart`."""
    _hold_chart(company)
    standing = {account.code: account for account in Account.objects.filter(company=company)}
    missing = [line for line in lines if line.code not in standing]
    if not missing:
        return 0
    _check_headings(missing, standing)
    placed = {code: account.acc_id for code, account in standing.items()}
    for level in levels(missing, set(placed)):
        made = Account.objects.bulk_create([
            line.planted(company, placed[line.parent_code] if line.parent_code else None) for line in level
        ])
        placed |= {account.code: account.acc_id for account in made}
    _record_chart("chart.loaded", company, {"origin": origin, "added": len(missing)}, acting_user)
    return len(missing)


def _check_headings(missing: Sequence[ChartLine], standing: dict[str, Account]) -> None:
    for line in missing:
        heading = standing.get(line.parent_code or "")
        if heading is not None and (heading.postable or heading.kind != line.kind):
            raise ChartConflict(heading.code)


def _hold_chart(company: Company) -> None:
    """Let one unit at a time change a company's chart.

    So no two make the same code, a heading's first child while it becomes postable, or a circle of
    headings. Postings do not wait for it: what they rely on is held by their locks on accounts.
    """
    lock_row(Company.objects.filter(pk=company.pk)).get()


def _own(acc_id: int, company: Company) -> Account:
    """Return the company's account, its row held against postings; UnknownAccount where there is none such."""
    rows = Account.objects.filter(company=company, pk=acc_id).select_related("company", "parent")
    account = lock_row(rows).first()
    if account is None:
        raise UnknownAccount
    return account


def _must_be_unused(accounts: QuerySet[Account]) -> None:
    """Raise AccountInUse where a row of any room protects one of the accounts.

    Django's own check at deletion would load every such row, and an account may have 100,000 entries.
    """
    for relation in Account._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or relation.on_delete is not PROTECT:
            continue
        if QuerySet(relation.related_model).filter(**{f"{relation.field.name}__in": accounts}).exists():
            raise AccountInUse


def _must_be_free(account: Account) -> None:
    rows = Account.objects.filter(company=account.company, code=account.code).exclude(pk=account.pk)
    if rows.exists():
        message = _("There is already an account with the code %(code)s: choose another code.")
        raise Invalid({"code": [message % {"code": account.code}]})


def _record(action: str, account: Account, detail: Mapping[str, object], acting_user: Actor | None) -> None:
    record(
        action, acting_user=acting_user, company_id=account.company_id, subject="account", subject_id=account.pk,
        detail=detail,
    )


def _record_chart(action: str, company: Company, detail: Mapping[str, object], acting_user: Actor | None) -> None:
    record(
        action, acting_user=acting_user, company_id=company.pk, subject="company", subject_id=company.pk,
        detail=detail,
    )
