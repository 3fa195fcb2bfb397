"""The page's words in one language."""

from __future__ import annotations

from bot.wording import Words

NAMES = (
    "title", "bot", "chats", "back", "menu", "commands", "message", "send", "attach", "caption", "cancel", "start",
    "restart", "stop_bot", "add_bot", "remove_bot", "bot_absent", "channel_readonly", "person", "language", "theme",
    "clock", "hour", "morning", "monday", "sunday", "set", "zone", "moment", "react", "reply", "replying",
    "download", "picture", "spoiler", "expand", "collapse", "results", "no_results", "more", "asleep", "ended",
    "offline", "typing", "edited", "via", "empty", "members", "in_private", "new_below", "no_answer", "hints",
    "hints_open", "hints_close", "hint_start", "hint_card", "hint_digest", "hint_idea", "idea", "hint_plan",
    "hint_clock", "hint_inline", "hint_group", "hint_file",
)  # fmt: skip
"""The last part of each key."""


PLACES = {name: f"{{{name}}}" for name in ("name", "names", "emoji")}
"""Values that the page puts in itself."""


def texts(words: Words) -> dict[str, str]:
    return {name: words(f"playground.{name}", **PLACES) for name in NAMES}
