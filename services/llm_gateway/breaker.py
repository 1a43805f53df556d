"""When a provider is left in peace, and for how long."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from services.llm_gateway.errors import (
    AuthFailed,
    Failure,
    ModelUnavailable,
    QuotaExhausted,
    RateLimited,
)

TRANSIENT_FAILURES = 2  # in a row before the breaker opens: one may be a blip
TRANSIENT_LONGEST = 12.0  # the wait doubles with each probe that fails, up to so many times the first
RATE_LIMIT_OPEN_S = 10.0  # where the provider does not say
QUOTA_OPEN_S = 600.0
SETTINGS_OPEN_S = 300.0  # a wrong key or a missing model: somebody has to change something
OPEN_MAX_S = 86_400.0
_JITTER = 0.2


class Admission(Enum):
    """On what terms a call may ask a provider."""

    NORMAL = "normal"
    PROBE = "probe"  # the one call that finds out whether an open breaker may close
    FORCED = "forced"  # nobody else is left: asked although open


@dataclass(frozen=True, slots=True)
class Permit:
    """A call's leave to ask; to be given back exactly once, to `record` or `release`."""

    admission: Admission
    generation: int


@dataclass(frozen=True, slots=True)
class BreakerState:
    """What a status shows."""

    state: str
    reason: str = ""
    reopens_in_s: float = 0.0
    failures: int = 0


class Breaker:
    """The breaker of one provider, model and key; safe across threads.

    Closed: all may ask. Open: none, until `reopens_at`. Then half-open: one probe may ask, the
    others go on to the next provider. Success closes it. Only a failed probe makes the next wait
    longer: the failures of calls that were under way when it opened belong to the same incident.
    """

    def __init__(self, transient_s: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._transient_s = transient_s
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._escalation = 0
        self._generation = 0  # rises whenever it opens or closes: late news of an older time is no news
        self._open = False
        self._reopens_at = 0.0
        self._reason = ""
        self._probing = False

    def admit(self) -> Permit | None:
        """Return leave to ask, or None while open or while another probes."""
        with self._lock:
            if not self._open:
                return Permit(Admission.NORMAL, self._generation)
            if self._probing or self._clock() < self._reopens_at:
                return None
            self._probing = True
            return Permit(Admission.PROBE, self._generation)

    def force(self) -> Permit:
        """Return leave to ask in any case."""
        with self._lock:
            return Permit(Admission.FORCED if self._open else Admission.NORMAL, self._generation)

    def succeed(self, permit: Permit) -> None:
        """Take note that the provider answered, be it with a refusal: it works."""
        with self._lock:
            self._give_back(permit)
            if permit.generation == self._generation:
                self._failures = 0
                if self._open:
                    self._close()

    def fail(self, permit: Permit, failure: Failure) -> None:
        """Take note of a failure that trips."""
        with self._lock:
            self._give_back(permit)
            if permit.generation != self._generation or permit.admission is Admission.FORCED:
                return
            stated = _stated_wait(failure)
            if permit.admission is Admission.PROBE:
                self._escalation += 1
            else:
                self._failures += 1
                if stated is None and self._failures < TRANSIENT_FAILURES:
                    return
            self._trip(failure.code, self._transient_wait() if stated is None else stated)

    def release(self, permit: Permit) -> None:
        """Give leave back without news: the call was cancelled or ran out of time."""
        with self._lock:
            self._give_back(permit)

    @property
    def reopens_at(self) -> float:
        """The moment at which it may be asked again; 0 when closed."""
        with self._lock:
            return self._reopens_at if self._open else 0.0

    @property
    def reason(self) -> str:
        """The code of the failure that opened it, "" when closed."""
        with self._lock:
            return self._reason if self._open else ""

    def state(self) -> BreakerState:
        """Return what a status shows."""
        with self._lock:
            if not self._open:
                return BreakerState("closed", failures=self._failures)
            left_s = self._reopens_at - self._clock()
            name = "open" if left_s > 0 and not self._probing else "half_open"
            return BreakerState(name, self._reason, round(max(0.0, left_s), 1), self._failures)

    def after_fork(self) -> None:
        """Replace a lock that another thread may have held when the process forked."""
        self._lock = threading.Lock()
        self._probing = False

    def _give_back(self, permit: Permit) -> None:
        if permit.admission is Admission.PROBE and permit.generation == self._generation:
            self._probing = False

    def _trip(self, reason: str, wait_s: float) -> None:
        self._open = True
        self._probing = False
        self._generation += 1
        self._reason = reason
        self._reopens_at = self._clock() + min(wait_s, OPEN_MAX_S)

    def _close(self) -> None:
        self._open = False
        self._generation += 1
        self._failures = self._escalation = 0
        self._reason = ""

    def _transient_wait(self) -> float:
        wait_s = self._transient_s * min(2.0**self._escalation, TRANSIENT_LONGEST)
        # Jitter, or all processes would probe in the same instant.
        return wait_s * random.uniform(1.0 - _JITTER, 1.0)  # noqa: S311 - no secret


def _stated_wait(failure: Failure) -> float | None:
    """Return how long a failure keeps the breaker open at once, None where it takes two of them."""
    match failure:
        case RateLimited():
            return RATE_LIMIT_OPEN_S if failure.retry_after_s is None else failure.retry_after_s
        case QuotaExhausted():
            return QUOTA_OPEN_S if failure.retry_after_s is None else failure.retry_after_s
        case AuthFailed() | ModelUnavailable():
            return SETTINGS_OPEN_S
        case _:
            return None
