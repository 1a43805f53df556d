"""From a form to SQL over the views. One text serves both engines; the reader regenerates it for its own.

Whole months are read from `saldos_mensuales` and balances of now from `cuentas`, which cost the number
of accounts; only what entries alone know (days, people, states, legends) is summed from `movimientos`.
"""

from __future__ import annotations

from collections.abc import Callable

from services.consultorIA.compilers.directories import account_list, people, period_list
from services.consultorIA.compilers.listings import counter, entries, lines
from services.consultorIA.compilers.ratios import ratio, share
from services.consultorIA.compilers.totals import running, total
from services.consultorIA.forms import Form, Shape


def compile_form(form: Form) -> str:
    """Return the SELECT that answers a form."""
    return _COMPILERS[form.shape](form)


_COMPILERS: dict[Shape, Callable[[Form], str]] = {
    Shape.TOTAL: total,
    Shape.BALANCE: total,
    Shape.RESULT: total,
    Shape.RUNNING: running,
    Shape.RATIO: ratio,
    Shape.SHARE: share,
    Shape.ENTRIES: entries,
    Shape.LINES: lines,
    Shape.COUNTER: counter,
    Shape.ACCOUNTS: account_list,
    Shape.PEOPLE: people,
    Shape.PERIODS: period_list,
}
