"""The project's settings with the peer's path in place of the house's."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.peer_drf.urls"
