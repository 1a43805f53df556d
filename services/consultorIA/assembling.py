"""From a reading to a form: which shape the signals make, filled with the slots.

The makers run in order and the first that recognises its shape wins; none guesses. A reading that no
maker knows is not understood.
"""

from __future__ import annotations

from collections.abc import Callable

from services.consultorIA.forms import Form
from services.consultorIA.makers.apart import counter, gross, periods, ratio, share
from services.consultorIA.makers.chart_lists import account_list, attribute
from services.consultorIA.makers.entries import entries
from services.consultorIA.makers.lines import lines, paid_from
from services.consultorIA.makers.money import money, result
from services.consultorIA.makers.people import people
from services.consultorIA.reading import Reading


def assemble(reading: Reading) -> Form | None:
    """Return the form that a reading makes; None when it makes none. Raises Refusal where periods contradict."""
    for maker in _MAKERS:
        form = maker(reading)
        if form is not None:
            return form
    return None


_MAKERS: tuple[Callable[[Reading], Form | None], ...] = (
    counter,
    share,
    gross,
    ratio,
    periods,
    people,
    attribute,
    account_list,
    entries,
    lines,
    paid_from,
    result,
    money,
)
