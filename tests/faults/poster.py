"""A process that writes in the books until it is killed, and says each thing that was acknowledged.

`python -m tests.faults.poster SEED`, on the database of DATABASE_URL. It prints one JSON object a
line, after the action returned: what it says must be there, whatever happens to the process next.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import sys
from collections.abc import Iterator
from typing import Any

import django


def told(seed: int) -> Iterator[dict[str, Any]]:
    """Do one thing after another; yield what was acknowledged."""
    from apps.accounts.models import Account
    from apps.companies.queries import default_company
    from apps.trans import actions
    from apps.users.models import User
    from ledger.entries import Draft, Line

    rng = random.Random(seed)
    company = default_company()
    who: dict[str, Any] = {"acting_user": User.objects.get(email="profesora@example.com"), "company": company}
    accounts = dict(Account.objects.filter(company=company).values_list("code", "pk"))
    caja, ventas, iva = (accounts[code] for code in ("11101", "41101", "21301"))
    while True:
        total = rng.randrange(100, 10**6)
        tax = total * 21 // 121
        lines = (Line(caja, debit=total), Line(ventas, credit=total - tax), Line(iva, credit=tax))
        posted = actions.post_transaction(Draft(dt.date(2026, 3, 2), f"Venta {seed}", lines), **who)
        said = {"trans_id": posted.pk, "status": 0, "number": None, "total": total}
        yield said
        if rng.random() < 0.5:
            actions.toggle_status(posted.pk, **who)
            closed = actions.close_transaction(posted.pk, **who)
            yield said | {"status": 2, "number": closed.number}
            if rng.random() < 0.3:
                mirror = actions.reverse_transaction(posted.pk, reason="error", date=dt.date(2026, 3, 3), **who)
                yield {"trans_id": mirror.pk, "status": 2, "number": mirror.number, "total": total}
        elif rng.random() < 0.3:
            actions.delete_transaction(posted.pk, **who)
            yield {"trans_id": posted.pk, "deleted": True}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for done in told(int(sys.argv[1])):
        print(json.dumps(done), flush=True)
