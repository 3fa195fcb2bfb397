"""What the owners of an installation are told without asking."""

from __future__ import annotations

from bot.chat.html import cut, escape
from bot.chat.talk import words_of
from bot.kit import Kit
from bot.models import Delivery, Message, Reader, SourceStanding
from bot.schedule import down_since
from bot.store import deliveries, readers, state

NOTICE = "notice"


def note_outages(kit: Kit) -> int:
    """Tell the owners of each source that has been down for more than a day, once for each outage."""
    now = kit.clock.now()
    with kit.store.write() as session:
        began = state.first_run(session)
        down = [(source, since) for source in state.sources(session) if (since := down_since(source, began, now))]
        owners = [reader for owner in kit.settings.owners if (reader := readers.get(session, str(owner)))]
        notices = [
            Delivery(reader.id, NOTICE, f"down:{source.name}:{since:%Y-%m-%dT%H:%M}"[:200], outage(source, reader))
            for source, since in down
            for reader in owners
        ]
        return deliveries.enqueue(session, notices, now)


def outage(source: SourceStanding, owner: Reader) -> Message:
    words = words_of(owner)
    error = escape(cut(source.last_error, 300))
    return Message(words("notice.source_down", name=escape(cut(source.name, 80)), error=error))
