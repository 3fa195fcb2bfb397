"""Somebody new gets the first digest at once, from whichever process they wrote to."""

from __future__ import annotations

import asyncio

from bot import pipeline
from bot.chat.voices import renderer
from bot.kit import Kit


class Greeter:
    """``greet`` is called after each update; it costs one small question where nobody is new."""

    def __init__(self, kit: Kit):
        self.kit, self.render = kit, renderer(kit)
        self.deciding = asyncio.Lock()

    async def greet(self) -> bool:
        """Whether there is a digest for somebody new in the outbox now."""
        async with self.deciding:
            return bool(await asyncio.to_thread(pipeline.greet_newcomers, self.kit, self.render))
