"""A server that speaks the three vendors' wire formats, and misbehaves on request.

    with LLMServer() as server:
        base_url = server.openai("fault/429-retry-after-seconds,wait=2")

Base URLs take a behaviour as path segments, so that any client can ask for it:
`fault/NAME` or `fault/NAME,key=value,...` (see `faults.py`), `as/LABEL` to tell callers apart.
"""

from tests.llm_server.answers import DEFAULT_TEXT
from tests.llm_server.faults import FAULTS
from tests.llm_server.received import Received
from tests.llm_server.server import LLMServer

__all__ = ["DEFAULT_TEXT", "FAULTS", "LLMServer", "Received"]
