"""The digest of a content."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from ledger.entries import Line, content_digest

lines = st.builds(Line, st.integers(1, 10**6), st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))


@given(st.dates(), st.text(max_size=60), st.lists(lines, max_size=5))
def test_it_is_of_compact_json(date, legend, own):
    rows = [[line.account_id, line.debit, line.credit] for line in own]
    canonical = json.dumps([date.isoformat(), legend, rows], ensure_ascii=False, separators=(",", ":"))
    assert content_digest(date, legend, own) == hashlib.sha256(canonical.encode()).hexdigest()
