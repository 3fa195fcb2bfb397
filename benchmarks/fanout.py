"""What it costs to deliver one message to each of many readers, next to a bare loop of ``sendMessage`` calls.

    python benchmarks/fanout.py [--readers 5000] [--world ../shared/world/world.py]

Both talk to the same stand-in for Telegram, in the same run, with its flood limits lifted and ours off. The loop is
one httpx client that sends, waits for the answer, and sends the next: no order, no outbox, no memory of what was sent.
Ours claims from the outbox, sends, and writes down each answer before it counts. Exit status 1 above twice the loop.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import httpx

from bot.app import open_kit
from bot.chat.application import Service
from bot.kit import Kit
from bot.models import Button, Delivery, Message, Reader
from bot.settings import load_settings
from bot.store import deliveries, readers

WORLD = Path(__file__).resolve().parents[2] / "shared" / "world" / "world.py"
TOKEN = "77:fanout"
TEXT = "<b>Rank Allocation by Gradient Spectrum</b>\n🟢 ♥ 34\n" + "One telling sentence of an abstract. " * 30
BUTTONS = tuple(Button(str(number), f"1|card|2606.{number:05d}") for number in range(1, 9))


@contextmanager
def world(script: Path) -> Iterator[str]:
    command = [sys.executable, str(script), "--port", "0", "--today", "2026-06-17"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        try:
            yield address[0]
        finally:
            process.terminate()


def control(url: str, action: str, **arguments: object) -> dict[str, object]:
    body, kind = json.dumps(arguments).encode(), {"Content-Type": "application/json"}
    with urlopen(Request(f"{url}/control/telegram/{action}", body, kind), timeout=30) as answer:
        return json.load(answer)


def bare_loop(url: str, count: int) -> float:
    keyboard = json.dumps({"inline_keyboard": [[{"text": b.text, "callback_data": b.data} for b in BUTTONS]]})
    began = time.perf_counter()
    with httpx.Client(timeout=30) as client:
        for chat in range(1, count + 1):
            sent = client.post(
                f"{url}/bot{TOKEN}/sendMessage",
                data={"chat_id": chat, "text": TEXT, "parse_mode": "HTML", "reply_markup": keyboard},
            )
            assert sent.is_success, sent.text
    return time.perf_counter() - began


def fill(kit: Kit, count: int) -> None:
    """Readers, and a message for each in the outbox."""
    message = Message(TEXT, (BUTTONS,))
    ids = [str(number) for number in range(1_000_001, 1_000_001 + count)]
    with kit.store.write() as session:
        for id_ in ids:
            readers.save(session, Reader(id_, state="active"))
        deliveries.enqueue(session, [Delivery(id_, "digest", "2026-06-17", message) for id_ in ids], kit.clock.now())


async def ours(kit: Kit) -> float:
    service = Service(kit)
    async with service.app.bot:
        began = time.perf_counter()
        await service.postman.empty()
        return time.perf_counter() - began


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readers", type=int, default=5000)
    options.add_argument("--world", type=Path, default=WORLD)
    asked = options.parse_args()
    with world(asked.world) as url, tempfile.TemporaryDirectory() as folder:
        control(url, "limits", enforce=False)
        settings = load_settings(
            {
                "QIAOJIN_DATA_DIR": folder, "QIAOJIN_CONFIG_DIR": folder, "QIAOJIN_TELEGRAM_TOKEN": TOKEN,
                "QIAOJIN_TELEGRAM_API_URL": url, "QIAOJIN_TELEGRAM_RATE": "0",
            }
        )  # fmt: skip
        with open_kit(settings) as kit:
            fill(kit, asked.readers)
            loop = bare_loop(url, asked.readers)
            sent = asyncio.run(ours(kit))
            with kit.store.read() as session:
                outbox = deliveries.outbox(session, kit.clock.now())
    assert outbox.sent == asked.readers, outbox
    print(f"readers {asked.readers}: bare loop {loop:.1f} s, ours {sent:.1f} s, ratio {sent / loop:.2f}")
    raise SystemExit(sent > 2 * loop)


if __name__ == "__main__":
    main()
