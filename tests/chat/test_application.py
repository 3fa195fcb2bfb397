"""The bot as a service, run as people run it: what it says when it cannot start, and how it ends.

These tests run the command in processes of its own, against a tiny Bot API on this machine.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from bot.chat.updates import CONFLICT_SECONDS
from tests.forks import Fork

TOKEN = "123456:" + "secret-of-the-bot"


class BotApi(ThreadingHTTPServer):
    """Answers every method; ``weather`` gives other answers by method."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.weather: dict[str, tuple[int, bytes]] = {}
        self.updates: list[dict[str, Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def count(self, method: str) -> int:
        return sum(called == method for called, _ in self.calls)

    def texts(self) -> list[str]:
        return [fields.get("text", "") for method, fields in self.calls if method == "sendMessage"]


class Handler(BaseHTTPRequestHandler):
    server: BotApi

    def do_POST(self) -> None:
        fields = {key: value[0] for key, value in parse_qs(self.rfile.read(int(self.headers["Content-Length"] or 0)).decode()).items()}  # noqa: E501  # fmt: skip
        method = self.path.rpartition("/")[2]
        self.server.calls.append((method, fields))
        code, body = self.server.weather.get(method) or (200, self.result(method, fields))
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def result(self, method: str, fields: dict[str, str]) -> bytes:
        result: Any = True
        if method == "getMe":
            result = {"id": 123456, "is_bot": True, "first_name": "Test", "username": "test_bot"}
        if method == "getUpdates":
            offset = int(fields.get("offset", 0))
            result = [update for update in self.server.updates if update["update_id"] >= offset]
            time.sleep(0 if result else 0.1)
        if method == "sendMessage":
            chat = {"id": int(fields["chat_id"]), "type": "private", "first_name": "A"}
            result = {"message_id": len(self.server.calls), "date": 1, "chat": chat, "text": fields["text"]}
        return json.dumps({"ok": True, "result": result}).encode()

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def api() -> Iterator[BotApi]:
    server = BotApi()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Running:
    """``qiaojin serve`` in a process of its own, a fork of one that has loaded it."""

    def __init__(self, folder: Path, api: BotApi | None = None, *, patience: float = CONFLICT_SECONDS, **settings: str):
        environment = environment_of(folder, api, **settings)
        constants = {"bot.chat.updates.CONFLICT_SECONDS": patience}
        self.process = Fork(["serve"], environment, folder / "told", constants)

    def ended(self, seconds: float = 90) -> tuple[int, str]:
        """Exit status, and all that was written."""
        return self.process.ended(seconds), self.process.told()

    def terminated(self) -> tuple[int, str, float]:
        began = time.monotonic()
        os.kill(self.process.pid, signal.SIGTERM)
        return *self.ended(30), time.monotonic() - began


def environment_of(folder: Path, api: BotApi | None, **settings: str) -> dict[str, str]:
    nowhere = "http://127.0.0.1:9"
    return {
        **os.environ, "QIAOJIN_CONFIG_DIR": str(folder / "config"), "QIAOJIN_DATA_DIR": str(folder / "data"),
        "QIAOJIN_ARXIV_API_URL": nowhere, "QIAOJIN_ARXIV_FEED_URL": nowhere, "QIAOJIN_HF_URL": nowhere,
        "QIAOJIN_TELEGRAM_API_URL": api.url if api else nowhere, "QIAOJIN_LANGUAGE": "en", **settings,
    }  # fmt: skip


def until(true: Any, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def say(text: str, number: int = 1) -> dict[str, Any]:
    person = {"id": 7, "is_bot": False, "first_name": "A", "language_code": "en"}
    entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text.startswith("/") else []
    chat = {"id": 7, "type": "private", "first_name": "A"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text, "entities": entities}
    return {"update_id": number, "message": message}


def test_without_a_token_it_says_how_to_get_one(tmp_path: Path) -> None:
    status, told = Running(tmp_path).ended()
    assert status == 2
    assert "@BotFather" in told
    assert "make demo" in told
    assert len(told.strip().splitlines()) == 1


def test_a_token_that_is_none_is_not_shown(tmp_path: Path) -> None:
    status, told = Running(tmp_path, QIAOJIN_TELEGRAM_TOKEN="not-a-token-but-secret").ended()
    assert (status, "not-a-token" in told) == (2, False)


@pytest.mark.parametrize("code", [401, 404])
def test_a_revoked_token_is_one_clear_line(tmp_path: Path, api: BotApi, code: int) -> None:
    api.weather["getMe"] = (code, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}')
    status, told = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN).ended()
    assert (status, len(told.strip().splitlines())) == (2, 1)
    assert "refuses the token" in told


def test_a_token_that_is_revoked_while_we_serve_ends_it(tmp_path: Path, api: BotApi) -> None:
    running = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN)
    until(lambda: api.count("getUpdates") > 1)
    api.weather["getUpdates"] = (401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}')
    status, told = running.ended()
    assert (status, told.count("refuses the token")) == (2, 1)
    assert "Traceback" not in told


def test_it_answers_and_stops_cleanly(tmp_path: Path, api: BotApi) -> None:
    """This one is started as a shell starts it."""
    environment = environment_of(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN)
    command = [sys.executable, "-m", "bot", "serve"]
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, env=environment, text=True, **pipes) as process:
        until(lambda: api.count("getUpdates") > 1)
        api.updates.append(say("/help"))
        until(lambda: api.texts())
        began = time.monotonic()
        process.terminate()
        told, _ = process.communicate(timeout=30)
    assert (process.returncode, time.monotonic() - began < 10) == (0, True)
    assert "Traceback" not in told
    assert TOKEN.partition(":")[2] not in told
    asked = [fields for method, fields in api.calls if method == "getUpdates"]
    assert "message_reaction" in asked[0]["allowed_updates"]
    assert asked[-1]["offset"] == "2", "what was answered is confirmed"


