"""The web part's addresses: what each answers, to whom, and what it refuses."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import counting
from bot.errors import StoreError
from bot.kit import Kit
from bot.models import Reader
from bot.rules.calendar import Feed
from bot.store import figures, readers
from bot.web import guard
from bot.web.guard import Guard
from bot.web.webhook import LARGEST_UPDATE, SECRET_HEADER
from tests.web.conftest import Behind, TestClient

# --- health -----------------------------------------------------------------------------------------------------------


def test_whoever_asks_whether_it_lives_gets_a_word(client: TestClient) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")


def test_it_is_ready_while_the_database_answers_and_every_part_gives_signs_of_life(client: TestClient) -> None:
    counting.expect("clock", within=60)
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert {name: check["ok"] for name, check in answer.json()["checks"].items()} == {
        "database": True, "schema": True, "clock": True
    }  # fmt: skip


def test_a_part_that_has_gone_silent_is_named(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(counting.process, "monotonic", lambda: now)
    counting.expect("clock", within=60)
    counting.expect("updates", within=60)
    now += 61
    counting.beat("updates")
    answer = client.get("/readyz")
    checks = answer.json()["checks"]
    assert (answer.status_code, answer.json()["ready"]) == (503, False)
    assert (checks["clock"]["ok"], checks["clock"]["silent_seconds"], checks["updates"]["ok"]) == (False, 61.0, True)
    counting.dismiss("clock")
    assert client.get("/readyz").status_code == 200


def test_a_database_that_does_not_answer_is_told_in_a_sentence(
    client: TestClient, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise StoreError("The database does not answer")

    monkeypatch.setattr(kit.store, "read", gone)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]["error"]) == (503, "The database does not answer")
    assert client.get("/healthz").status_code == 200
    assert "qiaojin_database_up 0.0" in client.get("/metrics").text


def test_a_schema_that_is_not_this_programs_is_not_ready(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures.migrations, "revisions", lambda: ["9999"])
    assert client.get("/readyz").json()["checks"]["schema"] == {"ok": False}


# --- the webhook ------------------------------------------------------------------------------------------------------

HOOK = "/telegram/long-and-secret"


@pytest.fixture
def hooked(open_stub: Any, behind: Behind) -> Any:
    changes = {"telegram_webhook_url": f"https://bot.example{HOOK}", "telegram_webhook_secret": SecretStr("s3cret")}
    with open_stub(**changes) as kit:
        yield behind.client(kit)


def posted(client: TestClient, body: bytes, secret: str = "s3cret", path: str = HOOK) -> int:
    return client.post(path, content=body, headers={SECRET_HEADER: secret.encode()}).status_code


def test_an_update_with_the_secret_is_taken(hooked: TestClient, behind: Behind) -> None:
    assert posted(hooked, b'{"update_id": 7, "message": {}}') == 200
    assert behind.updates == [{"update_id": 7, "message": {}}]


@pytest.mark.parametrize(
    ("body", "secret", "status"),
    [
        (b'{"update_id": 7}', "wrong", 403),
        (b'{"update_id": 7}', "", 403),
        (b'{"update_id": 7}', "gefährlich", 403),
        (b"{", "s3cret", 400),
        (b"[]", "s3cret", 400),
        (b'{"update_id": "7"}', "s3cret", 400),
        (b'{"update_id": true}', "s3cret", 400),
        (b"[" * 100_000, "s3cret", 400),
        (b"\xff", "s3cret", 400),
        (b" " * (LARGEST_UPDATE + 1), "s3cret", 413),
    ],
)
def test_anything_else_is_refused(hooked: TestClient, behind: Behind, body: bytes, secret: str, status: int) -> None:
    assert posted(hooked, body, secret) == status
    assert behind.updates == []


def test_only_posts_reach_the_webhook_and_only_where_it_is(hooked: TestClient, client: TestClient) -> None:
    assert hooked.get(HOOK).status_code == 404
    assert posted(hooked, b'{"update_id": 7}', path="/telegram/other") in (404, 405)
    assert posted(client, b'{"update_id": 7}') in (404, 405)


def test_an_update_that_could_not_be_taken_is_sent_again_by_telegram(hooked: TestClient, behind: Behind) -> None:
    behind.trouble = RuntimeError("full")
    assert posted(hooked, b'{"update_id": 7}') == 500


def test_the_log_of_a_failing_webhook_does_not_name_its_path(
    hooked: TestClient, behind: Behind, caplog: pytest.LogCaptureFixture
) -> None:
    behind.trouble = RuntimeError("full")
    posted(hooked, b'{"update_id": 7}')
    assert "webhook" in caplog.text
    assert "long-and-secret" not in caplog.text


# --- calendars --------------------------------------------------------------------------------------------------------


def test_a_calendar_comes_at_its_secret_address(client: TestClient, behind: Behind) -> None:
    behind.calendars["abc-DEF_1"] = Feed("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "v1")
    answer = client.get("/calendar/abc-DEF_1.ics")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.text.startswith("BEGIN:VCALENDAR\r\n")
    assert "private" in answer.headers["Cache-Control"]
    again = client.get("/calendar/abc-DEF_1.ics", headers={"If-None-Match": f'"other", W/{answer.headers["ETag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    changed = client.get("/calendar/abc-DEF_1.ics", headers={"If-None-Match": '"v0"'})
    assert changed.status_code == 200
    head = client.head("/calendar/abc-DEF_1.ics")
    assert (head.status_code, head.content) == (200, b"")


def test_there_is_nothing_at_other_addresses_and_the_log_does_not_name_them(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert client.get("/calendar/guessed.ics").status_code == 404
    assert client.get("/calendar/guessed").status_code == 404
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("bot.")]
    assert ours
    assert not any("guessed" in line for line in ours)


# --- the site ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(kit: Kit) -> Path:
    folder = kit.settings.data_dir / "site"
    pages = {
        "index.html": "<h1>Qiaojin</h1>", "404.html": "<h1>Nothing here</h1>", "days/2026-06-17/index.html": "day",
        "en/feed/all.xml": "<feed/>", "sitemap.xml": "<urlset/>", "style.css": "a{}", "search.js": "1",
        "chart.svg": "<svg/>", "recent.json": "[]", ".built.json": "{}", "notes.sqlite3": "private", "empty/x.css": "",
    }  # fmt: skip
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (kit.settings.data_dir / "outside.html").write_text("secret")
    (folder / "leak.html").symlink_to(kit.settings.data_dir / "outside.html")
    return folder


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/days/2026-06-17/", "text/html; charset=utf-8"),
        ("/en/feed/all.xml", "application/atom+xml; charset=utf-8"),
        ("/sitemap.xml", "application/xml; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/search.js", "text/javascript; charset=utf-8"),
        ("/chart.svg", "image/svg+xml; charset=utf-8"),
        ("/recent.json", "application/json"),
    ],
)
def test_pages_come_with_their_types_and_may_be_kept_for_a_while(
    client: TestClient, site: Path, path: str, kind: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/none.html", "/.built.json", "/notes.sqlite3", "/leak.html", "/empty/", "/days/", "/../outside.html",
        "/%2e%2e/outside.html", "/days/..%2f..%2foutside.html", "/%00", "/" + "a" * 400, "/a/.git/config",
    ],
)  # fmt: skip
def test_nothing_but_pages_is_shown(client: TestClient, site: Path, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_a_page_that_is_not_there_is_the_sites_own(client: TestClient, site: Path) -> None:
    assert client.get("/papers/none").text == "<h1>Nothing here</h1>"


def test_a_folder_without_its_slash_leads_to_it_whatever_host_was_asked(client: TestClient, site: Path) -> None:
    answer = client.get("/days/2026-06-17", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["Location"]) == (307, "./2026-06-17/")


def test_the_site_may_be_built_later(client: TestClient, request: pytest.FixtureRequest) -> None:
    early = client.get("/en/days.html")
    assert (early.status_code, early.headers["Retry-After"]) == (503, "60")
    assert "being made" in early.text
    assert "正在生成" in early.text
    request.getfixturevalue("site")
    assert client.get("/").text == "<h1>Qiaojin</h1>"


def test_a_site_that_is_not_wanted_is_not_shown(kit: Kit, behind: Behind, site: Path) -> None:
    without = kit.settings.model_copy(update={"site_serve": False})
    client = behind.client(replace(kit, settings=without))
    assert client.get("/").status_code == 404
    assert client.get("/healthz").status_code == 200


def test_nobody_can_write_to_the_site(client: TestClient, site: Path) -> None:
    assert {client.request(method, "/").status_code for method in ("POST", "PUT", "DELETE")} == {405}


# --- every answer -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/", "/none", "/calendar/x.ics"])
def test_every_answer_keeps_browsers_careful(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "http" not in policy, "nothing comes from outside"
    assert "unsafe" not in policy
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")


def guarded(endpoint: Any) -> TestClient:
    return TestClient(Guard(Starlette(routes=[Route("/", endpoint, name="only")])))


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(request: Request) -> Response:
        await asyncio.sleep(30)
        raise AssertionError

    monkeypatch.setattr(guard, "LONGEST_WAIT", 0.05)
    answer = guarded(slow).get("/")
    assert (answer.status_code, "nosniff" in answer.headers.values()) == (503, True)


def test_a_mistake_of_ours_is_told_once_in_the_log_and_to_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(request: Request) -> Response:
        raise ValueError("inner detail")

    answer = guarded(broken).get("/")
    assert answer.status_code == 500
    assert "inner detail" not in answer.text
    assert caplog.text.count("Traceback") == 1


def test_requests_are_counted_by_route(client: TestClient) -> None:
    client.get("/healthz")
    client.get("/healthz")
    told = client.get("/metrics").text
    assert 'qiaojin_web_requests_total{route="healthz",status="200"} 2.0' in told


# --- search -----------------------------------------------------------------------------------------------------------


def test_the_search_is_json_by_pages(client: TestClient, kit: Kit) -> None:
    from tests.chat.people import stock

    stock(kit, *(f"2606.{number:05}" for number in range(1, 24)))
    first = client.get("/search.json", params={"q": "small thing"}).json()
    rest = client.get("/search.json", params={"q": "small thing", "page": "2"}).json()
    assert (len(first["papers"]), len(rest["papers"]), first["total"], first["pages"]) == (20, 3, 23, 2)
    assert {"id", "title", "authors", "url"} <= set(first["papers"][0])
    assert not {paper["id"] for paper in first["papers"]} & {paper["id"] for paper in rest["papers"]}
    stock(kit, "2606.09999")
    later = client.get("/search.json", params={"q": "small thing", "page": "2", "upto": first["upto"]}).json()
    assert later["papers"] == rest["papers"], "what is new does not shift the pages"


@pytest.mark.parametrize("page", ["0", "-1", "x", "９", "99999", ""])
def test_odd_pages_and_long_questions_do_no_harm(client: TestClient, page: str) -> None:
    answer = client.get("/search.json", params={"q": '"((' + "语" * 5000, "page": page})
    assert answer.status_code == 200
    assert answer.json()["papers"] == []


def test_what_is_known_of_readers_is_at_no_address(client: TestClient, kit: Kit) -> None:
    with kit.store.write() as session:
        readers.save(session, Reader("424242", kind="private", title="Ada", state="active"))
    told = "".join(client.get(path).text for path in ("/healthz", "/readyz", "/metrics", "/"))
    assert 'qiaojin_readers{state="active"} 1.0' in told
    assert not any(private in told for private in ("424242", "Ada"))
