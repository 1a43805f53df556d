"""Behaviours by name: `NAME` or `NAME,key=value,...`, values being numbers; times are in seconds.

A behaviour is a function of the exchange, the dialect, what was asked and its options. Asked for a whole answer, those
that spoil a stream spoil the body likewise.
"""

from tests.llm_server.answers import Ask
from tests.llm_server.exchange import Exchange
from tests.llm_server.faults import broken, errors, good, http, spoilt  # noqa: F401 (they enter themselves)
from tests.llm_server.faults.registry import FAULTS
from tests.llm_server.wire import Dialect, Refuse

__all__ = ["FAULTS", "play"]


def play(exchange: Exchange, dialect: Dialect, behaviour: str) -> None:
    """Answer one request as told; a request for the list of models knows `ok` and failures."""
    name, *pairs = behaviour.split(",")
    options = {key: float(value) for key, value in (pair.split("=") for pair in pairs)}
    received = exchange.received
    if received.method == "GET":
        if name == "ok":
            exchange.json(dialect.models())
            return
        ask = Ask(model="", stream=False)
    else:
        try:
            ask = dialect.read(received)
        except Refuse as refuse:
            exchange.error(dialect.failure(refuse.kind, Ask("", stream=False), received.key, refuse.message))
            return
    FAULTS[name](exchange, dialect, ask, options)
