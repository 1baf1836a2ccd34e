"""The HTTP client: the only place that speaks HTTP to a venue. One request, once; no answer is an answer, too.

What the library leaves open is closed here: no redirect followed (it would carry the key to whoever it names), no
proxy or password from the environment, a time limit, a bounded answer.
"""

from collections.abc import Callable
from types import SimpleNamespace

import aiohttp

from catui.venues.binance.rest import HttpAnswer, HttpRequest
from catui.venues.connection import OPEN_S, blocked_s

TOTAL_S = 10.0
MAX_ANSWER = 16 * 1024 * 1024


class Client:
    """Asks one venue. `key` goes with every request, in the venue's header."""

    def __init__(self, url: str, key: str = "") -> None:
        self._url = url
        self._headers = {"X-MBX-APIKEY": key} if key else {}
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, request: HttpRequest, before_write: Callable[[], None] | None = None) -> HttpAnswer:
        """The answer to a request; of status 0 if none came, with why.

        `before_write` is called when a connection is there and nothing was written yet. If it was not called, there
        was no connection: no byte has left.
        """
        if self._session is None:
            self._session = self._opened()
        url = f"{self._url}{request.path}" + (f"?{request.query}" if request.query else "")
        try:
            async with self._session.request(
                request.method, url, allow_redirects=False, trace_request_ctx=before_write
            ) as response:
                wait_s = blocked_s(response.status, response.headers)
                return HttpAnswer(response.status, await _text(response), wait_s)
        except (aiohttp.ClientError, TimeoutError, OSError, UnicodeDecodeError) as error:
            return HttpAnswer(0, type(error).__name__)  # its text may hold the URL, and with it the signature

    async def close(self) -> None:
        """End the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        trace = aiohttp.TraceConfig()
        trace.on_connection_create_end.append(_before_write)
        trace.on_connection_reuseconn.append(_before_write)
        return aiohttp.ClientSession(
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=TOTAL_S, connect=OPEN_S / 2),
            headers=self._headers,
            trace_configs=[trace],
        )


async def _before_write(_: aiohttp.ClientSession, context: SimpleNamespace, __: object) -> None:
    before_write = context.trace_request_ctx
    if before_write is not None:
        before_write()


async def _text(response: aiohttp.ClientResponse) -> str:
    """The body, bounded as it is when unpacked. OSError: it is larger than any answer that we ask for."""
    body = bytearray()
    async for part in response.content.iter_chunked(65_536):
        body += part
        if len(body) > MAX_ANSWER:
            raise OSError("the answer is too large")
    return body.decode()
