"""The log: a line for people or an object for programs, and no secret in either."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.chat.logs import Discreet, JsonLines, log_to_stderr, secrets_of
from bot.settings import Settings
from bot.store.engine import Store

TOKEN = "123456:secret-of-the-bot"


def record(
    message: str = "hello %s", *args: object, error: Exception | None = None, **extra: object
) -> logging.LogRecord:
    trace = (type(error), error, error.__traceback__) if error else None
    made = logging.makeLogRecord({"name": "bot.x", "levelname": "INFO", "levelno": 20, "msg": message, "args": args})
    made.exc_info = trace  # type: ignore[assignment]
    vars(made).update(extra)
    return made


def raised(text: str) -> Exception:
    try:
        raise ValueError(text)
    except ValueError as error:
        return error


def test_a_line_for_people_has_the_fields_behind_it() -> None:
    told = Discreet([]).format(record("answered", route="site", status=200))
    assert told.endswith("INFO    bot.x: answered route=site status=200")


def test_foreign_words_do_not_make_lines_of_their_own() -> None:
    told = Discreet([]).format(record("refused: %s", "no\n2026-06-17 ERROR forged"))
    assert len(told.splitlines()) == 1


def test_an_object_for_programs_has_everything_by_name() -> None:
    told = json.loads(JsonLines([]).format(record("hello %s", "世界", error=raised("bad"), route="site", status=200)))
    assert {
        "level": "info",
        "logger": "bot.x",
        "message": "hello 世界",
        "route": "site",
        "status": 200,
    }.items() <= told.items()
    assert told["trace"].endswith("ValueError: bad")
    assert told["time"].endswith("+00:00")


@given(st.text(), st.text())
def test_an_object_is_one_line_of_json_whatever_it_holds(message: str, field: str) -> None:
    told = JsonLines([]).format(record("%s", message, field=field))
    assert "\n" not in told
    assert (json.loads(told)["message"], json.loads(told)["field"]) == (message, field)


@pytest.mark.parametrize("kind", [Discreet, JsonLines])
@pytest.mark.parametrize("where", ["message", "argument", "field", "trace"])
def test_no_secret_stands_anywhere(kind: type[Discreet], where: str) -> None:
    secret = 'p"a\\ss/word'
    text = f"https://api/bot{TOKEN}/getMe postgresql://me:{secret}@db"
    made = {
        "message": record(text), "argument": record("%s", text), "field": record("x", address=text),
        "trace": record("x", error=raised(text)),
    }[where]  # fmt: skip
    told = kind([TOKEN, secret]).format(made)
    assert "secret-of-the-bot" not in told
    assert "word" not in told
    assert "***" in told


def test_the_secrets_are_those_of_the_settings(settings: Settings) -> None:
    changes = {
        "telegram_token": SecretStr(TOKEN),
        "telegram_webhook_secret": SecretStr(""),
        "telegram_webhook_url": "https://bot.example/telegram/long-path",
        "proxy": "socks5://me:pa%3Ass-word@proxy:1",
        "database_url": "postgresql+psycopg://me:db-pass%40word@db/q",
    }
    filled = settings.model_copy(update=changes)
    formatter = Discreet(secrets_of(filled))
    proxy, database = ("pa%3Ass-word", "pa:ss-word"), ("db-pass%40word", "db-pass@word")
    for secret in (TOKEN, "secret-of-the-bot", filled.webhook_secret, *proxy, *database, "/telegram/long-path"):
        assert secret not in formatter.format(record("about %s", secret)), secret


def test_what_a_statement_was_given_is_in_no_trace(store: Store) -> None:
    address = "-".join(("a", "calendar", "s", "address"))  # a trace also shows the line that failed

    def fail() -> Exception:
        try:
            with store.read() as session:
                session.execute(text("select * from nothing where token = :token"), {"token": address})
        except DBAPIError as error:
            return error
        raise AssertionError

    told = JsonLines([]).format(record("failed", error=fail()))
    assert "nothing where token" in told
    assert address not in told


@pytest.fixture
def restored() -> Iterator[None]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    yield
    root.handlers[:], level = before
    root.setLevel(level)
    logging.captureWarnings(False)


@pytest.mark.parametrize(("form", "level"), [("text", "info"), ("json", "info"), ("json", "error")])
def test_other_libraries_speak_through_the_same_handler(
    restored: None, capsys: pytest.CaptureFixture[str], form: str, level: str
) -> None:
    log_to_stderr([TOKEN], form, level)  # type: ignore[arg-type]
    logging.getLogger("uvicorn.error").error("failed for %s", TOKEN)
    logging.getLogger("uvicorn.error").info("Started server process")
    logging.getLogger("telegram.Bot").info("hello")
    logging.getLogger("bot.x").warning("careful")
    told = capsys.readouterr().err
    assert "secret-of-the-bot" not in told
    assert "Started" not in told
    assert ("careful" in told, "hello" in told) == ((False, False) if level == "error" else (True, True))
    if form == "json":
        assert all(json.loads(line)["level"] for line in told.splitlines())
