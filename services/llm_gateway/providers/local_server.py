"""The local model's own process: it serves one GGUF on 127.0.0.1 until its parent lets go.

Run as a script, so that it imports the engine and nothing of the gateway. It reads one line of
JSON from standard input (the settings), answers one line of JSON (`address`, or `fault`), and
serves OpenAI's dialect until standard input ends: when the gateway unloads the model, and also
when the gateway's process dies in any way.

Why not in the gateway's process: loading holds Python's global lock, so every thread stood still
for as long as it took (46 s with a model of 300 layers); unloading may wait for ever; a forked
child cannot exit; and an assertion in C++ would end the web server. All measured with xllamacpp
2026.10; here, each of them ends at worst this process.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

# The engine writes why it could not load from a thread of its own, which our exit would cut short.
_LOG_S = 0.3


def serve(settings: dict[str, Any]) -> Any:
    """Load the model and return the server, which serves until it is let go."""
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = settings["path"]
    params.model_alias = {settings["model"]}
    params.n_parallel = settings["slots"]
    params.n_ctx = settings["context_tokens"] * settings["slots"]  # each slot has its share
    params.fit_params = False  # the context is what the operator said, not what is left of memory
    params.cache_ram_mib = 0  # else up to 8 GiB of other people's prompts
    params.warmup = False
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = settings["threads"]
    params.n_threads_http = settings["connections"]
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [settings["key"]]
    params.cors_origins = ""
    params.ui = params.endpoint_slots = params.endpoint_props = params.endpoint_metrics = False
    params.verbosity = 1  # errors alone, and never a prompt
    return xllamacpp.Server(params)


def main() -> None:
    """Serve until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C at the terminal is the parent's to handle
    settings = json.loads(sys.stdin.readline())
    try:
        server = serve(settings)
        print(json.dumps({"address": server.listening_address}), flush=True)  # noqa: T201 - the parent reads it
        sys.stdin.read()
    except RuntimeError as error:
        time.sleep(_LOG_S)
        print(json.dumps({"fault": str(error)}), flush=True)  # noqa: T201
    finally:
        os._exit(0)  # past the engine's destructors, which may wait for ever


if __name__ == "__main__":
    main()
