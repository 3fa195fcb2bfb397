"""The one HTTP client: it says who it is, bounds what it takes, and knows when to wait and when to stop.

get = wait for the permitted moment | send | read, bounded | judge the status | parse
      and all of it again, with growing pauses, for as long as its patience lasts
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self, TypeVar

import httpx

from bot import counting
from bot.errors import BackOff, BadBody, SettingsError, SourceError
from bot.sources.waiting import pauses, retry_after, within

T = TypeVar("T")
Gate = Callable[[], AbstractContextManager[object]]
"""Makes a context manager that waits for the moment at which the next request is permitted."""

MOST_HOPS = 5
SHORTEST_TRY = 1.0
"""Seconds that must be left for another try: one that is cut off at once would only hide what went wrong before."""

COME_BACK_LATER = {406, 429, 503}
"""arXiv says 406 where others say 429: https://github.com/lukasschwab/arxiv.py/issues/217"""


@dataclass(frozen=True, slots=True)
class Body:
    """An answer worth parsing: 200 with its content, or 304 without."""

    status: int
    content: bytes = b""
    headers: Mapping[str, str] = field(default_factory=httpx.Headers)

    @property
    def etag(self) -> str:
        return self.headers.get("ETag", "")

    @property
    def last_modified(self) -> str:
        return self.headers.get("Last-Modified", "")


class OutageError(SourceError):
    """It could not be reached or broke down: worth another try, and not its wish that we wait."""


class Web:
    """Asks services. ``patience`` bounds one ``get`` with all its waiting, ``timeout`` one step of it (both seconds).

    ``max_bytes`` bounds a body after it has been decompressed.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        proxy: str | None = None,
        timeout: float = 10.0,
        patience: float = 30.0,
        max_bytes: int = 40_000_000,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ):
        try:
            self._proxy = httpx.Proxy(proxy) if proxy else None
        except (ValueError, httpx.InvalidURL) as error:
            raise SettingsError("The proxy's address is wrong: http://, https:// or socks5:// is allowed") from error
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip"}
        self._transport = transport
        self._timeout = timeout
        self._patience = patience
        self._max_bytes = max_bytes
        self._sleep = sleep
        self._monotonic = monotonic

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _client(self) -> httpx.Client:
        """Made for the first question: to read the certificates that it trusts takes as long as many a command."""
        return httpx.Client(headers=self._headers, proxy=self._proxy, transport=self._transport)

    def close(self) -> None:
        if "_client" in vars(self):
            self._client.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str | int] | None = None,
        *,
        accept: str,
        headers: Mapping[str, str] | None = None,
        parse: Callable[[Body], T],
        gate: Gate | None = None,
        explain: Callable[[bytes], str] = lambda content: "",
    ) -> T:
        """What ``parse`` makes of the answer; raises SourceError, which names the host and what happened.

        What passes by itself is tried again until patience ends: a BackOff (raised at once, where it asks for a longer
        wait), a breakdown, a BadBody that ``parse`` raises. ``explain`` finds the service's own words in a 4xx body.
        """
        url, host = address(url, params)
        deadline = self._monotonic() + self._patience
        asked = {"Accept": accept, **(headers or {})}
        for pause in pauses():
            try:
                with (gate or nullcontext)():
                    body = self._attempt(url, host, asked, deadline)
                judge(host, body, explain)
                return named(host, parse, body)
            except SourceError as error:
                note_trouble(host, error)
                if not isinstance(error, BackOff | BadBody | OutageError):
                    raise
                wait = max(pause, getattr(error, "retry_after", None) or 0.0)
                if self._monotonic() + wait + SHORTEST_TRY > deadline:
                    raise
            self._sleep(wait)
        raise AssertionError("pauses never end")

    def _attempt(self, url: str, host: str, headers: Mapping[str, str], deadline: float) -> Body:
        """One request, over by ``deadline`` whatever the service does."""
        seconds = deadline - self._monotonic()
        if seconds <= 0:
            raise OutageError(f"{host}: no request was permitted in time")
        request = self._client.build_request("GET", url, headers=headers, timeout=min(self._timeout, seconds))
        try:
            return within(seconds, lambda: self._receive(request, deadline))
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL) as error:
            raise trouble(host, error) from error
        except BadBody as error:
            raise BadBody(f"{host}: {error}") from error

    def _receive(self, request: httpx.Request, deadline: float) -> Body:
        """The answer, redirects followed; httpx's own following would read their bodies without bounds."""
        for _ in range(MOST_HOPS):
            if request.url.scheme not in {"http", "https"}:
                raise httpx.UnsupportedProtocol(request.url.scheme)
            with closing(self._client.send(request, stream=True)) as response:
                if response.next_request is None:
                    return Body(response.status_code, self._content(response, deadline), response.headers)
                request = response.next_request
        raise httpx.TooManyRedirects("")

    def _content(self, response: httpx.Response, deadline: float) -> bytes:
        """The decompressed body; raises BadBody as soon as it is too large."""
        if response.headers.get("Content-Encoding", "identity").lower() not in {"identity", "gzip", "deflate"}:
            raise BadBody("a body that is compressed in a way we did not ask for")
        content = bytearray()
        for piece in response.iter_bytes():
            content += piece
            if len(content) > self._max_bytes:
                raise BadBody(f"a body of more than {self._max_bytes / 1e6:g} MB")
            if self._monotonic() > deadline:
                raise TimeoutError
        return bytes(content)


