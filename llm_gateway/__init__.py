"""The gateway under its documented name: re-exports `services.llm_gateway`, nothing else."""

from services.llm_gateway import *  # noqa: F403
from services.llm_gateway import __all__  # noqa: F401
