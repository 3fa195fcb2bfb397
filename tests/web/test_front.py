"""The web part on a real socket: alone in a loop, and inside the bot as people run it."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from bot.errors import UsageError
from bot.kit import Kit
from bot.web import Front
from bot.web.front import LARGEST_HEAD
from bot.web.webhook import SECRET_HEADER
from tests.chat.test_application import TOKEN, BotApi, Running, api, say, until
from tests.web.conftest import Behind

__all__ = ["api"]


def fetched(url: str) -> tuple[int, str]:
    return answered(Request(url))


def posted(url: str, secret: str) -> int:
    headers = {"Content-Type": "application/json", SECRET_HEADER: secret}
    return answered(Request(url, json.dumps(say("/help")).encode(), headers))[0]


def answered(request: Request) -> tuple[int, str]:
    try:
        with urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.fixture
def front(open_stub: Any, behind: Behind) -> Any:
    with open_stub(web_listen="127.0.0.1:0") as kit:
        yield Front(kit, behind.calendars.get)


async def test_it_answers_until_it_is_stopped_and_leaves_the_signals_alone(front: Front, behind: Behind) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    await front.start(behind.take)
    assert await asyncio.to_thread(fetched, f"http://127.0.0.1:{front.port}/healthz") == (200, "ok\n")
    assert (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)) == before
    await asyncio.wait_for(front.stop(), 9)
    with pytest.raises(OSError, match="refused"):
        await asyncio.to_thread(fetched, f"http://127.0.0.1:{front.port}/healthz")


async def test_a_connection_that_says_nothing_does_not_hold_up_the_stop(front: Front, behind: Behind) -> None:
    await front.start(behind.take)
    _, writer = await asyncio.open_connection("127.0.0.1", front.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
    await writer.drain()
    await asyncio.wait_for(front.stop(), 9)
    writer.close()


async def test_a_head_without_end_is_refused(front: Front, behind: Behind) -> None:
    await front.start(behind.take)
    reader, writer = await asyncio.open_connection("127.0.0.1", front.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nX: " + b"a" * (2 * LARGEST_HEAD))
    await writer.drain()
    assert (await asyncio.wait_for(reader.read(), 30)).startswith(b"HTTP/1.1 400")
    writer.close()
    await front.stop()


async def test_an_address_that_is_taken_is_named_together_with_its_setting(kit: Kit, behind: Behind) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        taken = kit.settings.model_copy(update={"web_listen": address})
        object.__setattr__(kit, "settings", taken)
        with pytest.raises(UsageError, match=rf"QIAOJIN_WEB_LISTEN: cannot listen on {address}: Address already"):
            await Front(kit, behind.calendars.get).start(behind.take)


async def test_a_front_that_never_started_can_be_stopped(front: Front) -> None:
    await front.stop()


# --- inside the bot ---------------------------------------------------------------------------------------------------


def test_the_bot_takes_a_webhook_and_tells_how_it_is(tmp_path: Path, api: BotApi, unused_tcp_port: int) -> None:
    here = f"127.0.0.1:{unused_tcp_port}"
    api.weather["getMe"] = (502, b"<html>")
    running = Running(
        tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN, QIAOJIN_TELEGRAM_WEBHOOK_URL=f"http://{here}/telegram/long-hook",
        QIAOJIN_WEB_LISTEN=here, QIAOJIN_LOG_FORMAT="json", QIAOJIN_LOG_LEVEL="debug",
    )  # fmt: skip
    until(lambda: api.count("getMe") > 0)
    assert fetched(f"http://{here}/healthz")[0] == 200, "it answers although Telegram does not"
    assert json.loads(fetched(f"http://{here}/readyz")[1])["checks"]["start"]["ok"] is False
    del api.weather["getMe"]
    until(lambda: api.count("setWebhook") > 0)
    hook = next(fields for method, fields in api.calls if method == "setWebhook")
    assert len(hook["secret_token"]) > 20
    assert "secret-of" not in hook["secret_token"]
    assert posted(hook["url"], "wrong") == 403
    assert posted(hook["url"], hook["secret_token"]) == 200
    until(lambda: api.texts())
    until(lambda: fetched(f"http://{here}/readyz")[0] == 200)
    checks = json.loads(fetched(f"http://{here}/readyz")[1])["checks"]
    assert set(checks) == {"database", "schema", "clock", "outbox"}
    until(lambda: "qiaojin_holds_clock 1.0" in fetched(f"http://{here}/metrics")[1])  # it is taken in a thread, aside
    told = fetched(f"http://{here}/metrics")[1]
    for line in ('qiaojin_updates_total{kind="message"} 1.0', "qiaojin_holds_clock 1.0", "qiaojin_database_up 1.0"):
        assert line in told
    assert "qiaojin_telegram_errors_total{kind=" in told
    status, log, _ = running.terminated()
    assert (status, "Traceback" in log) == (0, False)
    lines = [json.loads(line) for line in log.splitlines()]
    assert ("webhook", 403) in {(line.get("route"), line.get("status")) for line in lines}
    assert not any(secret in log for secret in ("secret-of-the-bot", hook["secret_token"], "long-hook"))


def test_an_address_that_is_taken_ends_the_bot_with_one_clear_line(tmp_path: Path, api: BotApi) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        status, told = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN, QIAOJIN_WEB_LISTEN=address).ended()
    assert (status, "QIAOJIN_WEB_LISTEN" in told, "Traceback" in told) == (2, True, False)
    assert api.calls == []
