"""Money: whole centavos, as Argentines write them.

Amounts are signed 64-bit integers of centavos from the wire to the disk.
"""

from __future__ import annotations

MINOR_MAX = 2**63 - 1
MINOR_PER_UNIT = 100


def pesos(amount_minor: int) -> str:
    """Return centavos as `1.234.567,89`, with a minus sign where negative.

    >>> pesos(-123456)
    '-1.234,56'
    """
    units, cents = divmod(abs(amount_minor), MINOR_PER_UNIT)
    sign = "-" if amount_minor < 0 else ""
    return f"{sign}{units:,}".replace(",", ".") + f",{cents:02}"
