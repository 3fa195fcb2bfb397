"""Ideas in the chat: written, judged, changed, and nobody else's business."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.chat.consequences import is_welcome
from bot.chat.html import split
from bot.chat.render import ideas as render
from bot.chat.talk import Answer
from bot.kit import Kit
from bot.matching import SCOOP
from bot.models import Delivery, Message, Paper
from bot.models.ideas import Grade, Idea, IdeaStatus, Near
from bot.models.tracking import Entry, EntryKind, IdeaNews, IdeaPapers, IdeasWeek, IdeaWeek, Relation, Revision
from bot.store import deliveries, ideas, matches, papers, tables
from bot.store.engine import Session
from bot.wording import LANGUAGES, Language, Words
from tests.chat.parsing import check
from tests.chat.people import Person, stock
from tests.engine import CountingEngine, with_counting_engine
from tests.fakes import DAY, fetched

TEXT = "choose the adapter width per layer from gradient statistics"
NOON = datetime(2026, 6, 17, 16, tzinfo=UTC)
NEAR, FAR = "2606.00001", "2606.00002"


@pytest.fixture
def engine() -> CountingEngine:
    return CountingEngine()


@pytest.fixture
def person(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> Person:
    kit, _ = with_counting_engine(kit, monkeypatch)
    with kit.store.write() as session:
        papers.keep(session, [
            fetched(NEAR, title="Gradient statistics choose adapter sizes", abstract="One layer at a time.", day=DAY),
            fetched(FAR, title="Cooking rice", abstract="With water.", day=DAY),
        ])  # fmt: skip
    return Person(kit).is_set_up()


def read(person: Person) -> Session:
    return person.kit.store.read()  # type: ignore[return-value]


def test_a_new_idea_is_answered_at_once_with_what_is_near_it(person: Person) -> None:
    told = person.says(f"/idea {TEXT}")
    assert "Noted as idea 1" in told
    assert "Gradient statistics choose adapter sizes" in told
    assert "In common: adapter · choose · gradient" in told
    assert "2 papers since 17 June 2026" in told
    assert "no verdict" in told
    assert "Cooking rice" not in told


def test_an_idea_that_nothing_is_near_gets_the_nearest_and_no_promise(person: Person) -> None:
    told = person.says("/idea whether birds dream")
    assert "nothing near enough" in told
    assert "no proof" in told


@pytest.mark.parametrize(("written", "answer"), [
    ("/idea", "Write the idea behind the command"),
    ("/idea 。。。", "There are no words in it"),
    (f"/idea {'word ' * 1000}", "about a page, is the most"),
    ("/idea 7", "There is no idea 7"),
    ("/note", "Write a number and the note"),
    ("/note 9 text", "There is no idea 9"),
])  # fmt: skip
def test_what_is_no_idea_is_told_with_what_to_do(person: Person, written: str, answer: str) -> None:
    assert answer in person.says(written)
    assert "No ideas yet" in person.says("/ideas")


def test_numbers_are_never_given_twice(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.says("/idea another one of mine")
    person.presses(data="1|idelyes|2")
    assert "Noted as idea 3" in person.says("/idea and a third")
    assert [idea.number for idea in kept(person)] == [1, 3]


def kept(person: Person) -> list:
    with person.kit.store.read() as session:
        return ideas.listed(session, person.chat)


def test_the_list_leads_to_cards_and_a_card_to_everything(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    assert TEXT[:40] in person.says("/ideas")
    card = person.presses("💡 1")
    assert "Idea 1 · 🌱 seed" in card
    assert "Papers near it: 1" in card
    labels = " ".join(person.labels)
    for label in ("What is near", "Linked", "note", "History", "Edit", "Status", "Directions", "Must mention",
                  "Must not", "Mute", "Markdown", "BibTeX", "RIS", "Delete", "All ideas"):  # fmt: skip
        assert label in labels


def test_every_button_of_a_card_can_be_pressed(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.says("/ideas")
    person.presses("💡 1")
    number = person.newest
    for row in person.messages[number].buttons:
        for button in row:
            if button.data:
                person.presses(data="1|idea|1", message=number)
                person.presses(data=button.data, message=number)


def test_a_status_is_a_decision_with_a_word_of_reason(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    assert "Why?" in person.presses(data="1|iput|1|experiment")
    assert "the pilot went well" in person.says("the pilot went well")
    with person.kit.store.read() as session:
        assert ideas.journal(session, "5", 1)[-1].text == "the pilot went well"
    assert kept(person)[0].status is IdeaStatus.EXPERIMENT


def test_a_word_of_reason_may_be_left_out(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.presses(data="1|iput|1|dropped")
    assert "My ideas" in person.says("/ideas")
    assert "did not get that" in person.says("something else entirely")


def test_editing_searches_again_and_keeps_what_stood_there(person: Person) -> None:
    person.says("/idea whether birds dream")
    person.presses(data="1|iask|1|text")
    told = person.says(TEXT)
    assert "is changed" in told
    assert "Gradient statistics choose adapter sizes" in told
    assert "whether birds dream" in person.presses(data="1|ijournal|1")


def test_an_edit_that_does_not_fit_may_be_tried_again(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.presses(data="1|iask|1|text")
    assert "no words" in person.says("???")
    assert "is changed" in person.says("whether birds dream of 2106.09685")


def test_phrases_are_written_and_cleared(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.presses(data="1|iask|1|must")
    assert "nothing near enough" in person.says("rice cooker, 量子")
    assert kept(person)[0].must == ("rice cooker", "量子")
    person.presses(data="1|iask|1|must")
    assert "Gradient statistics" in person.says("-")
    assert kept(person)[0].must == ()


def test_directions_are_pressed_on_and_off(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    before = kept(person)[0].directions
    person.presses(data="1|idir|1|icl")
    assert ("icl" in kept(person)[0].directions) != ("icl" in before)
    person.presses(data="1|idir|1|icl")
    assert set(kept(person)[0].directions) == set(before)


def test_notes_are_kept_with_their_day(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    assert "try 0.5B first" in person.says("/note try 0.5B first")
    person.says("/idea a second one about something")
    assert "Write a number" in person.says("/note which one?")
    assert "17 June: half a page" in person.says("/note 2 half a page")


def test_what_is_not_related_and_what_is_useful_is_kept_and_can_be_taken_back(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.presses("1")
    assert "bring no more alerts" in person.presses("Not related")
    assert "✅ Not related" in person.labels
    assert said(person) == [(Relation.UNRELATED, ("adapter", "choose", "gradient", "layer", "statistics"))]
    person.presses("Useful")
    assert [relation for relation, _ in said(person)] == [Relation.USEFUL]
    person.presses("✅ Useful")
    assert said(person) == []


def said(person: Person) -> list:
    with person.kit.store.read() as session:
        tracked = ideas.tracked(session, person.chat, 1)
    assert tracked
    return [(link.relation, link.phrases) for link in tracked.links]


def test_a_match_can_be_put_on_the_reading_list(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.presses("1")
    person.presses("Read it")
    assert person.saved == [NEAR]
    assert "⭐ On your list" in person.labels


def test_an_idea_is_muted_for_a_week_and_unmuted(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.presses(data="1|idea|1")
    assert "Muted until Wednesday 24 June" in person.presses("Mute for a week")
    assert kept(person)[0].muted_until == DAY + timedelta(7)
    person.presses("Unmute")
    assert kept(person)[0].muted_until is None


def test_an_alert_stays_where_it_is_while_its_idea_is_muted_and_unmuted(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.presses(data=f"1|alert|1|{NEAR}")
    person.presses("Mute for a week")
    assert "Gradient statistics choose adapter sizes" in person.presses("Unmute")
    assert kept(person)[0].muted_until is None


def test_a_text_that_names_nothing_is_answered_with_what_to_do(person: Person) -> None:
    told = person.says("/idea do it to us")
    assert "no term in it" in told
    assert "Seems to belong" not in told
    assert "send me the whole new text" in person.presses("Edit")


def test_a_changed_idea_forgets_what_was_near_it_before(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.presses(data="1|iask|1|text")
    person.says("cooking without water")
    assert "Papers near it: 1 " in person.presses(data="1|idea|1")
    with person.kit.store.read() as session:
        assert [near.paper.id for near in matches.of_idea(session, person.chat, 1)] == [FAR]


@pytest.mark.parametrize("data", ["1|imute|1", "1|idelyes|1", "1|iput|1|dropped", f"1|irel|1|{NEAR}|unrelated"])
def test_an_alert_that_the_night_holds_back_is_withdrawn_with_its_reason(person: Person, data: str) -> None:
    person.says(f"/idea {TEXT}")
    person.says(f"/idea {TEXT} again")
    with person.kit.store.write() as session:
        for number in (1, 2):
            alert = Delivery(person.chat, SCOOP, f"{number}/{NEAR}/1", Message("x"))
            deliveries.enqueue(session, [alert], NOON)
    person.presses(data=data)
    with person.kit.store.read() as session:
        rows = session.scalars(select(tables.DeliveryRow).where(tables.DeliveryRow.kind == SCOOP))
        assert {row.subject[0]: row.state for row in rows} == {"1": "dropped", "2": "waiting"}


def test_deleting_asks_first(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    assert "gone for good" in person.presses(data="1|idel|1")
    assert len(kept(person)) == 1
    assert "is deleted" in person.presses("Yes, delete it")
    assert kept(person) == []


def test_a_reply_to_a_paper_attaches_it_or_begins_an_idea(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.says(f"/paper {FAR}")
    card = person.newest
    assert "To which idea" in person.says("/idea", replied=card)
    person.presses("💡 1")
    assert [relation for relation, _ in said(person)] == [Relation.LINKED]
    assert "1 linked paper" in person.presses(data="1|ilinks|1|0")
    person.says("/idea 1", replied=card)
    assert [relation for relation, _ in said(person)] == [Relation.LINKED]
    person.says("/idea", replied=card)
    assert "Noted as idea 2" in person.presses("Begin an idea")
    assert "Cooking rice" in kept(person)[1].text


def test_a_reply_to_several_papers_asks_which(person: Person) -> None:
    stock(person.kit, "2606.00011", "2606.00012")
    person.says("/direction peft")
    assert "Which of these papers" in person.says("/idea", replied=person.newest)
    assert "To which idea" in person.presses("2")


def test_a_reply_to_anything_else_says_so_and_a_text_begins_an_idea(person: Person) -> None:
    assert "no paper in that message" in person.says("/idea", replied=77)
    assert "Noted as idea 1" in person.says(f"/idea {TEXT}", replied=77)


def test_a_paper_that_somebody_else_posted_is_looked_up(person: Person) -> None:
    told = person.says("/idea", replied=77, replied_text=f"see https://arxiv.org/abs/{NEAR}")
    assert "To which idea" in told


def test_the_bank_is_browsed_by_direction_and_a_question_adopted_with_one_button(person: Person) -> None:
    person.says("/idea")
    assert "open questions" in person.presses("Idea bank")
    assert "rank follow the difficulty" in person.presses("Parameter-efficient")
    assert "Noted as idea 1" in person.presses("Adopt 2")
    assert kept(person)[0].directions == ("peft",)


def test_files_are_handed_out(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    assert "No linked papers yet" in person.presses(data="1|iout|1|bib")
    person.presses(data=f"1|irel|1|{NEAR}|useful")
    for form, part in (("md", "[[2606.00001 Gradient"), ("bib", "@misc{"), ("ris", "TY  - ")):
        person.presses(data=f"1|iout|1|{form}")
        document = person.last.document
        assert document
        assert document.name == f"qiaojin-idea-1.{form}"
        assert part in document.content.decode()


def test_ideas_are_nobody_elses_business(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    stranger = Person(person.kit, id=6, chat="6").is_set_up()
    group = Person(person.kit, id=5, chat="-100", kind="group").is_set_up()
    for other in (stranger, group):
        assert "No ideas yet" in other.says("/ideas")
        assert "There is no idea 1" in other.says("/idea 1")
        assert "There is no idea 1" in other.says("/note 1 mine now")
        for data in (
            "1|idea|1",
            "1|inear|1|0",
            "1|idelyes|1",
            f"1|irel|1|{NEAR}|useful",
            "1|iout|1|md",
            "1|iput|1|done",
        ):
            assert "There is no idea 1" in other.presses(data=data)
    assert "Noted as idea 1" in group.says("/idea a group's own idea")
    assert [idea.text for idea in kept(person)] == [TEXT]


def test_forgetting_a_reader_forgets_their_ideas(person: Person) -> None:
    person.says(f"/idea {TEXT}")
    person.presses("1")
    person.presses("Useful")
    person.says("/link")
    person.presses(data="1|forget|yes")
    with person.kit.store.read() as session:
        from bot.store import tables

        for row in (tables.IdeaRow, tables.IdeaCountRow, tables.IdeaEntryRow, tables.IdeaMatchRow, tables.IdeaPaperRow,
                    tables.LinkCodeRow):  # fmt: skip
            assert session.scalars(select(row)).all() == [], row


@pytest.mark.parametrize("data", [
    "1|idea|0", "1|idea|x", "1|ideas|9999", "1|iask|1|rubbish", "1|iput|1|rubbish", "1|idir|1|rubbish", "1|iout|1|exe",
    f"1|irel|1|{NEAR}|rubbish", "1|match|1|2606.99999", "1|bankof|rubbish", "1|adopt|peft|99", "1|inear|1|99",
])  # fmt: skip
def test_forged_buttons_are_answered_politely(person: Person, data: str) -> None:
    person.says(f"/idea {TEXT}")
    person.presses(data=data)
    assert person.last != Answer()


def test_a_chinese_reader_is_answered_in_chinese(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    kit, _ = with_counting_engine(kit, monkeypatch)
    reader = Person(kit, language="zh").is_set_up(language="zh")
    assert "已记下，这是想法 1" in reader.says("/idea 按梯度谱逐层选择 LoRA 的秩")
    assert "想法 1 · 🌱 萌芽" in reader.presses(data="1|idea|1")
    assert "每个方向都有几个" in reader.presses(data="1|bank")


def test_what_foreign_papers_and_readers_write_does_no_harm(person: Person) -> None:
    hostile = "<b>gradient</b> & statistics " + "😀" * 300
    with person.kit.store.write() as session:
        papers.keep(session, [fetched("2606.00003", title=hostile, abstract=hostile * 3, day=DAY)])
    person.says(f"/idea {hostile} layer adapter choose\n{'<i>' * 500}")
    person.presses(data="1|idea|1")
    person.presses(data="1|match|1|2606.00003")
    person.says(f"/note {'<script>' * 100}")
    person.presses(data="1|ijournal|1")
    person.presses(data="1|ilinks|1|0")


def test_an_alert_waits_for_the_end_of_a_pause_and_a_digest_does_not(person: Person) -> None:
    reader = replace(person.settings, paused_until=DAY + timedelta(2), zone="Asia/Shanghai")
    with person.kit.store.write() as session:
        for kind, welcome in ((SCOOP, False), ("notice", True)):
            deliveries.enqueue(session, [Delivery("5", kind, "1", Message("x"))], NOON)
            row = session.scalars(select(tables.DeliveryRow).where(tables.DeliveryRow.kind == kind)).one()
            delivery = deliveries.to_delivery(row)
            assert is_welcome(session, delivery, reader, NOON) is welcome
            session.refresh(row)
            assert row.due == (NOON if welcome else datetime(2026, 6, 18, 16, tzinfo=UTC))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sections_of_digest_and_summary_stay_within_bounds_whatever_is_written(language: Language) -> None:
    words, links, long = Words(language), {"abstract": "https://arxiv.org/abs/{id}"}, "<b>&" + "😀" * 3000
    paper = Paper("2606.00001", 2, long, long, (long,) * 9, (), DAY)
    near = tuple(Near(paper, grade, 0.5, (long,) * 6, (long,) * 4) for grade in Grade) * 2
    idea = Idea("5", 1, long, created=NOON, touched=NOON)
    news = IdeaNews((IdeaPapers(idea, near, 9),) * 9, (Revision(paper, (long,) * 5, (1, 2, 3, 4)),) * 9)
    blocks = list(render.news_blocks(news, words, links))
    for html, row in blocks:
        check(Message(html, (row,) if row else ()))
    assert [block for block, _ in blocks[6:7]] == [words("idea.more_ideas", count=3)]
    assert words("idea.more_revised", count=4) in blocks[7][0]
    entries = (Entry(EntryKind.NOTE, NOON, long),) * 9
    weeks = IdeasWeek(
        (DAY,) * 3, (IdeaWeek(idea, near, entries, ({}, {Grade.CLOSE: 2}, {Grade.SCOOP: 9})),) * 9, (idea,) * 9
    )
    told = render.week(weeks, words, links)
    for piece in split(told):  # as the summary does
        check(Message(piece))
    assert "▁▃█" in told
    assert not render.week(IdeasWeek((DAY,)), words, links)
