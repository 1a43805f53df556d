"""Loading and clearing the demo: a company of its own, so that nothing of it touches real books."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from apps.accounts.models import Account
from apps.audit.actions import record
from apps.books.actions import Range, create_book
from apps.common.db import unit_of_work
from apps.companies.actions import open_company, remove_company
from apps.companies.models import Company, CompanyKind
from apps.companies.queries import default_company
from apps.config.roles import STUDENT, TEACHER
from apps.dash.demo import people
from apps.dash.demo.classroom import Share, group_name, group_of, share_out
from apps.dash.demo.journal import COMPANY_NAME
from apps.dash.errors import DemoCompanyInUse, DemoEmailTaken, DemoOutOfBounds
from apps.dash.history import YEARS_BACK, import_past
from apps.dash.queries import demo_company, shift_month
from apps.trans.actions import erase_company_books, post_transactions, verify_transactions
from apps.users.models import User, UserStatus
from ledger.entries import Draft, Line
from ledger.spans import month_end, month_start

MONTHS_BACK = 5
VERIFIED_AFTER_DAYS = 10
STUDENTS_MAX, GROUPS_MAX, TRANSACTIONS_MAX = 500, 24, 10_000
BATCH = 400

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class DemoSize:
    """How large a demo is; `transactions_per_student` is an average."""

    students: int = 30
    groups: int = 4
    transactions_per_student: int = 12

    @property
    def recorded(self) -> int:
        """What the students record in all."""
        return self.students * self.transactions_per_student


@unit_of_work
def load_demo(
    size: DemoSize, *, password: str, today: dt.date, tell: Tell, afresh: bool = False, history: Path | None = None
) -> bool:
    """Load the demo, of the six months that end `today`; return False when it was there already.

    `afresh` clears first what is there. With `history`, a folder for its files, the company has books of
    the years before too, imported from there. Raises DemoOutOfBounds, DemoEmailTaken, DemoCompanyInUse.
    """
    _check(size)
    if afresh:
        clear_demo()
    elif demo_company() is not None:
        return False
    company = open_company(f"{COMPANY_NAME} (demostración)", kind=CompanyKind.PRACTICE, acting_user=None)
    company.is_demo = True
    company.save(update_fields=["is_demo"])
    users = _enrol(size, make_password(password), company)
    start = shift_month(today, -MONTHS_BACK)
    share = share_out(
        start, today, students=size.students, groups=size.groups, recorded=size.recorded,
        idle_since=shift_month(today, -1), since=dt.date(start.year - YEARS_BACK, 1, 1) if history else None,
    )
    if history:
        _import(share, history, teacher=users[0], company=company)
    keys = _post(share, users, company, tell)
    _advance(share, keys, today=today, teacher=users[0], company=company)
    record(
        "demo.loaded", acting_user=None, company_id=company.pk, subject="company", subject_id=company.pk,
        detail=asdict(size) | {"transactions": len(share.past) + len(keys)},
    )
    return True


@unit_of_work
def clear_demo() -> int:
    """Remove the demo: its books, people and company; return how many transactions that was.

    The trail stays. A demo user who recorded something in another company is deactivated
    instead, and stands in the default one.
    Raises DemoCompanyInUse.
    """
    company = demo_company()
    if company is None:
        return 0
    if strangers := User.objects.filter(company=company, is_demo=False).count():
        raise DemoCompanyInUse(strangers)
    erased = erase_company_books(company, acting_user=None)
    for user in User.objects.filter(is_demo=True):
        try:
            user.delete()
        except ProtectedError:
            User.objects.filter(pk=user.pk).update(company=default_company(), status=UserStatus.INACTIVE)
    remove_company(company.pk, acting_user=None)
    return erased


def _check(size: DemoSize) -> None:
    for amount, most, message in (
        (size.students, STUDENTS_MAX, _("The students must be between 1 and %(max)d.")),
        (size.groups, min(GROUPS_MAX, size.students), _("The groups must be between 1 and %(max)d.")),
        (size.transactions_per_student, TRANSACTIONS_MAX // max(size.students, 1),
         _("The transactions per student must be between 1 and %(max)d for so many students.")),
    ):
        if not 1 <= amount <= most:
            raise DemoOutOfBounds(message % {"max": most})


def _enrol(size: DemoSize, hashed: str, company: Company) -> list[User]:
    """Return the teacher and the students, in order; they share one password, so one hash will do."""
    wanted = [(people.TEACHER_EMAIL, people.TEACHER_NAME, TEACHER, "")]
    wanted += [
        (people.student_email(number), people.student_name(number), STUDENT, group_name(group_of(number, size.groups)))
        for number in range(1, size.students + 1)
    ]
    standing = {user.email: user for user in User.objects.filter(email__in=[email for email, *_rest in wanted])}
    users = []
    for email, name, rol, group in wanted:
        user = standing.get(email) or User(email=email, is_demo=True)
        if not user.is_demo:
            raise DemoEmailTaken(email)
        user.name, user.rol, user.group, user.company = name, rol, group, company
        user.password, user.status = hashed, UserStatus.ACTIVE
        user.save()
        users.append(user)
    return users


def _import(share: Share, folder: Path, *, teacher: User, company: Company) -> None:
    """Record the years before from a file, verified and in a book for each month."""
    for batch in _batches(import_past(share.past, folder, teacher=teacher, company=company)):
        verify_transactions(batch, acting_user=teacher, company=company)
    _make_books([entry.date for entry in share.past], teacher=teacher, company=company)


def _make_books(days: Iterable[dt.date], *, teacher: User, company: Company) -> None:
    for month in sorted({month_start(day) for day in days}):
        create_book(Range(month, month_end(month)), acting_user=teacher, company=company)


def _post(share: Share, users: Sequence[User], company: Company, tell: Tell) -> list[int]:
    """Record the journal, each one's part in their name, and return the keys in its order."""
    accounts = dict(Account.objects.filter(company=company).values_list("code", "pk"))
    keys: dict[int, int] = {}
    for number, user in enumerate(users):
        mine = [index for index, author in enumerate(share.authors) if author == number]
        for batch in _batches(mine):
            drafts = [_draft(share, index, accounts) for index in batch]
            posted = post_transactions(drafts, acting_user=user, company=company)
            keys |= {index: transaction.pk for index, transaction in zip(batch, posted, strict=True)}
            tell(len(keys), len(share.entries))
    return [keys[index] for index in range(len(share.entries))]


def _draft(share: Share, index: int, accounts: dict[str, int]) -> Draft:
    entry = share.entries[index]
    lines = tuple(Line(accounts[line.code], line.debit, line.credit) for line in entry.lines)
    return Draft(entry.date, entry.legend, lines)


def _advance(share: Share, keys: Sequence[int], *, today: dt.date, teacher: User, company: Company) -> None:
    """Make a book of each month before the last and verify what has had its time, save what was forgotten."""
    close_before, verify_before = shift_month(today, -1), today - dt.timedelta(days=VERIFIED_AFTER_DAYS)
    known = [(entry.date, key) for index, (entry, key) in enumerate(zip(share.entries, keys, strict=True))
             if index not in share.forgotten]
    for batch in _batches([key for day, key in known if day < verify_before]):
        verify_transactions(batch, acting_user=teacher, company=company)
    _make_books([day for day, _key in known if day < close_before], teacher=teacher, company=company)


def _batches(items: Sequence[int]) -> Iterable[Sequence[int]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
