"""The grade in words: what is wrong, where, and what it does to the balance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.exercises.models import FeedbackDetail
from ledger.grading import Card, Effect, EntryGrade, Fault, Grade, Surplus
from ledger.money import pesos

# By code: what a brief answer says, and what a full one adds of the solution.
TEXTS: dict[str, tuple[Any, Any]] = {
    "entry_missing": (_("This entry is missing."), ""),
    "entry_inverted": (_("The whole entry is the wrong way round: debit and credit are swapped."), ""),
    "entry_times": (
        _("All amounts of the entry are %(factor)s times the right ones: look at the zeros and the comma."), "",
    ),
    "entry_divided": (
        _("All amounts of the entry are the right ones divided by %(factor)s: look at the zeros and the comma."), "",
    ),
    "entries_joined": (
        _("Two entries were recorded as one (%(first)s; %(second)s): the balances are right, but each event has an"
             " entry of its own."), "",
    ),
    "entry_cut": (
        _("One entry was recorded in two: the balances are right, but one event has one entry."), "",
    ),
    "wrong_period": (
        _("The date %(date)s is outside the period."), _("The date had to be %(dates)s."),
    ),
    "side_inverted": (
        _("%(account)s is on the wrong side."), _("It goes to the %(side)s, with %(wanted)s."),
    ),
    "side_and_amount": (
        _("%(account)s is on the wrong side, and its amount %(got)s is not right either."),
        _("It goes to the %(side)s, with %(wanted)s."),
    ),
    "account_in_rubro": (
        _("%(instead)s is of the right heading, but it is not the account."), _("The account is %(account)s."),
    ),
    "account_wrong": (
        _("%(instead)s is not the account for %(got)s in the %(side)s."), _("The account is %(account)s."),
    ),
    "account_and_amount": (
        _("%(instead)s is of the right heading, but neither account nor amount is right."),
        _("Expected: %(account)s with %(wanted)s in the %(side)s."),
    ),
    "vat_swapped": (
        _("%(instead)s is the other IVA: the IVA of sales is débito fiscal, that of purchases crédito fiscal."),
        _("The account is %(account)s."),
    ),
    "vat_missing": (
        _("The IVA is missing."), _("Expected: %(account)s with %(wanted)s in the %(side)s."),
    ),
    "vat_in_price": (
        _("The IVA was left inside %(price)s: it has an account of its own."),
        _("Expected: %(account)s with %(wanted)s in the %(side)s."),
    ),
    "vat_rate": (
        _("The IVA was reckoned at another rate: %(got)s is %(got_rate)s of the net."),
        _("At %(rate)s it is %(wanted)s."),
    ),
    "vat_of_total": (
        _("The IVA was reckoned on the total in place of the net: %(got)s."),
        _("At %(rate)s of the net it is %(wanted)s."),
    ),
    "amount_times": (
        _("The amount of %(account)s, %(got)s, is %(factor)s times the right one: look at the zeros and the comma."),
        _("The amount is %(wanted)s."),
    ),
    "amount_divided": (
        _("The amount of %(account)s, %(got)s, is the right one divided by %(factor)s: look at the zeros and the"
             " comma."),
        _("The amount is %(wanted)s."),
    ),
    "amount_transposed": (
        _("The amount of %(account)s, %(got)s, has two digits changed over."), _("The amount is %(wanted)s."),
    ),
    "amount_wrong": (
        _("The amount of %(account)s, %(got)s, is not right."),
        _("The amount is %(wanted)s: yours has %(off)s."),
    ),
    "line_missing": (
        _("A line is missing in the %(side)s."), _("Expected: %(account)s with %(wanted)s."),
    ),
    "line_extra": (
        _("The line of %(account)s with %(got)s in the %(side)s does not belong here."), "",
    ),
}
OUTCOMES = {
    "right": _("Right"), "wrong": _("With errors"), "missing": _("Missing"),
    "joined": _("Joined with another"), "cut": _("Recorded in two"),
}
SURPLUS = {
    "duplicated": _("This entry was recorded twice."),
    "extra": _("Nobody asked for this entry."),
}
_OVER = {
    "assets": _("Assets are overstated by %(amount)s."),
    "liabilities": _("Liabilities are overstated by %(amount)s."),
    "equity": _("Equity is overstated by %(amount)s."),
    "result": _("The result of the period is overstated by %(amount)s."),
}
_UNDER = {
    "assets": _("Assets are understated by %(amount)s."),
    "liabilities": _("Liabilities are understated by %(amount)s."),
    "equity": _("Equity is understated by %(amount)s."),
    "result": _("The result of the period is understated by %(amount)s."),
}
_MONEY = ("wanted", "got")
_ACCOUNTS = ("account", "instead", "price")
_RATES = ("rate", "got_rate")


@dataclass(frozen=True, slots=True)
class Message:
    """An error in words; `code` for programs."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class EffectNote:
    """By how many centavos each element is off, and so in words (none where nothing is off)."""

    assets: int
    liabilities: int
    equity: int
    result: int
    texts: list[str]


