"""Refusals to serve, in each vendor's words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.llm_server.answers import Ask, answer
from tests.llm_server.exchange import Exchange
from tests.llm_server.faults.registry import Fault, Options, fault, send
from tests.llm_server.wire import Dialect, Error
from tests.llm_server.wire_gemini import with_retry_delay


def _failing(kind: str) -> Fault:
    def fail(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
        exchange.error(dialect.failure(kind, ask, exchange.received.key))

    return fail


for _name, _kind in {
    "429": "rate-limit", "quota": "quota", "401": "auth", "403": "forbidden", "404": "model", "400": "bad-request",
    "context": "context", "500": "internal", "503": "unavailable", "529": "overloaded",
}.items():
    fault(_name)(_failing(_kind))


@fault("400-unsupported")
def unsupported(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Refuse a temperature, as reasoning models do; answer well without one."""
    if b'"temperature"' in exchange.received.body:
        _failing("unsupported")(exchange, dialect, ask, options)
    else:
        send(exchange, dialect, ask, answer(ask))


def _limited(
    exchange: Exchange, dialect: Dialect, ask: Ask, headers: dict[str, str], delay_s: float | None = None
) -> None:
    error = dialect.failure("rate-limit", ask, exchange.received.key)
    if delay_s is not None:
        error = with_retry_delay(error, delay_s)
    exchange.error(Error(error.status, error.body, error.headers | headers))


@fault("429-retry-after-seconds")
def retry_after_seconds(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Say `Retry-After: 1`."""
    _limited(exchange, dialect, ask, {"Retry-After": f"{options.get('wait', 1):g}"})


@fault("429-retry-after-ms")
def retry_after_ms(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Say it in milliseconds, as Azure and OpenAI do, beside a coarser header."""
    wait_s = options.get("wait", 1)
    _limited(exchange, dialect, ask, {"retry-after-ms": f"{wait_s * 1000:g}", "Retry-After": f"{wait_s + 30:g}"})


@fault("429-retry-after-date")
def retry_after_date(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Say it as an HTTP date, which knows whole seconds only."""
    when = datetime.now(UTC) + timedelta(seconds=options.get("wait", 1))
    _limited(exchange, dialect, ask, {"Retry-After": format_datetime(when, usegmt=True)})


@fault("429-retry-info")
def retry_info(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Say it in the body, as Google does."""
    _limited(exchange, dialect, ask, {}, options.get("wait", 1))


@fault("echo-key")
def echo_key(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Repeat the caller's key, headers and prompt in the error, as careless proxies do."""
    received = exchange.received
    leak = f"Bad gateway for {received.headers} key={received.key} {received.body.decode()}"
    exchange.json({"error": {"message": leak, "type": "proxy", "code": received.key}}, 502, {"x-debug": received.key})


@fault("redirect")
def redirect(exchange: Exchange, dialect: Dialect, ask: Ask, options: Options) -> None:
    """Send the caller, and its key, elsewhere."""
    exchange.body(b"", "text/plain", 302, {"Location": "/as/elsewhere" + exchange.received.path})
