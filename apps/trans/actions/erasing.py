"""The one way that closed rows leave the books, where the database lets them."""

from __future__ import annotations

from django.conf import settings
from django.utils.module_loading import import_string

from apps.accounts.models import Account, AccountMonth
from apps.audit.actions import record
from apps.common.db import unit_of_work
from apps.companies.models import Company, Period, PeriodStatus
from apps.trans.actions.editing import remove
from apps.trans.actions.rows import lock_accounts
from apps.trans.models import BooksPass, IdempotencyKey, NumberCounter, Transaction, TransactionStatus, TransactionTally
from apps.users.models import User


@unit_of_work
def erase_company_books(company: Company, *, acting_user: User | None) -> int:
    """Erase all transactions of a practice company, or of any in educational mode; return how many.

    The database refuses it elsewhere (BooksNotErasable). The audit trail keeps what was done.
    """
    lock_accounts(Account.objects.filter(company=company))  # nothing is posted until it is done
    Period.objects.filter(company=company).update(status=PeriodStatus.OPEN)
    rows = Transaction.objects.filter(company=company)
    books_pass = BooksPass.objects.create(company=company)
    rows.filter(status=TransactionStatus.CLOSED).update(
        status=TransactionStatus.VERIFIED, number=None, fiscal_year=None
    )
    books_pass.delete()
    for path in settings.BOOKS_ERASURE_STEPS:
        import_string(path)(company, acting_user=acting_user)
    erased = rows.count()
    remove(rows)
    for model in (TransactionTally, NumberCounter, IdempotencyKey):
        model.objects.filter(company=company).delete()
    AccountMonth.objects.filter(account__company=company).delete()
    record(
        "books.erased", acting_user=acting_user, company_id=company.pk, subject="company", subject_id=company.pk,
        detail={"transactions": erased},
    )
    return erased