def test_what_came_is_answered_by_the_next_process_where_this_one_was_killed(tmp_path: Path, api: BotApi) -> None:
    """And a second process beside the first is refused in one line."""
    first = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN)
    until(lambda: api.count("getUpdates") > 1)
    status, told = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN).ended()
    assert (status, len(told.strip().splitlines())) == (2, 1)
    assert f"Process {first.process.pid} already serves" in told
    api.weather["sendMessage"] = (502, b"<html>")
    api.updates.append(say("/help"))
    until(lambda: any(method == "getUpdates" and fields.get("offset") == "2" for method, fields in api.calls))
    os.kill(first.process.pid, signal.SIGKILL)
    assert first.ended()[0] == -signal.SIGKILL
    api.updates.clear()
    api.calls.clear()
    del api.weather["sendMessage"]
    second = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN)
    until(lambda: api.texts())
    assert second.terminated()[0] == 0
    assert len(api.texts()) == 1


def test_menus_are_set_in_both_languages(tmp_path: Path, api: BotApi) -> None:
    running = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN)
    until(lambda: api.count("setMyCommands") == 2)
    running.terminated()
    menus = {fields.get("language_code", ""): json.loads(fields["commands"]) for method, fields in api.calls if method == "setMyCommands"}  # noqa: E501  # fmt: skip
    assert set(menus) == {"", "zh"}
    assert [entry["command"] for entry in menus["zh"]] == [entry["command"] for entry in menus[""]]


def test_a_telegram_that_does_not_answer_at_first_is_waited_for(tmp_path: Path, api: BotApi) -> None:
    api.weather["getMe"] = (502, b"<html>")
    running = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN)
    until(lambda: api.count("getMe") > 2)
    del api.weather["getMe"]
    until(lambda: api.count("getUpdates") > 0)
    status, told, _ = running.terminated()
    assert (status, TOKEN in told) == (0, False)


def test_it_stops_while_telegram_does_not_answer(tmp_path: Path, api: BotApi) -> None:
    api.weather["getMe"] = (502, b"<html>")
    running = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN)
    until(lambda: api.count("getMe") > 0)
    status, _, seconds = running.terminated()
    assert (status, seconds < 10) == (0, True)


CONFLICT = (409, b'{"ok": false, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}')


def test_one_conflict_stops_nobody(tmp_path: Path, api: BotApi) -> None:
    running = Running(tmp_path, api, QIAOJIN_TELEGRAM_TOKEN=TOKEN)
    until(lambda: api.count("getUpdates") > 1)
    api.weather["getUpdates"] = CONFLICT
    time.sleep(3)
    del api.weather["getUpdates"]
    api.updates.append(say("/help"))
    until(lambda: api.texts())
    assert running.terminated()[0] == 0


def test_conflicts_that_last_are_one_clear_line(tmp_path: Path, api: BotApi) -> None:
    """Half a minute is borne; here, so that nobody has to wait for it, four seconds."""
    assert CONFLICT_SECONDS == 30
    running = Running(tmp_path, api, patience=4, QIAOJIN_TELEGRAM_TOKEN=TOKEN)
    until(lambda: api.count("getUpdates") > 1)
    api.weather["getUpdates"] = CONFLICT
    began = time.monotonic()
    status, told = running.ended()
    assert (status, told.count("same token")) == (2, 1)
    assert time.monotonic() - began > 3
    assert "Traceback" not in told
