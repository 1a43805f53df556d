"""The project behind a plain server of WSGI, a thread a request: `python -m tests.e2e.wsgi_server PORT`."""

from __future__ import annotations

import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from config.demo import HOST
from config.wsgi import application


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


if __name__ == "__main__":
    make_server(HOST, int(sys.argv[1]), application, _Server, _Quiet).serve_forever()
