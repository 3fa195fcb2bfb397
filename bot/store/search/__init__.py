"""Search over the papers that are here, the same on both kinds of database: for the chat, the terminal and the web.

text → query (``rules/query``) → clauses → the newest that fit, and those whose titles do → scored → a page
"""

from bot.store.search.engine import MOST, find, search
from bot.store.search.rebuild import rebuild

__all__ = ["MOST", "find", "rebuild", "search"]
