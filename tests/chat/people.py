"""People in a chat that lives in the test: they write, press what they see, and look at what stands there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from bot.chat.commands import VERBS, direction, help, pressed
from bot.chat.commands.reactions import react
from bot.chat.context import Turn, papers_of, read_press
from bot.chat.html import plain
from bot.chat.render.settings import command_of
from bot.chat.talk import Answer, Command, answer, note_pages
from bot.kit import Kit
from bot.models import Assignment, Compute, Evidence, Judgement, Message, Reader
from bot.store import judgements, library, papers, readers
from bot.wording import Language
from tests.chat.parsing import check
from tests.fakes import DAY, fetched

ABSTRACT = "We show that a small thing suffices where many large ones were used. It is <cheap> & 100% effective."


def stock(kit: Kit, *ids: str, slug: str = "peft", day: date = DAY, title: str = "") -> None:
    """Papers of one direction, as if they had been collected and judged."""
    with kit.store.write() as session:
        papers.keep(
            session,
            [fetched(id_, title=title or f"Paper {id_}", abstract=ABSTRACT, day=day, authors=("Ada",)) for id_ in ids],
        )
        evidence = (Evidence("low-rank", 2.0), Evidence("adapter", 1.0))
        judged = [
            (id_, Judgement({}, (Assignment(slug, 0.9 - at / 100, evidence),), Compute("low", "one GPU")))
            for at, id_ in enumerate(ids)
        ]
        judgements.note(session, kit.judge().id, judged)


@dataclass
class Person:
    """Somebody at their client; every message that they get is checked as Telegram would."""

    kit: Kit
    id: int = 5
    chat: str = "5"
    kind: str = "private"
    language: Language = "en"
    admin: bool = True
    messages: dict[int, Message] = field(default_factory=dict)
    last: Answer = field(default_factory=Answer)

    def says(self, text: str, **turn: object) -> str:
        """What they see in reply."""
        name, _, rest = text.partition(" ")
        verbs = {f"/{verb.name}": verb for verb in VERBS}
        own: dict[str, Command] = {f"/{command_of(one.slug)}": direction.of(one.slug) for one in self.kit.directions}
        if name in verbs:
            verb = verbs[name]
            command = verb.command if self.admin or not verb.changes else verb.otherwise
            return self.does(command, rest, text=text, **turn)
        if text.startswith("/"):
            return self.does(own.get(name, help.not_understood), rest, text=text, **turn)
        return self.does(help.text, text, text=text, **turn)

    def presses(self, label: str = "", *, data: str = "", message: int = 0) -> str:
        """Press the button whose text holds ``label`` under the newest message (or one with forged ``data``)."""
        number = message or max(self.messages, default=0)
        page = self.messages.get(number)
        if not data:
            assert page
            found = [b.data for row in page.buttons for b in row if label in b.text and b.data]
            assert found, [b.text for row in page.buttons for b in row]
            data = found[0]
        return self.does(pressed, data=read_press(data), message_id=number, page=page)

    def reacts(self, value: int, message: int) -> None:
        self.does(lambda talk: react(talk, value), message_id=message)

    def does(self, command: Command, argument: str = "", **turn: object) -> str:
        page = turn.get("page")
        if isinstance(page, Message):
            turn["page"] = replace(page, papers=papers_of(page))
            turn["asked"] = plain(page.html.partition("<code>")[2].partition("</code>")[0])
        asked = Turn(self.chat, self.kind, self.language, self.id, **turn)  # type: ignore[arg-type]
        self.last = answer(self.kit, asked, command, argument)
        return self.receives(asked, self.last)

    def receives(self, turn: Turn, said: Answer) -> str:
        """Put the answer into the chat as the bot does, and read it."""
        new = list(said.messages)
        read, lists = [said.toast] if said.toast else [], []
        assert len(said.toast) <= 200
        if said.screen and turn.page:
            self.messages[turn.message_id] = said.screen
            read.append(check(said.screen))
            if papers_of(said.screen):
                lists.append((turn.message_id, said.screen))
        elif said.screen:
            new.insert(0, said.screen)
        for message in new:
            number = max(self.messages, default=0) + 1
            self.messages[number] = message
            read.append(check(message))
            if message.papers:
                lists.append((number, message))
        if lists:
            note_pages(self.kit, turn, lists)
        return "\n\n".join(plain(text) for text in read)

    @property
    def newest(self) -> int:
        return max(self.messages)

    @property
    def labels(self) -> list[str]:
        """The buttons under the newest message."""
        return [button.text for row in self.messages[self.newest].buttons for button in row]

    @property
    def reader(self) -> Reader | None:
        with self.kit.store.read() as session:
            return readers.get(session, self.chat)

    @property
    def settings(self) -> Reader:
        assert self.reader
        return self.reader

    @property
    def opinions(self) -> dict[str, float]:
        with self.kit.store.read() as session:
            return readers.opinions(session, self.chat)

    @property
    def saved(self) -> list[str]:
        with self.kit.store.read() as session:
            return library.ids(session, self.chat)

    def is_set_up(self, **settings: object) -> Person:
        """They have gone through the first conversation before."""
        with self.kit.store.write() as session:
            known = Reader(self.chat, self.kind, language=self.language, state="active", directions=("peft",))
            readers.save(session, replace(known, **settings))  # type: ignore[arg-type]
        return self
