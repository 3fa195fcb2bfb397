"""A Telegram that outlives those who call it: it takes every message, answers at once, and forgets nothing."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

POLL_SECONDS = 2.0
FIELD = re.compile(rb'name="(chat_id|caption)"\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)
"""A field of a form with a file in it."""


class Telegram(ThreadingHTTPServer):
    """``messages`` are all that came, a chat and what it was told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.guard = threading.Lock()
        self.messages: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take(self, chat: str, text: str) -> dict[str, Any]:
        with self.guard:
            self.messages.append((chat, text))
            return {"message_id": len(self.messages), "date": 1, "chat": {"id": int(chat), "type": "private"}}

    def told(self) -> Counter[tuple[str, str]]:
        """How often each chat was told what."""
        with self.guard:
            return Counter(self.messages)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever called has been killed; that is what all this is about."""


class Handler(BaseHTTPRequestHandler):
    server: Telegram
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        method = self.path.rpartition("/")[2]
        said = json.dumps({"ok": True, "result": self.result(method, body)}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(said)}\r\n\r\n"
        self.wfile.write(head.encode() + said)

    def result(self, method: str, body: bytes) -> Any:
        match method:
            case "getMe":
                return {"id": 42, "is_bot": True, "first_name": "Qiaojin", "username": "qiaojin_bot"}
            case "sendMessage" | "sendPhoto":
                return self.server.take(*message_in(body))
            case "getUpdates":
                time.sleep(POLL_SECONDS)
                return []
        return True

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing to tell."""


def message_in(body: bytes) -> tuple[str, str]:
    if body.startswith(b"--"):
        form = {name.decode(): value.decode() for name, value in FIELD.findall(body)}
        return form["chat_id"], form.get("caption", "")
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return form["chat_id"], form.get("text", "")


@contextmanager
def running() -> Iterator[Telegram]:
    server = Telegram()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="telegram", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
