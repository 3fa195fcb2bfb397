"""Who reads, and how they want it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """A chat that reads: a person, a group, a channel, one topic of a forum, or the terminal (``local``)."""

    id: str
    """``123`` for a chat, ``-100123:45`` for a topic of it, ``local`` for the terminal."""
    kind: str = "private"
    """``private``, ``group``, ``channel``, ``topic`` or ``local``."""
    title: str = ""
    """Of a group or channel, as Telegram told it."""
    language: str = "en"
    zone: str = "UTC"
    """An IANA name, or an offset such as ``+08:00``."""
    digest_at: int = 8 * 60
    """Minutes after midnight in the reader's zone."""
    weekdays: str = "1111111"
    """``1`` for each day, from Monday on, on which a digest may come."""
    quiet_from: int = 0
    quiet_to: int = 0
    """Minutes after midnight; equal for none. What falls in between is delivered afterwards."""
    directions: tuple[str, ...] = ()
    bound_to: str = ""
    """The one direction that a topic is bound to."""
    per_direction: int = 5
    form: str = "one"
    """``one`` message for all directions, or ``each`` its own."""
    minimum: float = 0.0
    """The least probability of a paper that is shown."""
    compute: str = ""
    """The highest compute level that is shown: ``low``, ``medium``, or empty for all."""
    tell_nothing_new: bool = False
    followed_words: tuple[str, ...] = ()
    muted_words: tuple[str, ...] = ()
    followed_authors: tuple[str, ...] = ()
    muted_authors: tuple[str, ...] = ()
    paused_until: date | None = None
    state: str = "onboarding"
    """``onboarding``, ``active``, ``stopped`` (asked for it), ``gone`` (blocked us or the chat is no more)."""
    joined: datetime | None = None
    last_digest: date | None = None
    """The newest announcement day that a digest of this reader has covered."""
    decided_on: date | None = None
    """The reader's own date on which a digest was last decided: one a day."""
    last_paper: int = 0
    """Number of the newest paper that was known then: what came later for a day already covered still follows."""

    @property
    def person(self) -> int | None:
        """Telegram's number of the reader, where that is a person."""
        return self.chat_id if self.kind == "private" else None

    @property
    def chat_id(self) -> int:
        return int(self.id.partition(":")[0])

    @property
    def thread_id(self) -> int | None:
        thread = self.id.partition(":")[2]
        return int(thread) if thread else None