def address(url: str, params: Mapping[str, str | int] | None) -> tuple[str, str]:
    """The whole address and the host that messages name; raises SourceError for what is no web address."""
    try:
        parts = httpx.URL(url) if params is None else httpx.URL(url, params=dict(params))
    except httpx.InvalidURL as error:
        raise SourceError("not a web address") from error
    if parts.scheme not in {"http", "https"} or not parts.host:
        raise SourceError("not a web address")
    return str(parts), parts.host


def note_trouble(host: str, error: SourceError) -> None:
    """Count a try that failed."""
    if isinstance(error, BackOff):
        counting.note("back_offs", host=host)
    else:
        counting.note("source_errors", host=host, kind=type(error).__name__.removesuffix("Error"))


def trouble(host: str, error: Exception) -> SourceError:
    """What stopped a request, without the address, which may hold a password."""
    match error:
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return SourceError(f"{host}: led to something that is not a web address")
        case httpx.TooManyRedirects():
            return SourceError(f"{host}: redirects without end")
        case httpx.DecodingError():
            return BadBody(f"{host}: a body that cannot be decompressed")
        case TimeoutError() | httpx.TimeoutException():
            return OutageError(f"{host}: did not answer in time")
        case httpx.ProxyError():
            return OutageError(f"{host}: cannot be reached through the proxy")
        case httpx.ConnectError():
            return OutageError(f"{host}: cannot be reached")
    return OutageError(f"{host}: broke off the connection")


def judge(host: str, body: Body, explain: Callable[[bytes], str]) -> None:
    """Raises what a status other than 200 and 304 means."""
    said = f"{host}: answered {body.status} ({httpx.codes.get_reason_phrase(body.status) or 'unknown status'})"
    if body.status in COME_BACK_LATER or is_rate_limited(body):
        seconds = retry_after(body.headers.get("Retry-After", ""))
        wish = "" if seconds is None else f", asked to wait {seconds:.0f} s"
        raise BackOff((said if body.status != 200 else f"{host}: said 'Rate exceeded.'") + wish, seconds)
    if body.status >= 500:
        raise OutageError(said)
    if body.status >= 400:
        raise SourceError(f"{said}: {words}" if (words := explain(body.content)[:200]) else said)
    if body.status not in {200, 304}:
        raise BadBody(said)


def named(host: str, parse: Callable[[Body], T], body: Body) -> T:
    """The parsed body; an error of ``parse`` gets the host's name before its words."""
    try:
        return parse(body)
    except SourceError as error:
        error.args = (f"{host}: {error}",)
        raise


def is_rate_limited(body: Body) -> bool:
    """arXiv also says so in a 200 whose whole body is ``Rate exceeded.``"""
    return body.content[:100].strip().lower().startswith(b"rate exceeded")


def only_if_changed(etag: str, last_modified: str) -> dict[str, str]:
    """The headers of a conditional request; a stamp that is no ASCII cannot be sent back."""
    stamps = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: stamp for name, stamp in stamps.items() if stamp and stamp.isascii()}
