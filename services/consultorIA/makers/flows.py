"""What a question measures and of which accounts: spent, sold, paid, collected, owed, had."""

from __future__ import annotations

import re
from dataclasses import replace

from services.consultorIA.accounts import Chart
from services.consultorIA.forms import AccountSet, Metric
from services.consultorIA.lexicon import Signals
from services.consultorIA.makers.filling import accounts_named, sales_of, text_of
from services.consultorIA.reading import ASSETS, EQUITY, EXPENSES, INCOMES, LIABILITIES, Reading

# Words of different matters that no one form answers together.
_MATTERS = (
    ("spent", "expenses", "spent_cost"),
    ("sold", "sales", "incomes"),
    ("bought",),
    ("collected",),
    ("we_owe",),
    ("owed_to_us",),
    ("partida_active",),
    ("partida_passive",),
    ("partida_equity",),
)


def contradicts(signals: Signals) -> bool:
    """Return whether words of different matters stand together."""
    return sum(signals.any(*names) for names in _MATTERS) > 1 or (
        "paid" in signals and signals.any("sales", "sold", "incomes")
    )


# Where the accounts that a question names may stand, by the word for what moved.
_GROUNDS = (
    (("sold", "sales"), frozenset({INCOMES})),
    (("incomes",), frozenset({INCOMES, ASSETS})),
    (("spent", "expenses"), frozenset({EXPENSES, ASSETS})),
    (("we_owe",), frozenset({LIABILITIES, ASSETS, EQUITY})),
)


def stands_elsewhere(reading: Reading) -> bool:
    """Return whether an account named is not where the word for what moved looks: ventas y costo de ventas."""
    return any(
        reading.signals.any(*words) and any(one.partida not in grounds for one in reading.named)
        for words, grounds in _GROUNDS
    )


def money_accounts(reading: Reading) -> tuple[Metric, AccountSet | None] | None:
    """Return what is measured and of which accounts; None where the question names neither."""
    signals = reading.signals
    accounts = accounts_named(reading, partida=False)
    stocked = _stocked(reading, accounts)
    if stocked is not None:
        return Metric.DEBIT, stocked
    if (
        "inflow" in signals
        and signals.any("outflow", "spent_cost")
        and (accounts is None or accounts.partida == ASSETS)
    ):
        cash = accounts or reading.chart.match("plata", {ASSETS}).chosen
        return None if cash is None else (Metric.BOTH, cash)
    if signals.any("both_sides") or ("debit" in signals and "credit" in signals):
        return Metric.BOTH, accounts or accounts_named(reading)
    if "debit" in signals:
        return Metric.DEBIT, accounts or accounts_named(reading)
    if "credit" in signals:
        return Metric.CREDIT, accounts or accounts_named(reading)
    if "paid" in signals and "expenses" in signals and accounts is not None and _is_cash(reading.chart, accounts):
        return None  # which expenses were paid with it is known entry by entry
    if "uses" in signals and "money" in signals and accounts is None:
        cash = reading.chart.match("plata", {ASSETS}).chosen
        return None if cash is None else (Metric.BOTH, cash)
    for maker in (_flow_out, _flow_in, _owed):
        made = maker(reading, accounts)
        if made is not None:
            return made
    if accounts is not None:
        return Metric.NET, accounts
    partida = accounts_named(reading)
    if partida is None and "flujo" in text_of(signals, "movement"):
        cash = reading.chart.match("plata", {ASSETS}).chosen
        return None if cash is None else (Metric.NET, cash)
    if partida is not None:
        return Metric.NET, partida
    if signals.any("money") or (
        "have" in signals and "how_much" in signals and reading.periods == () and not signals.any("count", "entries")
    ):
        cash = reading.chart.match("plata", {ASSETS}).chosen if "money" in signals else None
        return None if cash is None else (Metric.NET, cash)
    every = "balances" in signals or text_of(signals, "balance").startswith("saldos") or "accounts" in signals
    if signals.any("balance", "balances") and every and reading.periods:
        return Metric.NET, None
    if signals.any("balance", "balances", "amount") and reading.dimensions():
        return Metric.NET, None
    return None


# Beside these words an account is meant by its name, moved or not.
_BY_NAME = ("the_account", "balance", "balances", "accounts", "debit", "credit", "both_sides", "ledger", "running")


