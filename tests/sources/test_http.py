from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx
import pytest

from bot.errors import BackOff, BadBody, SettingsError, SourceError
from bot.sources.http import Body, OutageError, Web, only_if_changed
from bot.sources.waiting import pauses, retry_after, within

URL = "https://rss.example.org/rss/cs.CL"


class FakeClock:
    """Stands still but for what is slept."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


class Service:
    """Gives its answers one after the other, the last one for ever, and remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]):
        self.answers = list(answers)
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            return answer(request)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def client(service: Callable[[httpx.Request], httpx.Response], clock: FakeClock | None = None, **settings: Any) -> Web:
    times = {"sleep": clock.sleep, "monotonic": clock.monotonic} if clock else {}
    return Web(user_agent="qiaojin/1 (me@example.org)", transport=httpx.MockTransport(service), **times, **settings)


def content(body: Body) -> bytes:
    return body.content


def get(web: Web, **more: Any) -> bytes:
    return web.get(URL, accept="text/xml", parse=content, **more)


def test_every_request_says_who_asks_and_what_it_accepts() -> None:
    service = Service(httpx.Response(200, content=b"good"))
    assert get(client(service), headers={"If-None-Match": '"1"'}) == b"good"
    sent = service.asked[0].headers
    assert (sent["User-Agent"], sent["Accept"], sent["If-None-Match"]) == (
        "qiaojin/1 (me@example.org)",
        "text/xml",
        '"1"',
    )


def test_parameters_are_added_to_the_address() -> None:
    service = Service(httpx.Response(200, content=b"[]"))
    client(service).get(URL, {"date": "2026-06-17", "p": 0}, accept="text/xml", parse=content)
    assert str(service.asked[0].url) == f"{URL}?date=2026-06-17&p=0"


def test_the_caller_hears_of_an_unchanged_page() -> None:
    service = Service(httpx.Response(304, headers={"ETag": '"1"'}))
    body = client(service).get(URL, accept="text/xml", parse=lambda body: body)
    assert (body.status, body.content, body.etag) == (304, b"", '"1"')


@pytest.mark.parametrize("status", [429, 503, 406])
def test_a_wish_to_wait_is_granted_and_the_page_asked_for_again(status: int, clock: FakeClock) -> None:
    service = Service(httpx.Response(status, headers={"Retry-After": "7"}), httpx.Response(200, content=b"good"))
    assert get(client(service, clock)) == b"good"
    assert clock.slept == [7]


def test_rate_exceeded_is_a_wish_to_wait_even_with_status_200(clock: FakeClock) -> None:
    service = Service(httpx.Response(200, content=b"Rate exceeded.\n"), httpx.Response(200, content=b"good"))
    assert get(client(service, clock)) == b"good"
    assert len(clock.slept) == 1


def test_a_wait_that_patience_does_not_cover_ends_at_once(clock: FakeClock) -> None:
    service = Service(httpx.Response(503, headers={"Retry-After": "3600"}))
    with pytest.raises(BackOff) as caught:
        get(client(service, clock))
    assert str(caught.value) == "rss.example.org: answered 503 (Service Unavailable), asked to wait 3600 s"
    assert (caught.value.retry_after, clock.slept, len(service.asked)) == (3600, [], 1)


def test_a_wish_to_wait_no_time_at_all_does_not_make_us_hammer(clock: FakeClock) -> None:
    service = Service(httpx.Response(429, headers={"Retry-After": "0"}))
    with pytest.raises(BackOff):
        get(client(service, clock))
    assert len(service.asked) < 12


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_refusal_is_final(status: int, clock: FakeClock) -> None:
    service = Service(httpx.Response(status))
    with pytest.raises(SourceError, match=f"answered {status}"):
        get(client(service, clock))
    assert (clock.slept, len(service.asked)) == ([], 1)


def test_a_refusal_comes_with_the_words_of_the_service() -> None:
    service = Service(httpx.Response(400, content=b"incorrect id"))
    with pytest.raises(SourceError, match=r"rss.example.org: answered 400 \(Bad Request\): incorrect id"):
        get(client(service), explain=bytes.decode)


