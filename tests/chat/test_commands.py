"""Conversations: what people write and press, and what they see, in both languages."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.commands import PRESSES, VERBS, menu, pressed
from bot.chat.commands.search import inline, inline_turn
from bot.chat.commands.start import link_to_paper, paper_of_link
from bot.chat.context import Turn, read_press
from bot.chat.talk import answer
from bot.delivering import decide_digests
from bot.kit import Kit
from bot.models import Reader
from bot.store import deliveries, editions, pages
from bot.wording import LANGUAGES, Language, Words
from tests.chat.parsing import check
from tests.chat.people import Person, stock
from tests.chat.test_render import HOSTILE
from tests.fakes import DAY, Services, Written

IDS = [f"2606.{number:05d}" for number in range(1, 15)]


@pytest.fixture
def person(kit: Kit) -> Person:
    return Person(kit)


def test_the_first_conversation_takes_four_steps_and_ends_with_the_first_digest(person: Person) -> None:
    stock(person.kit, *IDS[:3])
    assert "Four steps" in person.says("/start")
    assert "Directions 2/4" in person.presses("Next")
    person.presses("peft")
    assert "Hour 3/4" in person.presses("Next")
    assert "Time zone 4/4" in person.presses("07:00")
    person.presses("Berlin")
    assert "first digest is on its way" in person.presses("Done, send")
    reader = person.settings
    assert (reader.state, reader.directions) == ("active", ("peft",))
    assert (reader.digest_at, reader.zone) == (420, "Europe/Berlin")
    assert decide_digests(person.kit, lambda digest, _: []) == 1


def test_the_first_conversation_can_be_written_and_speaks_the_language_that_was_pressed(person: Person) -> None:
    person.says("/start")
    assert "方向 2/4" in person.presses("中文")
    assert "✅ 高效微调" in person.says("高效微调，推断时计算")
    person.presses("下一步")
    assert "时区 4/4" in person.says("晚上8点半")
    assert "现在：+05:30" not in person.says("+5:30")
    person.presses("完成")
    reader = person.settings
    assert (reader.language, reader.directions, reader.digest_at, reader.zone, reader.state) == (
        "zh", ("peft", "test-time"), 20 * 60 + 30, "+05:30", "active",
    )  # fmt: skip


def test_nobody_begins_without_a_direction(person: Person) -> None:
    person.says("/start")
    assert person.presses(data="1|begin") == "Choose at least one direction."
    assert person.settings.state == "onboarding"


def test_a_link_to_a_direction_has_it_chosen_already(person: Person) -> None:
    person.says("/start d_long-context")
    assert person.settings.directions == ("long-context",)


def test_a_link_to_a_direction_shows_it_to_whoever_is_set_up(person: Person) -> None:
    stock(person.kit, *IDS[:2])
    assert "last 7 days · 2 papers" in person.is_set_up().says("/start d_peft")


@pytest.mark.parametrize("id_", ["2606.00001", "cs/0112017", "cond-mat/0309136"])
def test_a_link_to_a_paper_opens_its_card(kit: Kit, id_: str) -> None:
    stock(kit, id_)
    person = Person(kit).is_set_up()
    assert f"{id_}v1" in person.says(f"/start {link_to_paper(id_)}")
    assert f"{id_}v1" in person.says(f"/start p_{id_}")
    assert set(link_to_paper(id_)) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")


def test_a_forged_link_is_a_common_start(person: Person) -> None:
    assert paper_of_link("nonsense") == ""
    for link in ("p_nonsense", "d_nonsense", "x", "p_", "_", "d_followed"):
        assert "Four steps" in person.says(f"/start {link}")


def test_starting_again_changes_nothing_and_brings_back_whoever_stopped(person: Person) -> None:
    person.is_set_up(digest_at=600)
    assert "all set" in person.says("/start")
    person.says("/stop")
    assert person.settings.state == "stopped"
    assert "Welcome back" in person.says("/start")
    assert (person.settings.state, person.settings.digest_at) == ("active", 600)


# --- papers -----------------------------------------------------------------------------------------------------------


def test_today_shows_the_newest_day_and_what_it_showed_does_not_come_again(person: Person) -> None:
    stock(person.kit, *IDS[:3])
    person.is_set_up(last_digest=DAY - timedelta(1))
    assert "chose 3" in person.says("/today")
    assert decide_digests(person.kit, lambda digest, _: [] if not digest.sections else pytest.fail("shown twice")) <= 1


def test_today_takes_a_day_in_many_spellings(person: Person) -> None:
    stock(person.kit, *IDS[:2], day=date(2026, 6, 16))
    person.is_set_up()
    for day in ("2026-06-16", "6-16", "6月16日", "2026/6/16", "yesterday", "昨天"):
        assert "Tuesday 16 June" in person.says(f"/today {day}")
    assert "is not a day" in person.says("/today sometime")
    assert "has not come yet" in person.says("/today 2026-07-01")


def test_today_before_anything_was_collected_says_so(person: Person) -> None:
    assert "being collected" in person.says("/today")


@pytest.mark.parametrize("name", ["peft", "PEFT", "高效微调", "parameter efficient fine tuning", "pefft", "lora"])
def test_a_direction_is_found_by_any_of_its_names(person: Person, name: str) -> None:
    stock(person.kit, *IDS[:2])
    assert "2 papers" in person.says(f"/direction {name} 30d")


def test_each_direction_has_a_command_of_its_own(person: Person) -> None:
    for direction in person.kit.directions:
        assert direction.name["en"] in person.says(f"/{direction.slug.replace('-', '_')}")


def test_a_direction_turns_its_pages_and_its_span(person: Person) -> None:
    stock(person.kit, *IDS)
    stock(person.kit, "2605.00001", day=date(2026, 5, 25))
    person.is_set_up()
    assert "last 7 days · 14 papers" in person.says("/direction peft")
    assert "\n\n7. " in person.presses("›")
    assert "last 30 days · 15 papers" in person.presses("last 30 days")


def test_a_direction_that_does_not_exist_names_those_near_it(person: Person) -> None:
    assert "Near it: rag, graph-rag" in person.says("/direction ragg r")
    assert "▫️ RAG mechanisms" in person.says("/direction")


def test_search_finds_pages_and_keeps_its_words(person: Person) -> None:
    stock(person.kit, *IDS, title="Low-Rank <Things> & More")
    person.is_set_up()
    assert "low-rank things · 14 papers" in person.says("/search low-rank   things")
    assert "\n\n7. " in person.presses("›")
    assert "\n\n1. " in person.presses("‹")
    assert "Nothing found" in person.says("/search zebra")
    assert "How to search" in person.says("/search")
    assert "How to search" in person.says("/help search")


def test_a_card_takes_the_lists_place_and_gives_it_back_as_it_was(person: Person) -> None:
    stock(person.kit, *IDS)
    person.is_set_up()
    person.says("/direction peft")
    person.presses("›")
    before = person.messages[person.newest]
    assert "2606.00008v1" in person.presses("8")
    person.presses("Why this one")
    assert "2606.00008v1" in person.presses("Back to the paper")
    person.presses("Back to the list")
    assert person.messages[person.newest] == before
    assert len(person.messages) == 1


def test_a_paper_is_liked_disliked_saved_and_all_of_it_taken_back(person: Person) -> None:
    stock(person.kit, *IDS[:2])
    person.is_set_up()
    person.says("/paper 2606.00001")
    assert "“low-rank” lifted after 1 like" in person.presses("Like")
    assert person.opinions == {"2606.00001": 1}
    assert "“low-rank” lowered after 1 dislike" in person.presses("Not for me")
    assert person.opinions == {"2606.00001": -1}
    assert "Taken back." in person.presses("Noted")
    assert person.opinions == {}
    person.presses("⭐ Save")
    assert person.saved == ["2606.00001"]
    person.presses("⭐ Saved")
    assert person.saved == []


def test_a_pasted_link_gives_a_card_and_several_give_several(person: Person) -> None:
    stock(person.kit, *IDS[:7])
    assert "2606.00001v1" in person.says("https://arxiv.org/pdf/2606.00001v3.pdf")
    person.says("read " + " ".join(IDS[:7]))
    assert len(person.last.messages) == 6
    assert "2 more were left out" in check(person.last.messages[-1])


def test_a_paper_that_is_not_here_is_asked_of_arxiv(open_stub: object, services: Services) -> None:
    services.papers.append(Written("2606.01234", title="Fresh from arXiv"))
    with open_stub() as kit:  # type: ignore[operator]
        assert "Fresh from arXiv" in Person(kit).says("/paper 2606.01234")
        assert "Neither this database nor arXiv knows" in Person(kit).says("/paper 2606.99999")


def test_similar_papers_come_nearest_first_and_leave_out_the_paper_itself(person: Person) -> None:
    stock(person.kit, "2606.00001", title="Speculative decoding with tiny drafts")
    stock(person.kit, "2606.00002", title="Tiny drafts for speculative decoding")
    stock(person.kit, "2606.00003", title="Decoding brain waves")
    stock(person.kit, "2606.00004", "2606.00005", title="Something else")
    person.is_set_up()
    text = person.says("/similar 2606.00001")
    assert text.index("Tiny drafts for") < text.index("Decoding brain waves") < text.index("Something else")
    assert text.count("Speculative decoding with tiny drafts") == 1
    person.says("/paper 2606.00001")
    person.presses("Similar")
    assert len(person.messages) == 3


def test_why_names_the_words_that_decided(person: Person) -> None:
    stock(person.kit, *IDS[:1])
    assert "low-rank +2.00 · adapter +1.00" in person.says("/why 2606.00001")


def test_why_with_a_direction_says_what_speaks_against_it(person: Person) -> None:
    stock(person.kit, *IDS[:1])
    assert "What speaks against it" in person.says("/why 2606.00001 视频")
    assert "no direction" in person.says("/why 2606.00001 astrology").lower()


def test_saved_papers_come_in_pages_and_leave_as_bibtex_and_markdown(person: Person) -> None:
    stock(person.kit, *IDS)
    person.is_set_up(per_direction=8)
    assert "Nothing saved yet" in person.says("/saved")
    assert "Nothing saved yet" in person.says("/export bibtex")
    person.says("/today")
    assert "Saved 8 papers" in person.presses("Save all 8")
    assert "saved already" in person.presses("Save all 8")
    assert "8 papers" in person.says("/saved")
    person.presses("›")
    person.presses("BibTeX")
    assert person.last.document
    assert person.last.document.content.count(b"@misc{") == 8
    person.says("/export md")
    assert person.last.document
    assert person.last.document.content.count(b"- [ ] [") == 8


def test_trends_are_a_picture_in_both_languages_and_wait_for_a_whole_week(person: Person) -> None:
    assert "not enough to draw" in person.says("/trends")
    stock(person.kit, *IDS[:4], day=date(2026, 6, 10))
    for language in LANGUAGES:
        person.is_set_up(language=language)
        person.says("/trends all")
        assert person.last.picture
        assert person.last.picture.content.startswith(b"\x89PNG")


# --- settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("screen", "button", "field", "value"),
    [
        ("language", "中文", "language", "zh"),
        ("directions", "RAG mechanisms", "directions", ("peft", "rag")),
        ("hour", "18:00", "digest_at", 1080),
        ("zone", "Tokyo", "zone", "Asia/Tokyo"),
        ("weekdays", "Sun", "weekdays", "1111110"),
        ("quiet", "22:00–08:00", "quiet_to", 480),
        ("count", "10", "per_direction", 10),
        ("form", "one for each", "form", "each"),
        ("minimum", "80%", "minimum", 0.8),
        ("compute", "one GPU", "compute", "low"),
        ("nothing", "yes", "tell_nothing_new", True),
        ("pause", "7 days", "paused_until", date(2026, 6, 24)),
    ],
)
def test_every_setting_is_changed_by_a_button(
    person: Person, screen: str, button: str, field: str, value: object
) -> None:
    person.is_set_up()
    person.says("/settings")
    person.presses(data=f"1|set|{screen}")
    person.presses(button)
    assert getattr(person.settings, field) == value
    person.presses("‹")
    assert person.presses("✓").startswith(("✅ Settings saved", "✅ 设置已保存"))
    assert len(person.messages) == 1


@pytest.mark.parametrize(
    ("screen", "typed", "field", "value"),
    [
        ("hour", "7:30", "digest_at", 450),
        ("hour", "8 pm", "digest_at", 1200),
        ("zone", "杭州", "zone", "Asia/Shanghai"),
        ("zone", "san francisco", "zone", "America/Los_Angeles"),
        ("quiet", "23:00-7:30", "quiet_from", 1380),
        ("followed", "KV cache，Mamba", "followed_words", ("KV cache", "Mamba")),
        ("muted", "benchmark", "muted_words", ("benchmark",)),
        ("authors", "Ada Lovelace", "followed_authors", ("Ada Lovelace",)),
        ("silenced", "Bob", "muted_authors", ("Bob",)),
        ("pause", "2026-07-01", "paused_until", date(2026, 7, 1)),
        ("directions", "推断时计算", "directions", ("peft", "test-time")),
    ],
)
def test_many_settings_can_be_written(person: Person, screen: str, typed: str, field: str, value: object) -> None:
    person.is_set_up()
    person.presses(data=f"1|set|{screen}")
    person.says(typed)
    assert getattr(person.settings, field) == value


def test_an_answer_that_does_not_fit_may_be_tried_again(person: Person) -> None:
    person.is_set_up()
    person.presses(data="1|set|zone")
    assert "“Atlantis City” is not a place I know" in person.says("Atlantis City")
    person.says("Berlin")
    assert person.settings.zone == "Europe/Berlin"


def test_a_question_is_forgotten_when_something_else_is_asked_or_pasted(person: Person) -> None:
    stock(person.kit, *IDS[:1])
    person.is_set_up()
    person.presses(data="1|set|zone")
    assert "2606.00001v1" in person.says("2606.00001")
    person.says("/help")
    assert "I did not get that" in person.says("Berlin")


def test_words_are_dropped_by_their_button(person: Person) -> None:
    person.is_set_up(muted_words=("a" * 60, "b"))
    person.presses(data="1|set|muted")
    person.says("ccc")
    person.presses("✕ aaa")
    assert person.settings.muted_words == ("b", "ccc")


def test_the_last_weekday_stays(person: Person) -> None:
    person.is_set_up(weekdays="1000000")
    assert "Leave one day" in person.presses(data="1|put|weekdays|0")


def test_likes_are_told_and_taken_back_in_the_settings(person: Person) -> None:
    stock(person.kit, *IDS[:3])
    person.is_set_up()
    for id_ in IDS[:3]:
        person.says(f"/paper {id_}")
        person.presses("Not for me")
    person.says("/settings")
    assert "“low-rank” lowered after 3 dislikes" in person.presses("Likes")
    person.presses("Take back the last")
    assert len(person.opinions) == 2
    person.presses("Take back all")
    assert person.opinions == {}


def test_settings_pressed_under_a_digest_leave_the_digest_where_it_is(person: Person) -> None:
    stock(person.kit, *IDS[:3])
    person.is_set_up()
    person.says("/today")
    person.presses("Settings")
    assert len(person.messages) == 2


def test_a_change_does_not_undo_what_the_clock_noted_meanwhile(person: Person) -> None:
    person.is_set_up()
    with person.kit.store.write() as session:
        editions.note_decided(session, [Reader("5", last_digest=DAY, decided_on=DAY)])
    person.presses(data="1|put|count|10")
    assert (person.settings.last_digest, person.settings.per_direction) == (DAY, 10)


# --- opinions by reaction ---------------------------------------------------------------------------------------------


def test_a_reaction_to_a_digest_is_shared_by_its_papers_and_leaves_plain_words_alone(person: Person) -> None:
    stock(person.kit, *IDS[:4])
    person.is_set_up()
    person.says("/today")
    digest = person.newest
    person.presses("1")
    person.presses("Like")
    person.presses("Back")
    person.reacts(-1, digest)
    assert person.opinions == {IDS[0]: 1, IDS[1]: -0.25, IDS[2]: -0.25, IDS[3]: -0.25}
    person.reacts(0, digest)
    assert person.opinions == {IDS[0]: 1}


def test_a_reaction_to_an_open_card_counts_in_full_for_that_paper(person: Person) -> None:
    stock(person.kit, *IDS[:4])
    person.is_set_up()
    person.says("/today")
    person.presses("2")
    person.reacts(1, person.newest)
    assert person.opinions == {IDS[1]: 1}


def test_a_reaction_to_anything_else_is_nothing(person: Person) -> None:
    person.is_set_up()
    person.reacts(1, 999)
    Person(person.kit, 6, "6").reacts(1, 999)
    assert person.opinions == {}


# --- groups, channels, topics -----------------------------------------------------------------------------------------


def test_only_administrators_change_a_groups_settings(kit: Kit) -> None:
    member = Person(kit, 12, "-100", "group", admin=False)
    for command in ("/start", "/settings", "/bind peft", "/stop"):
        assert "Only administrators" in member.says(command)
    assert member.reader is None


def test_a_topic_is_bound_to_a_direction_and_has_its_own_reader(kit: Kit) -> None:
    Person(kit, 11, "-100", "group").is_set_up(language="zh", directions=("rag", "peft"))
    topic = Person(kit, 11, "-100:7", "topic", "zh")
    assert "“推断时计算”的论文从现在起送到这个话题" in topic.says("/bind 推断时计算")
    assert (topic.settings.bound_to, topic.settings.kind, topic.settings.language) == ("test-time", "topic", "zh")
    assert Person(kit, 11, "-100").settings.directions == ("rag", "peft")
    topic.says("/unbind")
    assert topic.reader is None
    assert "没有绑定" in topic.says("/unbind")


def test_a_topic_without_a_reader_of_its_own_speaks_for_the_group(kit: Kit) -> None:
    Person(kit, 11, "-100", "group").is_set_up(per_direction=3)
    topic = Person(kit, 11, "-100:7", "topic")
    topic.presses(data="1|put|count|8")
    assert Person(kit, 11, "-100").settings.per_direction == 8
    assert topic.reader is None


def test_binding_is_explained_where_it_makes_no_sense(kit: Kit) -> None:
    assert "for a group's topic" in Person(kit).says("/bind peft")
    group = Person(kit, 11, "-100", "group")
    assert "Name a direction" in group.says("/bind")
    assert "There is no direction" in group.says("/bind zzzz")


def test_a_group_is_silent_where_nobody_asked(kit: Kit) -> None:
    group = Person(kit, 12, "-100", "group")
    stock(kit, *IDS[:1])
    assert group.says("good morning") == ""
    assert group.says("/somebodyelses") == ""
    assert group.says("see 2606.00001") == ""
    assert "2606.00001v1" in group.says("see https://arxiv.org/abs/2606.00001")
    assert Person(kit, 0, "-200", "channel").says("https://arxiv.org/abs/2606.00001") == ""


# --- the owner, and whoever is not invited ----------------------------------------------------------------------------


@pytest.fixture
def owned(open_stub: object) -> object:
    return open_stub(owners=[7])  # type: ignore[operator]


def test_with_owners_strangers_are_told_how_to_be_invited(owned: object) -> None:
    with owned as kit:  # type: ignore[attr-defined]
        stranger = Person(kit, 9, "9", language="zh")
        for text in ("/start", "/today", "/settings", "hello", "/paper 2606.00001"):
            assert "只对受邀者开放。请把你的编号 9" in stranger.says(text)
        assert "受邀者" in stranger.presses(data="1|begin")
        assert stranger.reader is None
        assert "Four steps" in Person(kit, 7, "7").says("/start")
        group = Person(kit, 9, "-100", "group")
        group.says("/start")
        assert group.reader is None


def test_status_and_broadcast_are_the_owners(owned: object) -> None:
    with owned as kit:  # type: ignore[attr-defined]
        Person(kit, 5, "5").is_set_up()
        Person(kit, 6, "6").is_set_up()
        for text in ("/status", "/broadcast hi"):
            assert "for the bot's owner" in Person(kit, 5, "5").says(text)
        assert "for the bot's owner" in Person(kit, 5, "5").presses(data="1|broadcast|yes")
        owner = Person(kit, 7, "7").is_set_up()
        assert "Readers: 3 active of 3" in owner.says("/status")
        assert "goes to 3 readers" in owner.says("/broadcast <b>Hi</b> & all")
        assert "on its way to 3 readers" in owner.presses("Send")
        with kit.store.read() as session:
            assert deliveries.outbox(session, kit.clock.now()).waiting == 3
        owner.says("/broadcast again")
        assert "Not sent" in owner.presses("No")


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_forgetting_asks_first_and_then_deletes_everything(person: Person) -> None:
    stock(person.kit, *IDS[:3])
    person.is_set_up()
    person.says("/today")
    person.presses("Save all")
    person.says("/forget_me")
    assert "Nothing was deleted" in person.presses("No, keep")
    assert person.reader
    person.says("/forget_me")
    assert "Everything is deleted" in person.presses("Delete everything")
    assert person.reader is None
    assert person.saved == []
    assert "Nothing is kept" in person.says("/forget_me")
    person.presses("1", message=1)  # a digest of old: no error, whatever becomes of it


# --- inline -----------------------------------------------------------------------------------------------------------


def test_inline_results_are_cards_in_pages_that_anybody_can_use(kit: Kit) -> None:
    stock(kit, *IDS, title="Low-Rank Things")
    found = answer(kit, inline_turn(5, "en", "low-rank", ""), inline, "low-rank").inline
    assert found
    assert (len(found.articles), found.next_offset) == (10, "10.14")
    for _, title, description, message in found.articles:
        assert (title, description) == ("Low-Rank Things", "Ada")
        assert check(message)
        assert all(button.url for row in message.buttons for button in row)
    rest = answer(kit, inline_turn(5, "en", "low-rank", "10.14"), inline, "low-rank").inline
    assert rest
    assert (len(rest.articles), rest.next_offset) == (4, "")
    for offset in ("x", "-1", "99999999", "²"):
        assert answer(kit, inline_turn(5, "en", "low-rank", offset), inline, "low-rank").inline


# --- hostile input, forged buttons, both languages --------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_every_command_answers_within_the_rules_whatever_is_written_behind_it(person: Person, text: str) -> None:
    stock(person.kit, *IDS[:2])
    person.is_set_up()
    for verb in VERBS:
        person.says(f"/{verb.name} {text}")
    person.is_set_up()
    person.says(text)
    for name in ("directions", "hour", "zone", "quiet", "pause", "followed", "muted", "authors"):
        person.presses(data=f"1|set|{name}", message=1)
        person.says(text)


@given(st.text(max_size=64))
def test_a_forged_button_gets_a_polite_answer(text: str) -> None:
    """Without a database: what is not ours is turned away before anything is looked up."""
    press = read_press(f"1|{text}")
    if not press or press[0] not in PRESSES:

        class Nobody:
            turn = Turn("5", "private", "en", data=press)
            words = Words("en")

        assert "out of date" in pressed(Nobody()).toast  # type: ignore[arg-type]


FORGED = (
    (), ("x",), ("2606.99999",), ("2606.99999", "0"), ("9999", "9999"), ("peft", "7", "9999"), ("followed", "7", "0"),
    ("hour", "99999"), ("weekdays", "7"), ("likes", "x"),
)  # fmt: skip


@pytest.mark.parametrize("verb", sorted(PRESSES))
def test_forged_arguments_are_no_error(person: Person, verb: str) -> None:
    for arguments in FORGED:
        person.is_set_up()
        person.presses(data="|".join(("1", verb, *arguments)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_menu_is_whole(language: Language) -> None:
    commands = menu(language)
    assert len(commands) == 23
    for name, about in commands:
        assert name.isascii()
        assert 1 <= len(about) <= 256
    assert json.dumps(commands)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_names_every_command_of_the_menu(kit: Kit, language: Language) -> None:
    private, group = Person(kit, language=language), Person(kit, 1, "-1", "group", language)
    told = private.says("/help") + group.says("/help")
    assert not [name for name, _ in menu(language) if f"/{name}" not in told and name != "help"]
    assert private.says("/privacy")


def test_lists_are_forgotten_in_time_and_their_cards_then_lead_nowhere(person: Person) -> None:
    stock(person.kit, *IDS[:3])
    person.is_set_up()
    person.says("/direction peft")
    person.presses("1")
    with person.kit.store.write() as session:
        pages.expire(session, person.kit.clock.now() + timedelta(days=61))
    assert "out of date" in person.presses("Back to the list")
