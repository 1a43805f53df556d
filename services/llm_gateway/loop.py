"""One call: who is asked, in which order, for how long, and what a failure leads to.

No I/O happens here: the loop yields steps (steps.py) and hears what came of them.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from services.llm_gateway import structured, telemetry
from services.llm_gateway.breaker import Admission, Permit
from services.llm_gateway.calls import Attempt, Completion, Finish, Prompt, Usage
from services.llm_gateway.config import SUCCESSORS, Limits
from services.llm_gateway.control import seconds_left
from services.llm_gateway.errors import (
    AllProvidersFailed,
    BadRequest,
    Cancelled,
    DeadlineExceeded,
    Failure,
    GatewayError,
    InvalidAnswer,
    ModelUnavailable,
    StreamInterrupted,
    Timeout,
)
from services.llm_gateway.ledger import Ledger
from services.llm_gateway.listening import Hearing
from services.llm_gateway.prices import Prices, cost_micros
from services.llm_gateway.steps import Close, Sleep, Step
from services.llm_gateway.targets import Target

logger = logging.getLogger("llm_gateway")

WAITS_MAX = 2  # times a call waits for a provider to come back when nobody else is left


@dataclass
class Call:
    """One call as it goes on; what it used and delivered is read from here when it has ended."""

    prompt: Prompt
    stream: bool
    targets: Sequence[Target]
    limits: Limits
    ledger: Ledger
    prices: Prices
    deadline: float
    patient: bool = True
    started: float = field(default_factory=time.monotonic)
    attempts: list[Attempt] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    completion: Completion | None = None
    used_tokens: int = 0
    used_micros: int = 0
    _back_at: dict[int, float] = field(default_factory=dict)

    @property
    def partial(self) -> str:
        """The text handed to the caller so far."""
        return "".join(self.delivered)

    def run(self) -> Generator[Step, Any, Completion]:
        """Return the completion; raise the last word when there is none."""
        outcome = "abandoned"
        completion = None
        try:
            completion = yield from self._rounds()
        except GatewayError as error:
            outcome = error.code
            raise
        else:
            return completion
        finally:
            telemetry.record(
                self.prompt, self.targets[0].model if self.targets else "", completion=completion, outcome=outcome,
                attempts=len(self.attempts), elapsed_s=time.monotonic() - self.started,
            )

    def _rounds(self) -> Generator[Step, Any, Completion]:
        """Ask all in turn; then, when nobody is left, wait for who said when to come back."""
        completion = yield from self._round(range(len(self.targets)))
        for _wait in range(WAITS_MAX if self.patient else 0):
            if completion is not None:
                break
            back = [(moment, place) for place, moment in self._back_at.items() if moment < self.deadline]
            if not back:
                break
            moment, place = min(back)
            logger.info("llm.waiting", extra={"provider": self.targets[place].provider.value})
            yield Sleep(seconds_left(moment))
            completion = yield from self._round([place])
        if completion is None:
            raise AllProvidersFailed(attempts=self.attempts)
        return completion

    def _round(self, places: Sequence[int]) -> Generator[Step, Any, Completion | None]:
        """Ask one target after the other until one answers; None when none did."""
        for place, permit in self._admitted(places):
            target = self.targets[place]
            self._back_at.pop(place, None)
            others = any(self.targets[other].admits_now for other in places if other > place)
            failure = None
            try:
                return (yield from self._ask(target, permit, others=others))
            except Failure as caught:
                failure = caught
            if not failure.falls_back:
                raise failure
            if failure.retry_after_s is not None:
                self._back_at[place] = time.monotonic() + failure.retry_after_s
        return None

    def _admitted(self, places: Sequence[int]) -> Iterator[tuple[int, Permit]]:
        """Give the targets whose breakers admit a call, then to a patient call the one that reopens soonest.

        Lazily: a breaker is asked when its turn comes, so no probe is taken that is not used.
        """
        shut = []
        for place in places:
            permit = self.targets[place].breaker_in_use.admit()
            if permit is None:
                shut.append(place)
            else:
                yield place, permit
        if shut and self.patient:
            soonest = min(shut, key=lambda place: self.targets[place].breaker_in_use.reopens_at)
            yield soonest, self.targets[soonest].breaker_in_use.force()

    # --- One provider -----------------------------------------------------------------------------

    def _ask(self, target: Target, permit: Permit, *, others: bool) -> Generator[Step, Any, Completion]:
        """Ask one provider, again only where the question changes or one retry may help."""
        model = target.model_in_use
        prompt = replace(self.prompt, unsupported=target.unsupported.get(model, frozenset()))
        retried = False
        while True:
            failure = None
            try:
                return (yield from self._attempt(target, model, prompt, permit, others=others))
            except Failure as caught:
                failure = caught
            yield Close()
            if isinstance(failure, ModelUnavailable) and model == target.model and model in SUCCESSORS:
                model = self._successor(target)
                prompt = replace(self.prompt, unsupported=target.unsupported.get(model, frozenset()))
                next_permit = target.breaker(model).admit()
                if next_permit is None:
                    raise failure
                permit = next_permit
            elif isinstance(failure, BadRequest) and failure.parameter not in {"", *prompt.unsupported}:
                prompt = replace(prompt, unsupported=prompt.unsupported | {failure.parameter})
                target.unsupported[model] = prompt.unsupported
                permit = target.breaker(model).force()
            elif failure.retries and not retried and permit.admission is Admission.NORMAL:
                retried = True
                permit = target.breaker(model).force()
                yield Sleep(min(random.uniform(*self.limits.retry_s), seconds_left(self.deadline)))  # noqa: S311
            else:
                raise failure

    def _successor(self, target: Target) -> str:
        successor = SUCCESSORS[target.model]
        if not target.warned:
            target.warned = True
            logger.warning(
                "llm.model_retired",
                extra={"provider": target.provider.value, "model": target.model, "successor": successor},
            )
        return successor

    def _until(self, *, others: bool) -> float:
        """Return when an attempt must end: while others could answer, what they need is kept for them."""
        left_s = seconds_left(self.deadline)
        if left_s <= 0:
            raise DeadlineExceeded(attempts=self.attempts)
        kept_s = min(self.limits.first_token_s, left_s / 2) if others else 0.0
        return self.deadline - kept_s

    def _attempt(
        self, target: Target, model: str, prompt: Prompt, permit: Permit, *, others: bool
    ) -> Generator[Step, Any, Completion]:
        """Make one attempt and take note of it wherever it counts; give the permit back in any case."""
        began = time.monotonic()
        failure = None
        try:
            hearing = self._hearing(prompt, self._until(others=others))
            data, usage = yield from self._hear(target, model, hearing)
        except Failure as caught:
            failure = caught
        except BaseException as ended:
            target.breaker(model).release(permit)
            if isinstance(ended, Cancelled):
                ended.partial = self.partial
            raise
        elapsed_ms = round((time.monotonic() - began) * 1000)
        if failure is not None:
            self._note_failure(target, model, permit, failure, elapsed_ms)
            raise self._last_word(failure)
        target.breaker(model).succeed(permit)
        self.ledger.answered(target.provider, elapsed_ms=elapsed_ms)
        self.attempts.append(Attempt(target.provider, model, "ok", elapsed_ms, request_id=hearing.request_id))
        micros = self._cost(target, hearing.model or model, usage)
        return Completion(
            text=hearing.text, provider=target.provider, model=hearing.model or model,
            finish=hearing.finish or Finish.STOP, usage=usage, cost_usd=None if micros is None else micros / 1e6,
            attempts=tuple(self.attempts), request_id=hearing.request_id,
            elapsed_ms=round((time.monotonic() - self.started) * 1000), data=data,
        )

    def _note_failure(self, target: Target, model: str, permit: Permit, failure: Failure, elapsed_ms: int) -> None:
        breaker = target.breaker(model)
        if failure.trips:
            breaker.fail(permit, failure)
        else:
            breaker.succeed(permit)  # it speaks, if not as we would like
        self.ledger.failed(target.provider, failure.message)
        self.attempts.append(Attempt(
            target.provider, model, failure.code, elapsed_ms, failure.message, failure.status, failure.request_id
        ))
        logger.info("llm.attempt_failed", extra={
            "provider": target.provider.value, "model": model, "code": failure.code, "elapsed_ms": elapsed_ms,
        })

    def _last_word(self, failure: Failure) -> GatewayError:
        """Return what a failure means to the caller: after the first text nobody else may go on."""
        late = isinstance(failure, Timeout) and seconds_left(self.deadline) <= 0
        if self.delivered:
            cause = DeadlineExceeded.code if late else failure.code
            return StreamInterrupted(
                f"The stream broke off: {failure.message}", partial=self.partial, cause_code=cause,
                request_id=failure.request_id,
            )
        return DeadlineExceeded(attempts=self.attempts) if late else failure

    # --- One answer -------------------------------------------------------------------------------

    def _hear(self, target: Target, model: str, hearing: Hearing) -> Generator[Step, Any, tuple[Any, Usage]]:
        """Hear an answer that counts; return its data (where a schema was asked for) and its usage."""
        yield from self._hear_out(target, model, hearing)
        schema = hearing.prompt.schema
        if schema is None:
            return None, hearing.usage
        fault = None
        try:
            return structured.read(hearing.text, schema), hearing.usage
        except InvalidAnswer as caught:
            fault = caught
        first = hearing.usage
        repaired = self._hearing(structured.repair_prompt(hearing.prompt, hearing.text, fault.message), hearing.until)
        yield from self._hear_out(target, model, repaired)
        data = structured.read(repaired.text, schema)
        hearing.parts, hearing.finish = repaired.parts, repaired.finish
        return data, first.plus(repaired.usage)

    def _hearing(self, prompt: Prompt, until: float) -> Hearing:
        return Hearing(prompt, self.limits, until, self.deadline, self.delivered if self.stream else None)

    def _hear_out(self, target: Target, model: str, hearing: Hearing) -> Generator[Step, Any, None]:
        """Hear one answer to its proven end, and count what it used in any case."""
        try:
            if target.engine is not None:
                yield from hearing.from_engine(target.engine, model)
            elif target.dialect is not None and self.stream:
                yield from hearing.streamed(target.dialect, model)
            elif target.dialect is not None:
                yield from hearing.whole(target.dialect, model)
            hearing.prove()
        finally:
            self.ledger.heard(target.provider, hearing.headers)
            usage = hearing.usage
            micros = self._cost(target, hearing.model or model, usage)
            self.used_tokens += usage.total_tokens
            self.used_micros += micros or 0
            self.ledger.used(target.provider, usage, micros)
        yield Close(whole=True)

    def _cost(self, target: Target, model: str, usage: Usage) -> int | None:
        return cost_micros(usage, model, self.prices) if target.is_paid else 0