@pytest.mark.parametrize(
    "fault",
    [
        httpx.Response(500),
        httpx.Response(502),
        httpx.Response(204),
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.RemoteProtocolError("reset"),
        httpx.ReadError("reset"),
        httpx.ProxyError("no proxy"),
        TimeoutError(),
    ],
    ids=repr,
)
def test_a_breakdown_is_tried_again_with_growing_pauses_until_patience_ends(
    fault: httpx.Response | Exception, clock: FakeClock
) -> None:
    assert get(client(Service(fault, fault, httpx.Response(200, content=b"good")), clock)) == b"good"
    before = clock.now
    with pytest.raises(SourceError, match=r"^rss\.example\.org: [a-z]") as caught:
        get(client(Service(fault), clock))
    assert isinstance(caught.value, OutageError | BadBody)
    assert 15 < clock.now - before < 30
    assert clock.slept[-1] > clock.slept[2] > 0


def test_a_body_that_the_parser_refuses_is_asked_for_again(clock: FakeClock) -> None:
    def parse(body: Body) -> bytes:
        if body.content != b"good":
            raise BadBody("not what it should be")
        return body.content

    web = client(Service(httpx.Response(200, content=b"bad"), httpx.Response(200, content=b"good")), clock)
    assert web.get(URL, accept="text/xml", parse=parse) == b"good"
    with pytest.raises(BadBody, match=r"^rss.example.org: not what it should be$"):
        client(Service(httpx.Response(200, content=b"bad")), clock).get(URL, accept="text/xml", parse=parse)


def test_an_error_that_the_parser_finds_for_good_is_final(clock: FakeClock) -> None:
    def parse(body: Body) -> bytes:
        raise SourceError("all bad")

    service = Service(httpx.Response(200, content=b"x"))
    with pytest.raises(SourceError, match=r"^rss.example.org: all bad$"):
        client(service, clock).get(URL, accept="text/xml", parse=parse)
    assert len(service.asked) == 1


def test_patience_counts_anew_for_each_page(clock: FakeClock) -> None:
    web = client(
        Service(*[httpx.Response(503, headers={"Retry-After": "20"}), httpx.Response(200, content=b"1")] * 2), clock
    )
    assert (get(web), get(web)) == (b"1", b"1")
    assert clock.slept == [20, 20]


@pytest.mark.parametrize(("patience", "tries"), [(29.9, 1), (30.0, 2)])
def test_a_try_that_would_have_no_time_is_not_made(patience: float, tries: int, clock: FakeClock) -> None:
    service = Service(httpx.Response(503, headers={"Retry-After": "29"}))
    with pytest.raises(BackOff):
        get(client(service, clock, patience=patience))
    assert len(service.asked) == tries


def test_each_try_waits_for_its_permitted_moment(clock: FakeClock) -> None:
    seen: list[str] = []

    @contextmanager
    def gate() -> Iterator[None]:
        seen.append("permitted")
        yield
        seen.append("over")

    service = Service(httpx.Response(500), httpx.Response(200, content=b"good"))
    get(client(service, clock), gate=gate)
    assert seen == ["permitted", "over"] * 2


def test_a_moment_that_never_comes_ends_with_patience(clock: FakeClock) -> None:
    @contextmanager
    def gate() -> Iterator[None]:
        clock.now += 31
        yield

    service = Service(httpx.Response(200, content=b"good"))
    with pytest.raises(SourceError, match="no request was permitted in time"):
        get(client(service, clock), gate=gate)
    assert not service.asked


def test_a_body_is_bounded_after_it_is_decompressed() -> None:
    def bomb(request: httpx.Request) -> httpx.Response:
        packed = gzip.compress(bytes(2_000_000))
        assert len(packed) < 10_000
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Bytes(packed))

    with pytest.raises(BadBody, match=r"a body of more than 1 MB"):
        get(client(bomb, FakeClock(), max_bytes=1_000_000))


@pytest.mark.parametrize("coding", ["br", "gzip, gzip, gzip"])
def test_a_body_packed_in_an_unasked_way_is_not_unpacked(coding: str) -> None:
    def packed(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": coding}, stream=Bytes(b"x"))

    with pytest.raises(BadBody, match="compressed in a way"):
        get(client(packed, FakeClock()))


def test_a_body_that_does_not_unpack_is_bad() -> None:
    def packed(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=Bytes(b"no gzip at all"))

    with pytest.raises(BadBody, match="cannot be decompressed"):
        get(client(packed, FakeClock()))


class Bytes(httpx.SyncByteStream):
    def __init__(self, *pieces: bytes, pause: float = 0.0):
        self.pieces, self.pause = pieces, pause

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            time.sleep(self.pause)
            yield piece


def test_a_dripping_body_ends_with_patience() -> None:
    web = client(lambda request: httpx.Response(200, stream=Bytes(*[b"x"] * 100, pause=0.05)), patience=0.3)
    assert_ends_soon(lambda: get(web))


def test_a_service_that_never_answers_ends_with_patience() -> None:
    silent = threading.Event()

    def hang(request: httpx.Request) -> httpx.Response:
        silent.wait(5)
        return httpx.Response(200)

    assert_ends_soon(lambda: get(client(hang, patience=0.3)))
    silent.set()


def test_headers_that_drip_in_end_with_patience() -> None:
    """Each byte starts the socket's time-out anew: httpx alone would wait for minutes."""
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=drip, args=(server, over))
        thread.start()
        with Web(user_agent="x", patience=0.4, timeout=0.2) as web:
            url = f"http://127.0.0.1:{server.getsockname()[1]}/"
            assert_ends_soon(lambda: web.get(url, accept="text/xml", parse=content))
            over.set()
            thread.join()
            time.sleep(0.1)


