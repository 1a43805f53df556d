"""The canonical form that hashes are made of is JSON's, whatever an event says."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from apps.audit.chain import Told, digest

texts = st.text(st.characters(codec=None), max_size=40)  # surrogates too: JSON lets them in


@given(
    st.builds(
        Told, chain=st.integers(), seq=st.integers(), at=texts, user_id=st.none() | st.integers(), user_email=texts,
        action=texts, subject=texts, subject_id=texts, detail=texts, prev_hash=texts, hash=texts,
    ),
    st.none() | st.integers(),
)
def test_the_digest_is_of_compact_json(event, origin):
    chain = event.chain if origin is None else origin
    canonical = json.dumps(
        [event.prev_hash, chain, event.seq, event.at, event.user_id, event.user_email, event.action, event.subject,
         event.subject_id, event.detail],
        ensure_ascii=False, separators=(",", ":"),
    )
    assert digest(event, origin) == hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
