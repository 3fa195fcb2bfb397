"""What a reader is told is kept about them, and that it is gone when they say so."""

from __future__ import annotations

import json
import threading
from datetime import timedelta

import pytest
from telegram.error import BadRequest, Forbidden, TelegramError

from bot import backups
from bot.chat.answering import confide
from bot.chat.commands import PRESSES, privacy
from bot.chat.context import ANONYMOUS_ADMIN
from bot.chat.talk import Confidence, File
from bot.kit import Kit
from bot.models import Message, Reader
from bot.store import personal, readers
from bot.wording import LANGUAGES, Words
from tests.chat.people import Person, stock


@pytest.fixture
def person(kit: Kit) -> Person:
    somebody = Person(kit)
    somebody.says("/start")
    return somebody


def kept(person: Person) -> dict:
    document = person.last.document
    assert document
    assert document.name.endswith(".json")
    return json.loads(document.content)


def finished() -> None:
    """Wait for what is done aside."""
    for thread in threading.enumerate():
        if thread.name == "scrubbing backups":
            thread.join(20)


def test_everything_about_a_person_comes_as_one_document(person: Person) -> None:
    stock(person.kit, "2606.00001")
    person.says("/paper 2606.00001")
    person.presses(data="1|save|2606.00001")
    person.says("/idea Sparse adapters for 中文 tokenisers")
    person.says("/my_data")
    told = kept(person)
    assert told["reader"] == "5"
    assert told["settings"][0]["language"] == "en"
    assert told["library"][0]["paper_id"] == "2606.00001"
    assert "中文" in told["ideas"][0]["text"]
    assert person.last.document
    assert "/forget_me" in person.last.document.caption


def test_a_stranger_learns_that_nothing_is_kept(kit: Kit) -> None:
    assert "Nothing is kept" in Person(kit).says("/my_data")
    assert "没有" in Person(kit, language="zh").says("/my_data")
    assert "about this chat" in Person(kit, chat="-100", kind="group").says("/my_data")


@pytest.fixture
def lab(kit: Kit) -> Reader:
    group = Reader("-100", kind="group", title="Our <Lab>")
    with kit.store.write() as session:
        readers.save(session, group)
    return group


@pytest.mark.usefixtures("lab")
def test_a_groups_data_goes_to_the_administrator_alone(kit: Kit) -> None:
    admin = Person(kit, chat="-100", kind="group")
    admin.says("/my_data")
    confidence = admin.last.confidence
    assert confidence
    assert confidence.user_id == admin.id
    assert json.loads(confidence.document.content)["settings"][0]["title"] == "Our <Lab>"
    assert "Our &lt;Lab&gt;" in confidence.document.caption
    assert admin.last.document is None
    member = Person(kit, chat="-100", kind="group", admin=False)
    member.says("/my_data")
    assert member.last.confidence is None


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize("command", ["/my_data", "/forget_me"])
def test_a_member_of_a_group_is_sent_to_the_private_chat_for_what_is_their_own(kit: Kit, command: str) -> None:
    member = Person(kit, chat="-100", kind="group", admin=False)
    told = member.says(command)
    assert "in private" in told
    assert "settings" not in told
    assert PRESSES["forget"].otherwise is privacy.of_the_group


def test_what_members_are_told_of_a_groups_data_fits_above_a_button() -> None:
    for language in LANGUAGES:
        assert len(Words(language)("privacy.of_the_group")) <= 200


@pytest.mark.usefixtures("lab")
def test_an_administrator_is_asked_about_the_group_and_not_about_themselves(kit: Kit) -> None:
    admin = Person(kit, chat="-100", kind="group")
    assert "about this group?" in admin.says("/forget_me")
    admin.presses(data="1|forget|yes")
    assert "about this chat" in admin.says("/forget_me")


@pytest.mark.usefixtures("lab")
@pytest.mark.parametrize("nobody", [0, ANONYMOUS_ADMIN])
def test_nobody_in_particular_is_told_how_else_to_get_it(kit: Kit, nobody: int) -> None:
    hidden = Person(kit, id=nobody, chat="-100", kind="group")
    assert "--reader -100" in hidden.says("/my_data")
    assert hidden.last.confidence is None


class Line:
    """A line to Telegram; ``trouble`` is what it says about documents."""

    def __init__(self, trouble: TelegramError | None = None):
        self.trouble = trouble
        self.sent: list[int] = []

    async def send_document(self, chat_id: int, document: object, **more: object) -> None:
        if self.trouble:
            raise self.trouble
        self.sent.append(chat_id)


CONFIDENCE = Confidence(5, File("all.json", b"{}"), arrived=Message("sent"), closed=Message("write to me first"))


async def test_a_confidence_reaches_one_person() -> None:
    line = Line()
    assert (await confide(line, CONFIDENCE)).html == "sent"
    assert line.sent == [5]


@pytest.mark.parametrize("trouble", [Forbidden("bot was blocked by the user"), BadRequest("Chat not found")])
async def test_whoever_has_no_chat_with_us_is_told_to_open_one(trouble: TelegramError) -> None:
    assert (await confide(Line(trouble), CONFIDENCE)).html == "write to me first"


async def test_another_refusal_is_not_taken_for_a_closed_chat() -> None:
    with pytest.raises(BadRequest, match="too big"):
        await confide(Line(BadRequest("file is too big")), CONFIDENCE)


def test_forgetting_clears_the_backups_at_once_and_is_noted_for_the_clock(person: Person) -> None:
    person.says("/idea A most secret idea about adapters")
    path = backups.make(person.kit)
    assert b"most secret idea" in path.read_bytes()
    with person.kit.store.read() as session:
        assert personal.is_known(session, "5", 5)
    assert "/my_data" in person.says("/forget_me")
    assert "backups" in person.presses("Delete")
    finished()
    assert b"most secret idea" not in path.read_bytes()
    with person.kit.store.read() as session:
        assert [wish.reader_id for wish in personal.forgotten(session)] == ["5"]
    backups.keep_daily(person.kit)
    with person.kit.store.read() as session:
        assert personal.forgotten(session) == []
        assert not personal.is_known(session, "5", 5)


def test_a_question_that_waits_in_a_group_is_forgotten_too(kit: Kit) -> None:
    with kit.store.write() as session:
        readers.save(session, Reader("-100", kind="group"))
        readers.await_answer(session, "-100", 5, "words", kit.clock.now())
    person = Person(kit)
    assert "Nothing is kept" not in person.says("/forget_me")
    person.presses("Delete")
    finished()
    with kit.store.read() as session:
        assert readers.awaited(session, "-100", 5, kit.clock.now() - timedelta(hours=1)) == ""
