"""Messages on their way to a reader."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message: it opens ``url``, or comes back to us as ``data`` (64 bytes at most)."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to be sent: Telegram's HTML, at most 4,096 UTF-16 units of text."""

    html: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    papers: tuple[str, ...] = ()
    """Ids of the papers that it shows, in the order of their numbers."""
    picture: str = ""
    """A picture to which ``html``, at most 1,024 units or nothing, is the caption: a chart's name and facts as JSON,
    drawn when it is sent."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message of the outbox: decided once, sent once. ``(reader, kind, subject, part)`` is its key."""

    reader_id: str
    kind: str
    """``digest``, ``notice``, ``broadcast``, …"""
    subject: str
    """A period for digests, a thing for alerts."""
    message: Message
    part: int = 0
    number: int = 0
    """The row's number, in the order of sending."""
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class Outbox:
    """How the outbox stands: messages by what became of them."""

    waiting: int
    sent: int
    failed: int
    dropped: int
    lag: float
    """Seconds for which the oldest waiting message has been due."""