@dataclass(frozen=True, slots=True)
class EntryNote:
    """What is told of an expected asiento; `trans_ids` are those that served for it."""

    index: int
    label: str
    outcome: str
    outcome_display: str
    trans_ids: list[int]
    earned: int
    points: int
    messages: list[Message]
    effect: EffectNote
    period_effect: EffectNote


@dataclass(frozen=True, slots=True)
class SurplusNote:
    """What is told of an asiento too many."""

    trans_id: int
    outcome: str
    text: str
    cost: int
    effect: EffectNote


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is told of a submission."""

    summary: str
    entries: list[EntryNote]
    surplus: list[SurplusNote]
    effect: EffectNote


def tell(found: Grade, names: Mapping[str, Card], detail: str) -> Feedback:
    """Return a grade in words; `names` are the accounts that it may speak of, by code."""
    teller = _Teller(names, full=detail == FeedbackDetail.FULL)
    return Feedback(
        _summary(found), [teller.entry(entry) for entry in found.entries],
        [teller.surplus(extra) for extra in found.surplus], _effect(found.effect),
    )


def _summary(found: Grade) -> str:
    right = sum(entry.outcome == "right" for entry in found.entries)
    if found.is_full:
        return gettext("Everything is right.")
    facts = {
        "right": right, "all": len(found.entries), "earned": _points(found.earned), "points": _points(found.points),
    }
    return gettext("%(right)d of %(all)d entries are right: %(earned)s of %(points)s points.") % facts


def _points(hundredths: int) -> str:
    """Return points as people write them: 8,5."""
    return pesos(hundredths).removesuffix(",00")


class _Teller:
    """Says the errors of a grade."""

    def __init__(self, names: Mapping[str, Card], *, full: bool) -> None:
        self._names, self._full = names, full

    def entry(self, found: EntryGrade) -> EntryNote:
        """Return what is told of an expected asiento."""
        messages = [Message(fault.code, self._text(fault)) for fault in found.faults]
        return EntryNote(
            found.index, found.label, found.outcome, str(OUTCOMES[found.outcome]), list(found.refs), found.earned,
            found.points, messages, _effect(found.effect), _effect(found.period_effect),
        )

    def surplus(self, found: Surplus) -> SurplusNote:
        """Return what is told of an asiento too many."""
        return SurplusNote(found.ref, found.outcome, str(SURPLUS[found.outcome]), found.cost, _effect(found.effect))

    def _text(self, fault: Fault) -> str:
        brief, more = TEXTS[fault.code]
        words = self._words(fault)
        return " ".join(str(text) % words for text in ((brief, more) if self._full else (brief,)) if text)

    def _words(self, fault: Fault) -> dict[str, str]:
        words = {name: str(value) for name, value in fault.facts.items()}
        words |= {name: f"$ {pesos(int(fault.facts[name]))}" for name in _MONEY if name in words}
        words |= {name: self._account(words[name]) for name in _ACCOUNTS if name in words}
        words |= {name: _rate(int(fault.facts[name])) for name in _RATES if name in words}
        if "off" in words:
            words["off"] = _difference(int(fault.facts["off"]))
        if "side" in words:
            words["side"] = gettext("debit side") if words["side"] == "debit" else gettext("credit side")
        if "date" in words:
            words |= {"date": _day(words["date"]), "dates": _dates(words["first"], words["last"])}
        return words

    def _account(self, code: str) -> str:
        card = self._names.get(code)
        return f"{card.name} ({code})" if card else code


def _difference(off: int) -> str:
    text = gettext("%(amount)s too much") if off > 0 else gettext("%(amount)s too little")
    return text % {"amount": f"$ {pesos(abs(off))}"}


def _rate(per_thousand: int) -> str:
    return f"{per_thousand / 10:g} %".replace(".", ",")


def _day(iso: str) -> str:
    return f"{dt.date.fromisoformat(iso):%d/%m/%Y}"


def _dates(first: str, last: str) -> str:
    if first and last:
        if first == last:
            return _day(first)
        return gettext("from %(first)s to %(last)s") % {"first": _day(first), "last": _day(last)}
    if first:
        return gettext("from %(first)s on") % {"first": _day(first)}
    return gettext("up to %(last)s") % {"last": _day(last)}


def _effect(effect: Effect) -> EffectNote:
    return EffectNote(effect.assets, effect.liabilities, effect.equity, effect.result, list(_effect_texts(effect)))


def _effect_texts(effect: Effect) -> Iterator[str]:
    for name, over in _OVER.items():
        amount = getattr(effect, name)
        if amount:
            yield str(over if amount > 0 else _UNDER[name]) % {"amount": f"$ {pesos(abs(amount))}"}
