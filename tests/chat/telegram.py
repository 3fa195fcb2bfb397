"""A Telegram that lives inside the test: it takes calls as the real one does, and fails when told to."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from telegram.ext import ExtBot
from telegram.request import BaseRequest

from bot.chat.limits import Limits

TOKEN = "123456:" + "secret-of-the-bot"


@dataclass
class Call:
    """One call that was made."""

    method: str
    data: dict[str, Any]

    @property
    def chat(self) -> int:
        return int(self.data["chat_id"])

    @property
    def text(self) -> str:
        return str(self.data.get("text", ""))


@dataclass
class Refusal:
    """An answer of Telegram's that is not ``ok``; ``body`` in place of JSON where that is what comes."""

    code: int
    description: str = ""
    parameters: dict[str, int] = field(default_factory=dict)
    body: bytes | None = None

    def answer(self) -> tuple[int, bytes]:
        said = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            said["parameters"] = self.parameters
        return self.code, json.dumps(said).encode() if self.body is None else self.body


Fault = Refusal | Exception | Callable[[Call], "Refusal | Exception | None"]


class FakeTelegram(BaseRequest):
    """``calls`` are all that came, ``sent`` the messages that took effect; ``faults`` are used up in order."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.sent: list[Call] = []
        self.faults: deque[Fault] = deque()
        self.lost_answers = 0
        """How many of the next messages arrive while their answer does not."""

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: Any = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        assert TOKEN in url
        data = {**request_data.parameters, **request_data.multipart_data} if request_data else {}
        call = Call(url.rpartition("/")[2], data)
        self.calls.append(call)
        fault = self.faults.popleft() if self.faults else None
        trouble = fault(call) if callable(fault) else fault
        if isinstance(trouble, Exception):
            raise trouble
        if isinstance(trouble, Refusal):
            return trouble.answer()
        return self.done(call)

    def done(self, call: Call) -> tuple[int, bytes]:
        result: Any = True
        if call.method == "getMe":
            result = {"id": 123456, "is_bot": True, "first_name": "Test", "username": "test_bot"}
        if call.method in ("sendMessage", "sendPhoto"):
            self.sent.append(call)
            if self.lost_answers:
                self.lost_answers -= 1
                raise ConnectionResetError("the answer is lost")
            chat = {"id": call.chat, "type": "private"}
            result = {"message_id": len(self.sent), "date": 1, "chat": chat, "text": call.text}
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def texts(self, chat: int | None = None) -> list[str]:
        return [call.text for call in self.sent if chat is None or call.chat == chat]


def bot_of(telegram: FakeTelegram, rate: float = 0.0) -> ExtBot[Any]:
    return ExtBot(TOKEN, request=telegram, get_updates_request=telegram, rate_limiter=Limits(rate))
