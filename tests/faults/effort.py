"""How long the proofs try: a little in the suite, much longer in `make prove`."""

from __future__ import annotations

import os

PROVING = os.environ.get("PROVE") == "1"
MACHINE_EXAMPLES = 300 if PROVING else 20
MACHINE_STEPS = 50 if PROVING else 30
KILLS = 20 if PROVING else 2
ROUNDS = 10 if PROVING else 2
