"""The doctor finds what is wrong with an installation, says what to do about it, and changes nothing."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot import charts, doctor
from bot.doctor import Finding, State, examine
from bot.sources import sample
from bot.store.engine import Store
from bot.wording import LANGUAGES, Words

TOKEN = "123:" + "secret-of-the-bot"
Look = Callable[..., dict[str, Finding]]


class Services:
    """The sample's services and a Bot API; ``weather`` gives other answers by a part of the path."""

    def __init__(self) -> None:
        self.weather: dict[str, Any] = {}
        self.webhook: dict[str, Any] = {"url": "", "pending_update_count": 0}
        self.date = datetime.now(UTC)

    def answer(self, request: httpx.Request) -> httpx.Response:
        for part, given in self.weather.items():
            if part in request.url.path:
                if isinstance(given, Exception):
                    raise given
                return httpx.Response(given)
        if "/bot" in request.url.path:
            is_me = request.url.path.endswith("getMe")
            response = httpx.Response(
                200, json={"ok": True, "result": {"username": "a_bot"} if is_me else self.webhook}
            )
        else:
            response = sample.transport().handle_request(request)
        response.headers["Date"] = format_datetime(self.date, usegmt=True)
        return response


@pytest.fixture
def services() -> Services:
    return Services()


@pytest.fixture
def look(environment: dict[str, str], services: Services, monkeypatch: pytest.MonkeyPatch) -> Look:
    monkeypatch.setattr(doctor, "PATIENCE", 2.0)

    def looked(**settings: str) -> dict[str, Finding]:
        good = {
            "QIAOJIN_TELEGRAM_TOKEN": TOKEN,
            "QIAOJIN_CONTACT": "me@example.org",
            "QIAOJIN_OWNERS": "1",
            **environment,
        }
        good.pop("QIAOJIN_NOW")
        transport = httpx.MockTransport(services.answer)
        found = list(examine({**good, **{f"QIAOJIN_{name}": value for name, value in settings.items()}}, transport))
        assert TOKEN not in repr(found)
        return {finding.check: finding for finding in found}

    return looked


def told(finding: Finding) -> tuple[State, str]:
    return finding.state, finding.what


def test_a_good_installation_has_nothing_to_complain_of(look: Look) -> None:
    found = look()
    assert {finding.state for check, finding in found.items() if check not in {"font", "disk"}} == {State.FINE}
    assert {"settings", "database", "files", "disk", "font", "arxiv_feed", "arxiv_api", "token", "clock"} <= set(found)
    assert found["token"].values["name"] == "a_bot"


def test_every_finding_can_be_told_in_both_languages(look: Look) -> None:
    for language in LANGUAGES:
        words = Words(language)
        for finding in [*look().values(), *look(TELEGRAM_TOKEN="", CONTACT="", OWNERS="", NOW="2026-06-17").values()]:
            assert words(finding.key, **finding.values)
            assert finding.state is State.FINE or words(f"{finding.key}.do", **finding.values)


def test_a_wrong_setting_is_all_there_is_to_say(look: Look) -> None:
    found = look(DIGEST_LIMIT="many")
    assert list(found) == ["settings"]
    assert found["settings"].state is State.WRONG
    assert "QIAOJIN_DIGEST_LIMIT" in str(Words("en").error(found["settings"].error))


@pytest.mark.parametrize("token", ["", "no token"])
def test_without_a_token_the_rest_is_looked_at_all_the_same(look: Look, token: str) -> None:
    found = look(TELEGRAM_TOKEN=token)
    assert told(found["token"]) == (State.WRONG, "malformed" if token else "missing")
    assert found["arxiv_feed"].state is State.FINE


def test_a_refused_token_is_told_from_a_telegram_out_of_reach(look: Look, services: Services) -> None:
    services.weather = {"/bot": 401}
    assert told(look()["token"]) == (State.WRONG, "refused")
    services.weather = {"/bot": httpx.ConnectError("")}
    assert told(look()["token"]) == (State.WRONG, "unreachable")


@pytest.mark.parametrize(
    ("path", "check"), [("/rss/", "arxiv_feed"), ("/api/query", "arxiv_api"), ("daily", "huggingface")]
)
def test_a_service_that_does_not_answer_is_named(look: Look, services: Services, path: str, check: str) -> None:
    services.weather = {path: httpx.ConnectError("")}
    found = look()
    assert [name for name, finding in found.items() if finding.state is State.WRONG] == [check]


def test_a_page_of_html_is_no_feed(look: Look, services: Services) -> None:
    services.weather = {"/rss/": 200}
    assert told(look()["arxiv_feed"]) == (State.WRONG, "wrong")


