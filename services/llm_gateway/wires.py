"""The two HTTP clients of a gateway, imported and made when first used.

httpx2 is a third of what Django itself weighs, and a process that never asks a model should not
carry it.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.llm_gateway.aio import AsyncHttpClient
    from services.llm_gateway.transport import HttpClient


class Wires:
    """Both clients; each opens nothing before its first request.

    `encrypted`: whether any provider is reached by https.
    """

    def __init__(self, *, encrypted: bool) -> None:
        self._encrypted = encrypted

    @cached_property
    def http(self) -> HttpClient:
        """The client for threads."""
        from services.llm_gateway.transport import HttpClient

        return HttpClient()

    @cached_property
    def async_http(self) -> AsyncHttpClient:
        """The client for event loops."""
        from services.llm_gateway.aio import AsyncHttpClient

        return AsyncHttpClient(encrypted=self._encrypted)

    def close(self) -> None:
        """Close the threads' connections."""
        if "http" in self.__dict__:
            self.http.close()

    async def aclose(self) -> None:
        """Close the running loop's connections."""
        if "async_http" in self.__dict__:
            await self.async_http.close()

    def after_fork(self) -> None:
        """Forget the parent's connections: they go on in the parent."""
        if "http" in self.__dict__:
            self.http.after_fork()
        if "async_http" in self.__dict__:
            self.async_http.after_fork()
