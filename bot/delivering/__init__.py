"""Deciding what goes out: for every reader who is due, choose, render, and put into the outbox.

    due readers | stock: the papers for all of them | rounds: each one's edition → messages → outbox, shown noted

``asked`` answers who wants a day's digest now. What one reader gets is one transaction: killed at any moment, a digest
has been decided whole or not at all.
"""

from bot.delivering.asked import digest_for
from bot.delivering.rounds import DIGEST, Render, decide_digests, greet_newcomers

__all__ = ["DIGEST", "Render", "decide_digests", "digest_for", "greet_newcomers"]
