"""What a person sees in the terminal: values in, rich renderables out. Foreign text is never read as markup."""

from bot.terminal.figures import quality
from bot.terminal.papers import card, digest, found
from bot.terminal.standing import direction_table, reports, room, status

__all__ = ["card", "digest", "direction_table", "found", "quality", "reports", "room", "status"]
