"""Which accounts words mean: weighted coverage of names over the company's own chart, headings too.

A word weighs by its rarity in the chart, and every word must be covered: half understood is not
understood. Where two accounts are near, the question is which, never a guess. What people call things
(luz, guita, clientes) is tried as an ordered list of the names that charts give them.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.consultorIA.concepts import names_for, spelt_out
from services.consultorIA.forms import AccountSet
from services.consultorIA.text import fold, is_connector, stem, words
from services.consultorIA.vocabulary import Account, Vocabulary

DEBIT_PARTIDAS = frozenset({"Activo", "Egresos"})
NEAR = 1.25  # two scores within this ratio are near
INNER_MIN = 0.45  # coverage of a name that does not begin with the words asked for
CHOICES_MAX = 5
# What names end in (Sueldos a pagar) and alone names nothing.
_VERB_STEMS = frozenset({"pagar", "cobrar", "devengar", "depositar", "ganad", "pagad", "cobrad", "vendid", "acumulad"})
# What says how soon, not of what kind: a debt a largo plazo.
_TERM_STEMS = frozenset({"larg", "cort", "plaz", "corrient"})
# An adverb is no name, though a name may begin so: bien is not Bienes de uso.
_NO_NAMES = frozenset({"bien", "mal"})


@dataclass(frozen=True, slots=True)
class Match:
    """The accounts that words mean (`chosen`), or the accounts between which the asker must choose."""

    chosen: AccountSet | None = None
    confidence: float = 0.0
    choices: tuple[str, ...] = ()


NOTHING = Match()


class Chart:
    """A company's accounts, ready to be matched."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._accounts = vocabulary.accounts
        counts = Counter(name for account in self._accounts for name in set(account.stems))
        total = max(len(self._accounts), 1)
        self._weights = {name: math.log(1 + total / count) for name, count in counts.items()}
        self._codes = {account.code: account for account in self._accounts}

    def by_code(self, code: str) -> AccountSet | None:
        """Return the account or heading of a code."""
        account = self._codes.get(code)
        return None if account is None else self._set_of(account)

    def partida(self, name: str) -> AccountSet:
        """Return all accounts of a partida."""
        codes = tuple(one.code for one in self._accounts if one.postable and one.partida == name)
        return AccountSet(name, codes, "partida", name, name in DEBIT_PARTIDAS, name)

    def exact(self, phrase: str, *, postable_only: bool = False) -> AccountSet | None:
        """Return the account whose name is the phrase, word for word by stems."""
        wanted = _stems(phrase)
        found = [one for one in self._accounts if one.stems == wanted and (one.postable or not postable_only)]
        found = [one for one in found if one.postable] or found
        return self._set_of(found[0]) if len(found) == 1 else None

    def heading(self, phrase: str, partida: str) -> AccountSet | None:
        """Return the one heading of a partida whose name begins with the phrase's first word."""
        wanted = _stems(phrase)[0]
        found = [
            one for one in self._accounts if not one.postable and one.partida == partida and one.stems[:1] == (wanted,)
        ]
        return self._set_of(found[0]) if len(found) == 1 else None

    def longest_name(self, phrase: Sequence[str]) -> tuple[AccountSet, int] | None:
        """Return the account whose whole name of two stems or more begins `phrase` (words), and its word count."""
        for end in range(min(len(phrase), 12), 1, -1):
            if is_connector(phrase[end - 1]) or len(_stems(" ".join(phrase[:end]))) < 2:
                continue
            found = self._named(" ".join(phrase[:end]))
            if found:
                return found, end
        return None

    def _named(self, phrase: str) -> AccountSet | None:
        """Return the account that a phrase names whole, or that what it is called in charts names whole."""
        literal = next((one for one in self._accounts if one.postable and fold(one.name) == phrase), None)
        if literal is None:
            for name in names_for(phrase):
                called = self._whole(name, frozenset(), postable_only=False).chosen
                if called is not None:
                    return called
        return self.exact(phrase) or self._begun(phrase)

    def _begun(self, phrase: str) -> AccountSet | None:
        """Return the one account whose name is the phrase and a last word (percepciones de ingresos brutos)."""
        wanted = _stems(phrase)
        found = [one for one in self._accounts if one.postable and one.stems[:-1] == wanted]
        return self._set_of(found[0]) if len(wanted) > 2 and len(found) == 1 else None

    def match(
        self,
        phrase: str,
        partidas: Iterable[str] = (),
        *,
        prefer: Iterable[str] = (),
        postable_only: bool = False,
        from_start: bool = False,
    ) -> Match:
        """Return what a phrase means among `partidas` (all when empty); those in `prefer` go first.

        What the words themselves find goes before what the thing is also called. With `from_start` only
        names that begin with the phrase's first word count.
        """
        if fold(phrase) in _NO_NAMES:
            return NOTHING
        hint = frozenset(partidas)
        allowed = [frozenset(prefer), hint] if prefer and not hint else [hint]
        undecided = NOTHING
        names = [fold(phrase), *names_for(fold(phrase))]
        for way in (self._whole, self._headed):
            for place, name in enumerate(names):
                for among in allowed:
                    found = way(name, among, postable_only=postable_only)
                    if found.chosen:
                        return Match(found.chosen, found.confidence - (0.05 if place else 0))
                    undecided = undecided if undecided.choices else found
        if undecided.choices or from_start:
            return undecided
        inner = (self._within(phrase, among, postable_only=postable_only) for among in allowed)
        return next((found for found in inner if found.chosen or found.choices), NOTHING)

    def _holding(self, wanted: tuple[str, ...], partidas: frozenset[str], *, postable_only: bool) -> list[Account]:
        """Return the accounts whose names hold all the stems."""
        return [
            one
            for one in self._accounts
            if set(wanted) <= set(one.stems)
            and (not partidas or one.partida in partidas)
            and (one.postable or not postable_only)
        ]

    def _whole(self, phrase: str, partidas: frozenset[str], *, postable_only: bool) -> Match:
        """Match names that are the phrase word for word, by stems; an account goes before its heading."""
        wanted = _stems(phrase)
        found = self._holding(wanted, partidas, postable_only=postable_only) if wanted else []
        whole = [one for one in found if one.stems == wanted]
        whole = [one for one in whole if one.postable] or whole
        return Match(self._set_of(whole[0]), 0.97) if len(whole) == 1 else self._decided(whole)

    def _within(self, phrase: str, partidas: frozenset[str], *, postable_only: bool) -> Match:
        """Match names that hold the phrase somewhere, where it is much of the name."""
        wanted = _stems(phrase)
        named = bool(set(wanted) - _VERB_STEMS)
        found = self._holding(wanted, partidas, postable_only=postable_only) if named else []
        return self._best(wanted, [one for one in found if self._coverage(wanted, one) >= INNER_MIN])

    def _headed(self, phrase: str, partidas: frozenset[str], *, postable_only: bool) -> Match:
        """Match names that begin with the phrase's first word and hold the rest."""
        wanted = _stems(phrase)
        found = self._holding(wanted, partidas, postable_only=postable_only) if wanted else []
        heads = [one for one in found if one.stems[0] == wanted[0]]
        headings = [one for one in heads if not one.postable]
        lines = [one for one in heads if one.postable]
        if headings and len(headings) == 1:
            return Match(self._set_of(headings[0]), 0.85)
        if headings:
            return (
                self._together(headings)
                if len({one.partida for one in headings}) == 1 and not _nested(headings)
                else self._decided(headings)
            )
        alike = [one for one in lines if one.moved and one.stems[-1] == wanted[-1]]
        if len(wanted) > 1 and len(alike) > 1 and len({one.rubro for one in alike}) == 1:
            return self._together(alike)  # retenciones sufridas: of each tax, whichever name is the shortest
        best = self._best(wanted, lines)
        if best.chosen or not lines or len({one.rubro for one in lines}) > 1:
            return best
        return self._together(lines)

    def _decided(self, found: Sequence[Account]) -> Match:
        """Return the only one that anything moved, else the choice that the asker must make."""
        moved = [one for one in found if one.moved]
        if len(moved) == 1 and all(one.postable for one in found):
            return Match(self._set_of(moved[0]), 0.7)
        return Match(choices=tuple(dict.fromkeys(one.name for one in found))[:CHOICES_MAX])

    def _best(self, wanted: tuple[str, ...], found: list[Account]) -> Match:
        """Return the one that stands clear of the others, or the choice between those that are near."""
        moved = [one for one in found if one.moved] or found
        ranked = sorted(moved, key=lambda one: (-self._coverage(wanted, one), one.code))
        if not ranked:
            return NOTHING
        if len(ranked) > 1 and self._coverage(wanted, ranked[0]) < NEAR * self._coverage(wanted, ranked[1]):
            return self._decided(ranked)
        return Match(self._set_of(ranked[0]), 0.8)

    def _coverage(self, wanted: tuple[str, ...], account: Account) -> float:
        """Return how much of an account's name the words cover, by weight."""
        total = sum(self._weights[name] for name in account.stems)
        return sum(self._weights[name] for name in set(wanted)) / total

    def _together(self, found: list[Account]) -> Match:
        sets = [self._set_of(one) for one in found]
        codes = tuple(sorted({code for one in sets for code in one.codes}))
        label = " + ".join(one.label for one in sets[:4]) + (f" y {len(sets) - 4} más" if len(sets) > 4 else "")
        return Match(AccountSet(label, codes, "", "", sets[0].debit_side, sets[0].partida), 0.75)

    def _set_of(self, account: Account) -> AccountSet:
        if account.postable:
            return AccountSet(account.name, (account.code,), "", "", account.debit_nature, account.partida)
        for column in ("rubro", "grupo", "partida"):
            under = tuple(one.code for one in self._accounts if one.postable and getattr(one, column) == account.name)
            if under and (column != "partida" or account.partida == account.name):
                return self._heading(account, under, column)
        under = tuple(one.code for one in self._accounts if one.postable and one.code.startswith(account.code))
        return self._heading(account, under, "")

    def _heading(self, account: Account, codes: tuple[str, ...], column: str) -> AccountSet:
        """Name the heading's accounts by its name, where the name means these accounts and no others."""
        named = account.name if column else ""
        return AccountSet(account.name, codes, column, named, account.partida in DEBIT_PARTIDAS, account.partida)

    def is_moved(self, chosen: AccountSet) -> bool:
        """Return whether one of the accounts has a line."""
        return any(self._codes[code].moved for code in chosen.codes if code in self._codes)

    def lowering(self, chosen: AccountSet) -> AccountSet | None:
        """Return the account that lowers an asset: its accumulated depreciation or its allowance."""
        if not chosen.is_one:
            return None
        asset = self._codes[chosen.codes[0]]
        found = [
            one
            for one in self._accounts
            if one.postable
            and one.partida == asset.partida
            and one.debit_nature != asset.debit_nature
            and set(asset.stems) < set(one.stems)
        ]
        return self._set_of(found[0]) if len(found) == 1 else None

    def moved_instead(self, chosen: AccountSet) -> tuple[str, ...]:
        """Return the accounts of like names that are moved, where nothing moved the chosen ones; else none."""
        if self.is_moved(chosen):
            return ()
        words_of = {name for code in chosen.codes if code in self._codes for name in self._codes[code].stems}
        rarest = sorted(words_of, key=lambda name: -self._weights[name])[:1]
        alike = set() if chosen.column else set(rarest)
        like = [one.name for one in self._accounts if one.moved and alike & set(one.stems)]
        called = {_stems(name) for name in names_for(fold(chosen.label))}
        like += [one.name for one in self._accounts if one.moved and one.stems in called and one.name not in like]
        return tuple(like[:CHOICES_MAX])

    def called_also(self, chosen: AccountSet, partida: str) -> AccountSet | None:
        """Return the moved account of a partida that is another name for what the chosen ones are."""
        for name in names_for(fold(chosen.label)):
            found = self._whole(fold(name), frozenset({partida}), postable_only=True).chosen
            if found is not None and self.is_moved(found):
                return found
        return None

    def with_the_rest(self, chosen: AccountSet) -> AccountSet:
        """Return a heading and the moved accounts beside it that its words of kind name: bancarias, financieras."""
        kinds = set(_stems(fold(chosen.label))[1:]) - _TERM_STEMS if chosen.column else set()
        beside = [
            self._set_of(one)
            for one in self._accounts
            if one.postable and one.moved and one.partida == chosen.partida and one.code not in chosen.codes
            and kinds & set(one.stems)
        ]
        return self.together([chosen, *beside])

    def of_codes(self, label: str, prefix: str) -> AccountSet | None:
        """Return the accounts whose codes begin with a prefix."""
        found = [one for one in self._accounts if one.postable and one.code.startswith(prefix)]
        if not found:
            return None
        partida = found[0].partida
        return AccountSet(label, tuple(one.code for one in found), "", "", partida in DEBIT_PARTIDAS, partida)

    def together(self, sets: Sequence[AccountSet]) -> AccountSet:
        """Return several sets as one."""
        if len(sets) == 1:
            return sets[0]
        codes = tuple(sorted({code for one in sets for code in one.codes}))
        partida = sets[0].partida
        labels = dict.fromkeys(one.label for one in sets)
        return AccountSet(" + ".join(labels), codes, "", "", partida in DEBIT_PARTIDAS, partida)


def _nested(headings: list[Account]) -> bool:
    return any(one is not two and one.code.startswith(two.code) for one in headings for two in headings)


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(stem(spelt_out(word)) for word in words(phrase) if not is_connector(word))


@functools.lru_cache(maxsize=16)
def chart_of(vocabulary: Vocabulary) -> Chart:
    """Return the chart of a vocabulary; kept for the last ones asked."""
    return Chart(vocabulary)
