"""What one process does of all that the bot does."""

from __future__ import annotations

from enum import StrEnum

from bot.errors import UsageError


class Role(StrEnum):
    """``qiaojin serve --role``: everything in one process, or each part in processes of its own."""

    ALL = "all"
    CHAT = "chat"
    """Takes updates and answers them; serves the web part."""
    WORKER = "worker"
    """Empties the outbox."""
    CLOCK = "clock"
    """Collects, decides what is sent, keeps house; one at a time, the others stand by."""

    @property
    def calls_telegram(self) -> bool:
        return self is not Role.CLOCK

    @property
    def answers(self) -> bool:
        """Whether updates, and visitors of the site, come to it."""
        return self in {Role.ALL, Role.CHAT}


def role_of(name: str, *, several: bool) -> Role:
    """The role of that name; ``several`` says whether the database lets several processes serve.

    Raises UsageError for a name that is none, and for a part where there can be no other process that does the rest.
    """
    if name not in list(Role):
        raise UsageError("no role {role}", key="unknown_role", role=name)
    if name != Role.ALL and not several:
        raise UsageError("the role {role} needs PostgreSQL", key="role_alone", role=name)
    return Role(name)