def test_a_webhook_is_spoken_of_where_it_is_wanted_or_in_the_way(look: Look, services: Services) -> None:
    url = "https://bot.example.org/hook"
    assert "webhook" not in look()
    services.webhook = {"url": url, "pending_update_count": 2}
    assert told(look()["webhook"]) == (State.DOUBTFUL, "left_over")
    assert told(look(TELEGRAM_WEBHOOK_URL=url)["webhook"]) == (State.FINE, "fine")
    services.webhook["last_error_message"] = "Connection refused"
    assert told(look(TELEGRAM_WEBHOOK_URL=url)["webhook"]) == (State.DOUBTFUL, "failing")


@pytest.mark.parametrize("minutes", [-90, 90])
def test_a_clock_that_is_off_is_noticed_by_the_services_clocks(look: Look, services: Services, minutes: int) -> None:
    services.date += timedelta(minutes=minutes)
    found = look()["clock"]
    assert told(found) == (State.WRONG, "off")
    assert abs(int(str(found.values["seconds"])) - 90 * 60) < 60


def test_the_database_is_looked_at_and_neither_made_nor_changed(look: Look, environment: dict[str, str]) -> None:
    path = Path(environment["QIAOJIN_DATA_DIR"]) / "qiaojin.sqlite3"
    assert told(look()["database"]) == (State.FINE, "to_come")
    assert not path.exists()
    Store(f"sqlite:///{path}").close()
    before = path.read_bytes()
    assert told(look()["database"]) == (State.FINE, "fine")
    assert path.read_bytes() == before
    path.write_bytes(before[:100] + b"x" * (len(before) - 100))
    assert look()["database"].state is State.WRONG


def test_files_that_others_may_read_are_told(look: Look, environment: dict[str, str]) -> None:
    path = Path(environment["QIAOJIN_DATA_DIR"]) / "qiaojin.sqlite3"
    Store(f"sqlite:///{path}").close()
    assert "permissions" not in look()
    path.chmod(0o644)
    assert told(look()["permissions"]) == (State.DOUBTFUL, "open")


def test_a_dead_proxy_is_named_without_its_password_and_no_service_is_blamed(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "check_services", lambda *_: [Finding("arxiv_api")])
    with socket.create_server(("127.0.0.1", 0)) as listening:
        alive = f"socks5://127.0.0.1:{listening.getsockname()[1]}"
        found = look(PROXY=alive)
        assert told(found["proxy"]) == (State.FINE, "fine")
        assert "arxiv_api" in found
    found = look(PROXY=alive.replace("://", "://me:secret@"))
    assert told(found["proxy"]) == (State.WRONG, "unreachable")
    assert found["proxy"].values["address"] == alive
    assert "arxiv_api" not in found
    for language in LANGUAGES:
        assert "QIAOJIN_PROXY" in Words(language)(f"{found['proxy'].key}.do")


def test_a_folder_that_may_not_be_entered_is_told_and_no_trace_is_shown(
    look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, exists = tmp_path / "closed", Path.exists

    def refuse(path: Path) -> bool:
        if path.parent == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return exists(path)

    monkeypatch.setattr(Path, "exists", refuse)
    assert told(look(DATA_DIR=str(closed))["database"]) == (State.WRONG, "wrong")
    found = look(CONFIG_DIR=str(closed))
    assert list(found) == ["settings"]
    assert "Permission denied" in Words("en").error(found["settings"].error)


def test_backups_that_cannot_be_written_are_told(look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: path != elsewhere)
    assert told(look(BACKUP_FOLDER=str(elsewhere))["disk"]) == (State.WRONG, "unwritable")


def test_a_full_disk_and_a_missing_font_are_told(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "TOO_LITTLE", 10**18)
    monkeypatch.setattr(doctor, "LITTLE", 10**18)
    monkeypatch.setattr(charts, "CJK_FONTS", ())
    found = look()
    assert told(found["disk"]) == (State.WRONG, "low")
    assert told(found["font"]) == (State.DOUBTFUL, "missing")


def test_the_command_tells_it_and_its_status_says_whether_anything_is_wrong(environment: dict[str, str]) -> None:
    import os
    import subprocess
    import sys

    nowhere = {f"QIAOJIN_{name}": "http://127.0.0.1:9" for name in ("ARXIV_API_URL", "ARXIV_FEED_URL", "HF_URL")}
    command = [
        sys.executable,
        "-c",
        "from bot import cli, doctor; doctor.PATIENCE = 0.5; cli.main()",
        "doctor",
        "--json",
    ]
    ran = subprocess.run(command, env={"PATH": os.defpath, **environment, **nowhere}, capture_output=True, text=True)
    findings = {one["check"]: one for one in json.loads(ran.stdout)["findings"]}
    assert (ran.returncode, findings["token"]["state"], findings["arxiv_api"]["state"]) == (1, "wrong", "wrong")
    assert findings["token"]["remedy"]
