"""What students do to the IVA: leave it out, hide it in the price, or take another rate."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.grading.faults import Fault
from ledger.grading.solutions import OTHER_SIDE, Chart, Movements

# Per thousand: the general rate, the reduced and the increased one.
RATES = (210, 105, 270)
_AMOUNT_FAULTS = {"amount_wrong", "amount_times", "amount_divided", "amount_transposed"}


def name_vat(faults: Sequence[Fault], wanted: Movements, chart: Chart, tolerance: int) -> list[Fault]:
    """Return the faults with those that the IVA explains named after it."""
    named = list(faults)
    for fault in faults:
        card = chart.get(str(fault.facts.get("account", "")))
        if card is None or not card.vat:
            continue
        if fault.code == "line_missing":
            _name_missing(named, fault, tolerance)
        elif fault.code in _AMOUNT_FAULTS:
            _name_rate(named, fault, wanted, chart, tolerance)
    return named


def _name_missing(faults: list[Fault], missing: Fault, tolerance: int) -> None:
    """Put one fault in the place of the missing line and of the amount that it explains, if any."""
    tax, side = int(missing.facts["wanted"]), str(missing.facts["side"])
    swollen = _off_by(faults, side, tax, tolerance)
    short = _off_by(faults, OTHER_SIDE[side], -tax, tolerance)
    explained = swollen or short
    code = "vat_in_price" if swollen else "vat_missing"
    facts = {"account": missing.facts["account"], "side": side, "wanted": tax}
    if explained is not None:
        facts["price"] = explained.facts["account"]
        faults.remove(explained)
    faults[faults.index(missing)] = Fault(code, facts)


def _off_by(faults: Sequence[Fault], side: str, off: int, tolerance: int) -> Fault | None:
    """Return the first wrong amount of the side that is off by so much."""
    for fault in faults:
        is_amount = fault.code in _AMOUNT_FAULTS and fault.facts["side"] == side
        if is_amount and abs(int(fault.facts["off"]) - off) <= 2 * tolerance:
            return fault
    return None


def _name_rate(faults: list[Fault], wrong: Fault, wanted: Movements, chart: Chart, tolerance: int) -> None:
    """Name an IVA of another rate, or of the total in place of the net."""
    side, right, got = str(wrong.facts["side"]), int(wrong.facts["wanted"]), int(wrong.facts["got"])
    net = sum(
        amount for (code, place), amount in wanted.items()
        if place == side and not (code in chart and chart[code].vat)
    )
    right_rate = next((rate for rate in RATES if _is_tax(right, net, rate, tolerance)), None)
    if right_rate is None:
        return
    facts = {**wrong.facts, "rate": right_rate}
    other = next((rate for rate in RATES if rate != right_rate and _is_tax(got, net, rate, tolerance)), None)
    if _is_tax(got, net + right, right_rate, tolerance):
        named = Fault("vat_of_total", facts)
    elif other is not None:
        named = Fault("vat_rate", {**facts, "got_rate": other})
    else:
        return
    faults[faults.index(wrong)] = named
    total = _off_by(faults, OTHER_SIDE[side], got - right, tolerance)
    if total is not None:
        faults.remove(total)  # it follows from the IVA


def _is_tax(tax: int, net: int, rate: int, tolerance: int) -> bool:
    """Return whether `tax` is that of `net` at a rate per thousand, rounded either way."""
    return abs(tax * 1000 - net * rate) <= 1000 * max(tolerance, 1)