def drip(server: socket.socket, over: threading.Event) -> None:
    connection, _ = server.accept()
    with connection:
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not over.wait(0.05):
            connection.sendall(b"x")


def assert_ends_soon(call: Callable[[], object]) -> None:
    start = time.monotonic()
    with pytest.raises(OutageError, match="did not answer in time"):
        call()
    assert time.monotonic() - start < 1.0


def test_redirects_are_followed() -> None:
    def service(request: httpx.Request) -> httpx.Response:
        if request.url.host == "rss.example.org":
            return httpx.Response(301, headers={"Location": "https://elsewhere.example.org/feed"})
        return httpx.Response(200, content=request.headers["Accept"].encode())

    assert get(client(service)) == b"text/xml"


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (URL, "redirects without end"),
        ("file:///etc/passwd", "not a web address"),
        ("ftp://x.org/", "not a web address"),
    ],
)
def test_redirects_lead_nowhere_else(target: str, words: str, clock: FakeClock) -> None:
    service = Service(httpx.Response(302, headers={"Location": target}))
    with pytest.raises(SourceError, match=words):
        get(client(service, clock))
    assert len(service.asked) <= 5
    assert not clock.slept


@pytest.mark.parametrize("url", ["", "no address", "file:///etc/passwd", "http://", "http://[::1", "http://a:b:c/"])
def test_what_is_no_web_address_is_not_asked_for(url: str) -> None:
    with pytest.raises(SourceError, match="not a web address"):
        client(Service(httpx.Response(200))).get(url, accept="text/xml", parse=content)


def test_messages_hold_no_password(clock: FakeClock) -> None:
    web = client(Service(httpx.ConnectError("https://me:hunter2@mirror.example.org refused")), clock)
    with pytest.raises(SourceError) as caught:
        web.get("https://me:hunter2@mirror.example.org/key=hunter2", accept="text/xml", parse=content)
    assert str(caught.value) == "mirror.example.org: cannot be reached"


def test_a_wrong_proxy_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError) as caught:
        Web(user_agent="x", proxy="gopher://me:hunter2@proxy.example.org")
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:9", "socks5://127.0.0.1:9", None, ""])
def test_proxies_of_both_kinds_are_understood(proxy: str | None) -> None:
    with Web(user_agent="x", proxy=proxy, patience=0.5) as web, pytest.raises(OutageError):  # nobody listens there
        web.get("http://127.0.0.1:9/", accept="*/*", parse=lambda body: body)


def test_retry_after_is_a_number_or_a_date() -> None:
    assert retry_after("120") == 120
    assert retry_after(" 5 ") == 5
    later = retry_after(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert later is not None
    assert 55 < later < 61
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    for nothing in ("", "soon", "-5", "1.5", "nan", "9" * 30, "Wed, 99 Oct 2015 07:28:00 GMT"):
        assert retry_after(nothing) is None


def test_pauses_grow_and_differ() -> None:
    first, second, third, *_, late = (pause for pause, _ in zip(pauses(), range(20), strict=False))
    assert 0.5 <= first <= 1 <= second <= 2 <= third <= 4 <= late <= 8
    assert first != next(pauses())


def test_within_hands_on_what_happened() -> None:
    assert within(1, lambda: 42) == 42
    with pytest.raises(ZeroDivisionError):
        within(1, lambda: 1 // 0)


def test_stamps_that_cannot_be_sent_back_are_left_out() -> None:
    assert only_if_changed('"é"', "") == {}
    assert only_if_changed('"1"', "today") == {"If-None-Match": '"1"', "If-Modified-Since": "today"}
