"""The gateway: what callers use."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
import weakref
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Hashable, Mapping, Sequence
from typing import Any, Literal, TypedDict, Unpack, overload

from services.llm_gateway import structured
from services.llm_gateway.budget import Budget, Purse
from services.llm_gateway.cache import POLL_S, AnswerCache
from services.llm_gateway.calls import Completion, Prompt, ProviderType, Usage
from services.llm_gateway.config import GatewayConfig
from services.llm_gateway.control import CancelToken, seconds_left
from services.llm_gateway.errors import DeadlineExceeded, GatewayClosed
from services.llm_gateway.health import Health, HealthCheck
from services.llm_gateway.jobs import Job
from services.llm_gateway.ledger import Ledger, estimate_usage
from services.llm_gateway.loop import Call
from services.llm_gateway.prices import cost_micros
from services.llm_gateway.status import status_of
from services.llm_gateway.streams import AsyncTextStream, TextStream
from services.llm_gateway.targets import Target, make_targets
from services.llm_gateway.wires import Wires

Offload = Callable[[Callable[[], Any]], Awaitable[Any]]
_SAMPLING: tuple[Literal["max_tokens", "temperature", "top_p"], ...] = ("max_tokens", "temperature", "top_p")


class Options(TypedDict, total=False):
    """What a call may say beyond its prompts.

    `schema`: a JSON schema the answer must satisfy (not for streams). `user`: whose budget pays.
    `cancel`: a token that stops the call from another thread. `deadline_s`: in place of the
    gateway's. `patient` False: the caller has an answer of its own, so a provider that is left in
    peace is neither asked nor waited for, even when nobody else is left.
    """

    max_tokens: int
    temperature: float
    top_p: float
    preferred_provider: ProviderType | str | None
    stop: str | Sequence[str]
    schema: Mapping[str, Any] | None
    user: str
    cancel: CancelToken | None
    deadline_s: float | None
    patient: bool


class LLMGateway:
    """Several providers behind one call; safe across threads, forks and event loops.

    Making one opens and loads nothing. `budget` keeps users' means; `offload` runs it away from an
    event loop (by default in a thread of asyncio's).
    """

    def __init__(
        self, config: GatewayConfig | None = None, *, budget: Budget | None = None, offload: Offload = asyncio.to_thread
    ) -> None:
        self.config = config or GatewayConfig.from_environment()
        self._budget = budget
        self._offload = offload
        self._targets = make_targets(self.config)
        self._ledger = Ledger()
        self._cache = AnswerCache(self.config.cache_size)
        addresses = [target.dialect.base_url for target in self._targets if target.dialect is not None]
        self._wires = Wires(encrypted=any(address.startswith("https:") for address in addresses))
        self.closed = False
        _living.add(self)

    # --- For threads ------------------------------------------------------------------------------

    @overload
    def generate(
        self, user_prompt: str, system_prompt: str = ..., max_tokens: int = ..., temperature: float = ...,
        top_p: float = ..., stream: Literal[False] = ..., preferred_provider: ProviderType | str | None = ...,
    ) -> str: ...
    @overload
    def generate(
        self, user_prompt: str, system_prompt: str = ..., max_tokens: int = ..., temperature: float = ...,
        top_p: float = ..., *, stream: Literal[True], preferred_provider: ProviderType | str | None = ...,
    ) -> TextStream: ...
    @overload
    def generate(
        self, user_prompt: str, system_prompt: str = ..., max_tokens: int = ..., temperature: float = ...,
        top_p: float = ..., stream: bool = ..., preferred_provider: ProviderType | str | None = ...,
    ) -> str | TextStream: ...
    def generate(  # noqa: PLR0917 - as documented
        self, user_prompt: str, system_prompt: str = "", max_tokens: int = 512, temperature: float = 0.7,
        top_p: float = 0.9, stream: bool = False, preferred_provider: ProviderType | str | None = None,
    ) -> str | TextStream:
        """Return the answer's text, or with `stream` an iterator of its pieces."""
        options: Options = {
            "max_tokens": max_tokens, "temperature": temperature, "top_p": top_p,
            "preferred_provider": preferred_provider,
        }
        if stream:
            return self.stream(user_prompt, system_prompt, **options)
        return self.complete(user_prompt, system_prompt, **options).text

    def generate_simple(
        self, prompt: str, max_tokens: int = 200, preferred_provider: ProviderType | str | None = None
    ) -> str:
        """Return the answer to a prompt alone."""
        return self.generate(prompt, max_tokens=max_tokens, preferred_provider=preferred_provider)

    def complete(self, user_prompt: str, system_prompt: str = "", **options: Unpack[Options]) -> Completion:
        """Return the whole answer with who gave it, what it cost and what was tried.

        Raises AllProvidersFailed, DeadlineExceeded, Cancelled, BudgetExceeded or Refused; ValueError
        for a call that no provider could be asked.
        """
        call, token, purse = self._prepare(user_prompt, system_prompt, options, stream=False)
        key = self._cache_key(call)
        if key is None:
            return self._finish(call, token, purse)
        while True:
            found = self._cache.look(key)
            if isinstance(found, Completion):
                return found
            if found is None:
                break
            self._cache.wait(found, token, call.deadline)
        try:
            return self._finish(call, token, purse)
        finally:
            self._cache.end(key, call.completion)

    def stream(self, user_prompt: str, system_prompt: str = "", **options: Unpack[Options]) -> TextStream:
        """Return the answer as pieces of text, which a cancel or a close ends at once."""
        call, token, purse = self._prepare(user_prompt, system_prompt, options, stream=True)
        return TextStream(call, self._drive(call, token, purse), token)

    def health_check(self, provider: ProviderType | str) -> Health:
        """Ask a provider for its list of models, which is free."""
        wanted = ProviderType(provider)
        target = next((target for target in self._targets if target.provider is wanted), None)
        if target is None:
            faults = [str(entry.fault) for entry in self.config.providers if entry.provider is wanted]
            return Health(wanted, ok=False, detail=next(iter(faults), ""))
        check = HealthCheck(target, self.config.limits)
        for _piece in self._drive(check, CancelToken(), Purse()):
            pass
        assert check.completion is not None  # noqa: S101 - a check never raises
        return check.completion

    def health_check_all(self) -> dict[ProviderType, bool]:
        """Return for every provider whether it answers; those not configured do not."""
        return {entry.provider: self.health_check(entry.provider).ok for entry in self.config.providers}

    # --- For event loops --------------------------------------------------------------------------

    async def agenerate(self, user_prompt: str, system_prompt: str = "", **options: Unpack[Options]) -> str:
        """`generate` for an event loop; its streams are `astream`'s."""
        return (await self.acomplete(user_prompt, system_prompt, **options)).text

    async def acomplete(self, user_prompt: str, system_prompt: str = "", **options: Unpack[Options]) -> Completion:
        """`complete` for an event loop."""
        call, token, purse = self._prepare(user_prompt, system_prompt, options, stream=False)
        key = self._cache_key(call)
        if key is None:
            return await self._afinish(call, token, purse)
        while (found := self._cache.look(key)) is not None:
            if isinstance(found, Completion):
                return found
            token.check()
            if seconds_left(call.deadline) <= 0:
                raise DeadlineExceeded
            await asyncio.sleep(POLL_S)
        try:
            return await self._afinish(call, token, purse)
        finally:
            self._cache.end(key, call.completion)

    def astream(self, user_prompt: str, system_prompt: str = "", **options: Unpack[Options]) -> AsyncTextStream:
        """`stream` for an event loop: to be read with `async for`."""
        call, token, purse = self._prepare(user_prompt, system_prompt, options, stream=True)
        return AsyncTextStream(call, self._adrive(call, token, purse), token)

    # --- Both -------------------------------------------------------------------------------------

    def get_status(self) -> dict[str, Any]:
        """Return how every provider stands: plain data, known without asking anybody."""
        return status_of(self.config, self._targets, self._ledger)

    def shutdown(self) -> None:
        """Close connections and free the local model; later calls raise GatewayClosed."""
        self.closed = True
        self._wires.close()
        for target in self._targets:
            if target.engine is not None:
                target.engine.shutdown()

    async def ashutdown(self) -> None:
        """`shutdown`, and close the running loop's connections."""
        await self._wires.aclose()
        await asyncio.to_thread(self.shutdown)

    def after_fork(self) -> None:
        """Go on in a child process: with locks of its own and without the parent's connections."""
        self._wires.after_fork()
        self._ledger.after_fork()
        self._cache.after_fork()
        for target in self._targets:
            target.after_fork()

    # --- Their parts ------------------------------------------------------------------------------

    def _prepare(
        self, user_prompt: str, system_prompt: str, options: Options, *, stream: bool
    ) -> tuple[Call, CancelToken, Purse]:
        prompt = _prompt(user_prompt, system_prompt, options, stream=stream)
        targets = self._in_order(options.get("preferred_provider"))
        deadline_s = options.get("deadline_s") or self.config.limits.deadline_s
        call = Call(
            prompt, stream, targets, self.config.limits, self._ledger, self.config.prices,
            deadline=time.monotonic() + deadline_s, patient=options.get("patient", True),
        )
        return call, options.get("cancel") or CancelToken(), self._purse(options.get("user", ""), prompt, targets)

    def _in_order(self, preferred: ProviderType | str | None) -> tuple[Target, ...]:
        """Return the targets, the preferred one first where it is configured."""
        wanted = ProviderType(preferred) if preferred else None
        first = [target for target in self._targets if target.provider is wanted]
        return (*first, *(target for target in self._targets if target.provider is not wanted))

    def _purse(self, user: str, prompt: Prompt, targets: Sequence[Target]) -> Purse:
        """Return the means for one call: the most that the dearest of the targets may charge."""
        usage = estimate_usage(prompt, "").plus(Usage(completion_tokens=prompt.max_tokens))
        prices = self.config.prices
        costs = [cost_micros(usage, target.model_in_use, prices) or 0 for target in targets if target.is_paid]
        return Purse(self._budget, user, tokens=usage.total_tokens, cost_micros=max(costs, default=0))

    def _cache_key(self, call: Call) -> Hashable | None:
        """Return what makes two calls the same; None when the answer is not to be kept."""
        if not self.config.cache_size or call.prompt.temperature != 0:
            return None
        schema = json.dumps(call.prompt.schema, sort_keys=True)
        asked = tuple((target.provider, target.model) for target in call.targets)
        prompt = call.prompt
        return (asked, prompt.user, prompt.system, prompt.max_tokens, prompt.top_p, prompt.stop, schema)

    def _drive(self, job: Job, token: CancelToken, purse: Purse) -> Generator[str, None, None]:
        if self.closed:
            raise GatewayClosed("The gateway was shut down: get_gateway() makes a new one.")
        from services.llm_gateway.driver import drive

        return drive(job, self._wires.http, token, purse)

    def _finish(self, call: Call, token: CancelToken, purse: Purse) -> Completion:
        for _piece in self._drive(call, token, purse):
            pass
        assert call.completion is not None  # noqa: S101 - a call without one has raised
        return call.completion

    def _adrive(self, job: Job, token: CancelToken, purse: Purse) -> AsyncGenerator[str, None]:
        if self.closed:
            raise GatewayClosed("The gateway was shut down: get_gateway() makes a new one.")
        from services.llm_gateway.aio import adrive

        return adrive(job, self._wires.async_http, token, purse, self._offload)

    async def _afinish(self, call: Call, token: CancelToken, purse: Purse) -> Completion:
        async for _piece in self._adrive(call, token, purse):
            pass
        assert call.completion is not None  # noqa: S101 - a call without one has raised
        return call.completion


def _prompt(user_prompt: str, system_prompt: str, options: Options, *, stream: bool) -> Prompt:
    """Return the prompt; raise ValueError for what no provider could be asked."""
    stop = options.get("stop", ())
    schema = options.get("schema")
    sampling: dict[str, Any] = {name: options[name] for name in _SAMPLING if name in options}
    stops = (stop,) if isinstance(stop, str) else tuple(stop)
    prompt = Prompt(user_prompt, system_prompt or "", stop=stops, schema=schema, **sampling)
    if not user_prompt.strip():
        raise ValueError("The prompt is empty.")
    if not 1 <= prompt.max_tokens <= 1_000_000:
        raise ValueError("max_tokens must lie in 1..1000000.")
    if not 0 <= prompt.temperature <= 2 or not 0 < prompt.top_p <= 1:
        raise ValueError("temperature must lie in 0..2 and top_p in (0, 1].")
    if schema is not None:
        if stream:
            raise ValueError("A stream cannot be checked against a schema: use complete().")
        structured.check_schema(schema)
    return prompt


# --- The one gateway of a process -----------------------------------------------------------------

_lock = threading.Lock()
_gateway: LLMGateway | None = None
_settings: dict[str, Any] = {}
_living: weakref.WeakSet[LLMGateway] = weakref.WeakSet()


def get_gateway() -> LLMGateway:
    """Return the process's gateway, made from the environment on first use and anew after a shutdown."""
    global _gateway  # noqa: PLW0603 - the singleton
    with _lock:
        if _gateway is None or _gateway.closed:
            _gateway = LLMGateway(**_settings)
        return _gateway


def configure(*, budget: Budget | None = None, offload: Offload | None = None) -> None:
    """Say what the process's gateway is made with: for a host, before it first calls `get_gateway`."""
    with _lock:
        _settings.clear()
        _settings.update({name: value for name, value in (("budget", budget), ("offload", offload)) if value})


def _after_fork() -> None:
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    for gateway in list(_living):
        gateway.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
