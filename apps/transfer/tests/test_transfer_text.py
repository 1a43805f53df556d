"""The journal as text: beancount and hledger load it, and their balances are ours to the centavo."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import data
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import Account
from apps.accounts.queries import account_totals
from apps.companies.models import Company
from apps.trans.actions import post_transaction
from apps.trans.models import Transaction
from apps.transfer.text import beancount, hledger
from apps.transfer.text.beancount import write_beancount
from apps.transfer.text.hledger import write_hledger
from ledger.entries import Draft, Line
from tests.contract.world import undone

pytestmark = pytest.mark.django_db
HLEDGER = shutil.which("hledger")
needs_hledger = pytest.mark.skipif(HLEDGER is None, reason="hledger is not installed")
KINDS = st.sampled_from(["activo", "pasivo", "patrimonio", "ingreso", "egreso", "orden"])


def ours(company: Company) -> dict[str, Decimal]:
    """Return debits less credits in pesos, by code, of accounts that moved."""
    return {
        one.code: Decimal(one.debits - one.credits) / 100
        for one in account_totals(company) if one.debits or one.credits
    }


def by_beancount(path: Path) -> tuple[dict[str, Decimal], list[data.Transaction]]:
    """Load a file, which must be sound; return its balances by our codes, and its transactions."""
    entries, errors, _options = loader.load_file(str(path))
    assert errors == []
    codes = {entry.account: entry.meta["codigo"] for entry in entries if isinstance(entry, data.Open)}
    transactions = [entry for entry in entries if isinstance(entry, data.Transaction)]
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for transaction in transactions:
        for posting in transaction.postings:
            sums[codes[posting.account]] += posting.units.number
    return dict(sums), transactions


def by_hledger(path: Path) -> dict[str, Decimal]:
    """Have hledger check a file and return its balances by our codes."""

    def run(*words: str) -> str:
        command = [str(HLEDGER), "-f", str(path), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True, env={"LANG": "C.UTF-8"}).stdout

    run("check", "--strict")
    rows = csv.DictReader(io.StringIO(run("balance", "--flat", "--empty", "-O", "csv", "--no-total")))
    return {row["account"].partition(":")[2].split()[0]: Decimal(row["balance"].split()[0]) for row in rows}


def test_beancount_loads_it_and_finds_our_balances(books, tmp_path):
    write_beancount(books.company, tmp_path / "libros.beancount")
    found, transactions = by_beancount(tmp_path / "libros.beancount")
    assert found == ours(books.company)
    assert len(transactions) == Transaction.objects.filter(company=books.company).count()
    first = next(one for one in transactions if one.meta.get("numero") == 1 and one.date.year == 2025)
    assert (first.flag, first.narration, first.meta["estado"]) == (
        "*", 'Con "comillas", \\ y ; punto y coma', "Cerrado"
    )
    assert {one.flag for one in transactions} == {"*", "!"}


def test_bean_check_finds_nothing(books, tmp_path):
    path = tmp_path / "libros.beancount"
    write_beancount(books.company, path)
    check = [Path(sys.executable).with_name("bean-check"), path]
    run = subprocess.run(check, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    path.write_text(path.read_text(encoding="utf-8").replace("1000.00 ARS", "1000.05 ARS", 1), encoding="utf-8")
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0


def test_the_text_asserts_balances_that_the_guards_keep(books, tmp_path):
    """A total that is not what the lines say is found by beancount, too."""
    path = tmp_path / "libros.beancount"
    write_beancount(books.company, path)
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(balance .*?  )(-?[0-9]+)", r"\g<1>1\g<2>", text, count=1), encoding="utf-8")
    _entries, errors, _options = loader.load_file(str(path))
    assert [type(error).__name__ for error in errors] == ["BalanceError"]


@needs_hledger
def test_hledger_loads_it_and_finds_our_balances(books, tmp_path):
    write_hledger(books.company, tmp_path / "libros.journal")
    assert by_hledger(tmp_path / "libros.journal") == ours(books.company)


# One line of hledger's journal, as far as we write it.
_HLEDGER = re.compile(
    r"|; .*"
    r"|commodity 1000\.00 [A-Z]{3}"
    r"|account [^;]+(  ; type: [ALERX])?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [*!]( \([0-9]+\))?( [^*!(;|\s][^;|]*)?"
    r"|    ; asiento: [0-9]+, estado: [A-Z][a-z ]+(, revierte: [0-9]+)?"
    r"|    (?P<account>[^\s;:()\[\]]+:[^;:()\[\]]*?[^\s;:()\[\]])  {amount}( = {amount})?".replace(
        "{amount}", r"-?[0-9]+\.[0-9]{2} [A-Z]{3}"
    )
)


def test_every_line_is_of_hledgers_grammar(books, tmp_path):
    write_hledger(books.company, tmp_path / "libros.journal")
    names = {hledger.account_name(account) for account in Account.objects.filter(company=books.company)}
    for line in (tmp_path / "libros.journal").read_text(encoding="utf-8").splitlines():
        found = _HLEDGER.fullmatch(line)
        assert found, line
        if found["account"]:
            assert found["account"] in names
            assert "  " not in found["account"]


@pytest.mark.parametrize("write", [write_beancount, write_hledger])
def test_an_error_leaves_no_file(books, tmp_path, write, monkeypatch):
    def broken(_company):
        raise RuntimeError("disk")

    monkeypatch.setattr(beancount, "asientos", broken)
    monkeypatch.setattr(hledger, "asientos", broken)
    with pytest.raises(RuntimeError):
        write(books.company, tmp_path / "libros")
    assert not list(tmp_path.glob("libros*"))


def test_a_company_without_entries_is_text_too(other_company, tmp_path):
    write_beancount(other_company, tmp_path / "x.beancount")
    assert by_beancount(tmp_path / "x.beancount") == ({}, [])
    write_hledger(other_company, tmp_path / "x.journal")


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    names=st.lists(st.tuples(st.text(max_size=20), KINDS), min_size=2, max_size=5),
    entries=st.lists(
        st.tuples(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)), st.text(max_size=40), st.integers(0, 4),
                  st.integers(0, 4), st.integers(1, 10**15)),
        min_size=1, max_size=6,
    ),
)
def test_whatever_accounts_and_legends_are_called_both_programs_read_the_same(
    company, teacher, tmp_path_factory, names, entries
):
    folder = tmp_path_factory.mktemp("text")
    with undone():
        accounts = [
            Account.objects.create(
                company=company, code=f"{number}.{number}", name=name.replace("\0", "") or "x", kind=kind, nature=True
            ).pk
            for number, (name, kind) in enumerate(names, start=1)
        ]
        for day, legend, debit, credit, amount in entries:
            lines = (Line(accounts[debit % len(accounts)], debit=amount),
                     Line(accounts[credit % len(accounts)], credit=amount))
            draft = Draft(day, legend.replace("\0", ""), lines)
            post_transaction(draft, acting_user=teacher, company=company)
        write_beancount(company, folder / "x.beancount")
        write_hledger(company, folder / "x.journal")
        found, transactions = by_beancount(folder / "x.beancount")
        assert found == ours(company)
        assert len(transactions) == len(entries)
        if HLEDGER:
            assert by_hledger(folder / "x.journal") == ours(company)
    shutil.rmtree(folder)