def _stocked(reading: Reading, accounts: AccountSet | None) -> AccountSet | None:
    """Return the stock that purchases go to where no account of purchases is moved, and say so; None elsewhere."""
    signals, chart = reading.signals, reading.chart
    if accounts is None:
        accounts = chart.match("compras", {EXPENSES, ASSETS}).chosen if "bought" in signals else None
    if accounts is None or accounts.partida != EXPENSES or chart.is_moved(accounts) or signals.any(*_BY_NAME):
        return None
    stock = chart.called_also(accounts, ASSETS)
    if stock is not None:
        reading.notes = (*reading.notes, f"{accounts.label} no tiene movimientos: tomé lo que entró a {stock.label}")
    return stock


# What paying does to accounts of a partida: it takes from assets, it settles liabilities.
_PAYING = {ASSETS: Metric.CREDIT, LIABILITIES: Metric.DEBIT}


def _flow_out(reading: Reading, accounts: AccountSet | None) -> tuple[Metric, AccountSet | None] | None:
    signals, chart = reading.signals, reading.chart
    if accounts is not None and accounts.partida == ASSETS and signals.any("spent", "expenses"):
        if not _is_cash(chart, accounts):
            return Metric.DEBIT, accounts
        return None if "paid" in signals else (Metric.CREDIT, accounts)
    if signals.any("spent", "expenses") or (
        "spent_cost" in signals and accounts is not None and accounts.partida == EXPENSES
    ):
        chosen = accounts or chart.partida(EXPENSES)
        return Metric.NET, replace(chosen, debit_side=True)
    if "outflow" in signals and "breakdown" in signals and accounts is None:
        return Metric.NET, chart.partida(EXPENSES)
    if "outflow" in signals and accounts is not None and accounts.partida == EXPENSES:
        return Metric.NET, replace(accounts, debit_side=True)
    asset = accounts if accounts is not None and accounts.partida == ASSETS else None
    if "spent_cost" in signals and asset is not None and not _is_cash(chart, asset):
        return Metric.DEBIT, asset  # what it cost is what it was bought for
    if signals.any("outflow", "spent_cost"):
        cash = accounts or chart.match("plata", {ASSETS}).chosen
        return None if cash is None else (Metric.CREDIT, cash)
    if "paid" in signals:
        if (accounts.partida == INCOMES) if accounts is not None else signals.any("sales", "sold", "incomes"):
            return None  # incomes are not paid
        if accounts is None:
            cash = chart.match("plata", {ASSETS}).chosen
            return None if cash is None else (Metric.CREDIT, cash)
        return _PAYING.get(accounts.partida, Metric.NET), accounts
    if "bought" in signals and accounts is not None and accounts.partida == LIABILITIES:
        return Metric.CREDIT, accounts
    if "bought" in signals:
        bought = accounts or chart.match("compras", {EXPENSES, ASSETS}).chosen
        if bought is None:
            return None
        return (Metric.DEBIT if bought.partida == ASSETS else Metric.NET), replace(bought, debit_side=True)
    return None


_WHENCE = re.compile(r"\bde (?:que|donde) (?:vien|vin|sal)")


def _flow_in(reading: Reading, accounts: AccountSet | None) -> tuple[Metric, AccountSet | None] | None:
    signals, chart = reading.signals, reading.chart
    if accounts is None and signals.any("money", "incomes") and _WHENCE.search(reading.folded):
        return Metric.NET, chart.partida(INCOMES)
    if signals.any("sold", "sales"):
        chosen = accounts or sales_of(reading)
        return (
            None
            if chosen is None
            else (Metric.NET, replace(chosen, debit_side=chosen.partida != INCOMES and chosen.debit_side))
        )
    if accounts is not None and accounts.partida == ASSETS and "incomes" in signals:
        return Metric.DEBIT, accounts
    if "incomes" in signals and accounts is None:
        return Metric.NET, chart.partida(INCOMES)
    if signals.any("inflow", "collected"):
        chosen = accounts or chart.match("plata", {ASSETS}).chosen
        if chosen is None:
            return None
        if chosen.partida == INCOMES:
            return Metric.NET, chosen
        from_customers = "collected" in signals and accounts is not None and not _is_cash(chart, chosen)
        return (Metric.CREDIT if from_customers else Metric.DEBIT), chosen
    return None


def _is_cash(chart: Chart, chosen: AccountSet) -> bool:
    cash = chart.match("plata", {ASSETS}).chosen
    return cash is not None and set(chosen.codes) <= set(cash.codes)


def _owed(reading: Reading, accounts: AccountSet | None) -> tuple[Metric, AccountSet | None] | None:
    signals, chart = reading.signals, reading.chart
    if "owed_to_us" in signals:
        owed = accounts or chart.match("clientes", {ASSETS}).chosen
        return None if owed is None else (Metric.NET, owed)
    if "we_owe" in signals:
        return Metric.NET, chart.with_the_rest(accounts) if accounts else chart.partida(LIABILITIES)
    return None
