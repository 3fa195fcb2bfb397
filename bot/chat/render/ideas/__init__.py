"""Ideas as messages: their cards, what is near them, alerts, the sections of a digest and of a weekly summary."""

from bot.chat.render.ideas.card import caption, card, delete_screen, directions_screen, journal, listing, status_screen
from bot.chat.render.ideas.near import alert, birth, completion, match, near_page, summary
from bot.chat.render.ideas.news import news_blocks, week

__all__ = [
    "alert",
    "birth",
    "caption",
    "card",
    "completion",
    "delete_screen",
    "directions_screen",
    "journal",
    "listing",
    "match",
    "near_page",
    "news_blocks",
    "status_screen",
    "summary",
    "week",
]
