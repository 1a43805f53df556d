"""What `make run` does: bring the data up to date, load the demo once, serve it.

`python -m config.demo [--port 8000]`. Everything it keeps is in DATA_DIR; a second run finds it there.
"""

from __future__ import annotations

import argparse
import io
import os
import socket
import sys
from pathlib import Path

HOST = "127.0.0.1"
FIRST_PORT = 8000
PORTS_TRIED = 20


def main() -> None:
    """Prepare, tell where and how to enter, and become the web server."""
    parser = argparse.ArgumentParser(description="Serve the Mosaite demo.")
    parser.add_argument("--port", type=int, help=f"default: the first free one from {FIRST_PORT}")
    port = free_port(parser.parse_args().port)
    use_demo_environment()
    sys.stdout.write(prepare(port))
    sys.stdout.flush()
    serve(port)


def free_port(wanted: int | None) -> int:
    """Return the port to serve on; leave with a sentence when the wanted one is taken."""
    candidates = [wanted] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except (OSError, OverflowError):
                continue
        return port
    sys.exit(f"Port {candidates[0]} of {HOST} cannot be had: another program has it. Try: make run PORT=8765")


def use_demo_environment() -> None:
    """Serve as in production, save that the secret is made on first run; what is set already stands."""
    from config import env

    base_dir = Path(__file__).resolve().parent.parent
    env.load_files(base_dir)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DEBUG", "false")
    os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1,localhost")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    data_dir = Path(env.text("DATA_DIR", str(base_dir / "data")))
    os.environ["SECRET_KEY"] = env.secret_key("SECRET_KEY", debug=True, private_file=data_dir / "secret_key")


WEB_ENVIRONMENT = {
    # glibc keeps a heap for each thread that allocates: one for all is 6 MB less and no slower under the GIL.
    "MALLOC_ARENA_MAX": "1",
    # A password's hash takes 19 MB for a moment. Left to itself glibc learns from the first one to keep them.
    "MALLOC_MMAP_THRESHOLD_": str(1 << 20),
    # And to give back each 128 KB that are free, which the assistant's network takes again with every product.
    "MALLOC_TRIM_THRESHOLD_": str(1 << 19),
    # Code without its columns, which a traceback would underline: lines are told as ever.
    "PYTHONNODEBUGRANGES": "1",
}


def prepare(port: int) -> str:
    """Migrate, load what is missing, and return what to tell the visitor."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("init_dashboard_data", if_empty=True, history=True)
    call_command("init_plan_cuentas", stdout=io.StringIO())
    call_command("init_exercises", demo=True, stdout=io.StringIO())
    call_command("init_chat", no_vectors=True, stdout=io.StringIO())
    from django.conf import settings

    from apps.chat.service import assistant

    # A minute's work of one processor, the first time: words answer meanwhile.
    assistant().embed_in_background()

    return (
        f"\nMosaite is at http://{HOST}:{port}/ (the API, to try)."
        f"\nCtrl+C ends it. Everything is kept in {settings.DATA_DIR}.\n"
    )


def web_command(python: str, port: int) -> list[str]:
    """Return the words that start the web server with an interpreter.

    Without uvicorn's proxy headers: it believes X-Forwarded-For to any caller on this machine, who would get by
    the throttles with a new address each time. TRUSTED_PROXIES says whom we believe.
    """
    return [
        python, "-m", "uvicorn", "config.asgi:application", "--host", HOST, "--port", str(port),
        "--lifespan", "off", "--no-access-log", "--log-level", "warning", "--no-proxy-headers", "--no-server-header",
    ]


def serve(port: int) -> None:
    """Become the web server: a fresh process, without what the preparation loaded."""
    os.execve(sys.executable, web_command(sys.executable, port), WEB_ENVIRONMENT | os.environ)  # noqa: S606


if __name__ == "__main__":
    main()
