"""What the chat says, as readers see it: it fits, it parses, it is complete, and foreign text stays text."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import load_directions
from bot.chat.context import papers_of
from bot.chat.render.card import card, why
from bot.chat.render.digest import digest_messages
from bot.chat.render.lists import paper_page
from bot.chat.render.packing import fair_share
from bot.chat.render.settings import main_screen, screen
from bot.models import (
    Assignment,
    Compute,
    Digest,
    DigestPaper,
    DigestSection,
    Evidence,
    Judgement,
    Message,
    Paper,
    Post,
    Reader,
    SavedPaper,
)
from bot.rules.ingest import first_seen
from bot.rules.preferences import SCREENS
from bot.rules.relevance import Taste
from bot.wording import LANGUAGES, Words
from tests.chat.parsing import check, texts_of
from tests.fakes import fetched

ZH, EN = Words("zh"), Words("en")
LINKS = {"abstract": "https://arxiv.org/abs/{id}", "pdf": "https://arxiv.org/pdf/{id}"}
DIRECTIONS = load_directions()
NAMES = {direction.slug: direction.label("en") for direction in DIRECTIONS}
SENTENCE = "We show that one small thing explains a large part of what was thought to need many large things. "
TELLING = (SENTENCE * 2 + "And more of this kind follows, in the words of the authors.").strip()
NOW = datetime(2026, 6, 17, 12, tzinfo=UTC)
SAVED = SavedPaper("2606.00001", NOW, tags=("lora", "长上下文"), note="To <try> & compare.\n再读一遍。")
HOSTILE = [
    "👨‍👩‍👧‍👦" * 1100,
    "😀" * 4096,
    "\u202eעברית\u2066 مرحبا" * 200,
    "<b>bold</i> &amp; <script>alert(1)</script> & < > \" '" * 60,
    "%s %d {0} {name} {{}} 100%",
    "a\x00b\x07c\ud800d",
    "\n".join(f"line {n}" for n in range(10_000)),
    "[x](http://evil) `code` *b* _i_ | ~ #",
    "",
    " ",
]


def paper(number: int = 1, **fields: object) -> Paper:
    found = first_seen(fetched(f"2606.{number:05d}", title=f"Paper {number} of Many", abstract=SENTENCE * 12))
    return replace(found, **{"authors": ("Ada Lovelace", "Alan Turing"), "upvotes": 34, **fields})  # type: ignore[arg-type]


def shown(number: int = 1, slug: str = "peft", **fields: object) -> DigestPaper:
    evidence = tuple(Evidence(term, 1.0) for term in ("low-rank", "adapter", "Low-Rank Adaptation"))
    return DigestPaper(paper(number, **fields), Assignment(slug, 0.9, evidence), TELLING, Compute("low", "x"))


def digest(*counts: int, missing: tuple[str, ...] = (), **fields: object) -> Digest:
    """A digest with so many papers in each section."""
    numbers = iter(range(1, 1000))
    sections = tuple(
        DigestSection(direction.slug, tuple(shown(next(numbers), direction.slug) for _ in range(count)), count + 2)
        for count, direction in zip(counts, DIRECTIONS, strict=False)
    )
    return replace(Digest(date(2026, 6, 17), not missing, missing, 376, sections), **fields)  # type: ignore[arg-type]


def messages(digest: Digest, words: Words = EN, **settings: object) -> list[Message]:
    names = {direction.slug: direction.label(words.language) for direction in DIRECTIONS}
    return digest_messages(digest, Reader("1", **settings), words, LINKS, names)  # type: ignore[arg-type]


# --- the digest -------------------------------------------------------------------------------------------------------


def test_a_digest_says_its_day_what_was_read_and_chosen_and_that_the_sources_are_whole() -> None:
    (message,) = messages(digest(2, 1))
    read = "Read 376 papers, chose 3 · arXiv ✓ Hugging Face ✓"
    assert check(message).startswith(f"🔬 Qiaojin · Wednesday 17 June\n{read}")
    (chinese,) = messages(digest(2, 1), ZH)
    assert "6月17日 周三\n读了 376 篇，为你选出 3 篇 · arXiv ✓ Hugging Face ✓" in check(chinese)


def test_an_incomplete_day_says_what_is_missing_and_that_it_follows() -> None:
    text = check(messages(digest(1, missing=("huggingface",)))[0])
    assert "arXiv ✓ Hugging Face ✗" in text
    assert "Not complete yet: Hugging Face is still missing; what it brings will follow." in text


def test_each_paper_has_a_linked_title_its_badge_votes_code_a_sentence_and_the_reason() -> None:
    one = replace(digest(1), sections=(DigestSection("peft", (shown(code_url="https://github.com/a/b"),), 1),))
    (message,) = messages(one)
    assert '<b>1.</b> <a href="https://arxiv.org/abs/2606.00001">Paper 1 of Many</a>' in message.html
    assert '🟢 one GPU is enough · ♥ 34 · <a href="https://github.com/a/b">code</a>' in message.html
    assert f"\n{TELLING}\n" in message.html
    assert "<i>Because: low-rank · adapter</i>" in message.html  # what says the same at greater length is left out


def test_the_abstract_unfolds_where_there_is_room_for_all_and_is_left_to_the_cards_where_not() -> None:
    (few,) = messages(digest(3))
    assert few.html.count("<blockquote expandable>We show that") == 3
    for message in messages(digest(5, 5, 5)):
        assert "<blockquote" not in message.html
        check(message)


def test_a_paper_of_two_directions_is_shown_once() -> None:
    peft, rag = (shown(1), shown(2)), (shown(2, "rag"), shown(3, "rag"))
    twice = replace(digest(), sections=(DigestSection("peft", peft, 2), DigestSection("rag", rag, 2)))
    (message,) = messages(twice)
    assert message.papers == ("2606.00001", "2606.00002", "2606.00003")


@pytest.mark.parametrize("form", ["one", "each"])
def test_numbers_go_on_over_messages_and_every_paper_has_its_button(form: str) -> None:
    parts = messages(digest(5, 5, 5, 5), form=form)
    assert len(parts) > 1
    numbers = [int(text) for part in parts for text in texts_of(part) if text.isdigit()]
    assert numbers == list(range(1, 21))
    for part in parts:
        assert papers_of(part) == part.papers
        check(part)


def test_messages_of_one_digest_are_about_equally_long() -> None:
    lengths = [len(check(part)) for part in messages(digest(5, 5, 5))]
    assert len(lengths) == 2
    assert max(lengths) < 1.4 * min(lengths)


def test_a_message_for_each_direction_begins_with_its_heading() -> None:
    first, second, third = messages(digest(2, 1, 2), form="each")
    assert "▍Data-centric AI · best 2 of 4" in check(first)
    assert check(second).startswith("▍Evaluation science · best 1 of 3")
    assert check(third).startswith("▍Parameter-efficient fine-tuning · best 2 of 4")


def test_a_message_that_begins_in_the_middle_of_a_direction_names_it_again() -> None:
    parts = messages(digest(14))
    assert len(parts) == 2
    assert check(parts[1]).startswith("▍Data-centric AI (continued)\n8. ")


def test_save_is_offered_under_every_message_and_settings_under_the_last() -> None:
    first, last = messages(digest(7, 7))
    assert "⭐ Save all 7" in texts_of(first)
    assert "⚙️ Settings" not in texts_of(first)
    assert texts_of(last)[-2:] == ["⭐ Save all 7", "⚙️ Settings"]
    assert "⭐ 这 7 篇稍后读" in texts_of(messages(digest(7, 7), ZH)[0])


def test_a_day_without_papers_says_so_and_one_without_papers_of_ours_too() -> None:
    assert "No paper of this day belongs to your directions." in check(messages(digest())[0])
    assert "There are no papers for this day." in check(messages(digest(papers_read=0))[0])


def test_blog_posts_come_last_by_their_feed() -> None:
    posts = (Post("BAIR", "https://bair.example/a", "On <Things>"), Post("BAIR", "javascript:alert(1)", "Other"))
    (message,) = messages(digest(1, posts=posts))
    text = check(message)
    assert text.endswith("▍BAIR\n• On <Things>\n• Other")
    assert "javascript" not in message.html


@given(st.lists(st.integers(0, 6), max_size=20), st.sampled_from(["one", "each"]), st.integers(0, 1400))
def test_every_digest_fits_and_loses_no_paper(counts: list[int], form: str, length: int) -> None:
    whole = digest(*counts)
    sections = tuple(
        replace(section, papers=tuple(replace(p, key_sentence="字" * length) for p in section.papers))
        for section in whole.sections
    )
    parts = messages(replace(whole, sections=sections), ZH, form=form)
    assert sum(len(part.papers) for part in parts) == sum(counts[: len(DIRECTIONS)])
    for part in parts:
        check(part)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("words", [ZH, EN], ids=LANGUAGES)
def test_hostile_papers_stay_text_in_digest_card_list_and_reasons(text: str, words: Words) -> None:
    evidence = (Evidence(text, 1.0), Evidence("x" * 4000, 0.5))
    bad = replace(
        paper(), title=text, abstract=text, authors=(text,) * 9, code_url=text, summary=text, categories=(text,) * 9
    )
    assigned = (Assignment("peft", 0.9, evidence), Assignment("rag", 0.8, evidence))
    judgement = Judgement({}, assigned, Compute("low", text))
    section = DigestSection("peft", (DigestPaper(bad, assigned[0], text),), 1)
    for part in messages(digest(0, sections=(section,), posts=(Post(text, text, text),)), words):
        check(part)
    check(card(bad, judgement, words, LINKS, NAMES, 1, saved=SAVED, back=True))
    check(why(bad, judgement, words, LINKS, NAMES, [Taste(text, 1, 3, 0), Taste(text, -1, 0, 3)]))
    check(paper_page("x", [bad] * 6, 60, 3, words, LINKS, ("saved",)))


@given(st.text(max_size=6000))
def test_any_text_at_all_makes_a_card_that_fits(text: str) -> None:
    check(card(replace(paper(), title=text, abstract=text), Judgement({}), EN, LINKS, NAMES))


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=20), st.integers(0, 4000))
def test_a_fair_share_never_takes_more_than_there_is(wanted: list[int], room: int) -> None:
    share = fair_share(wanted, room)
    assert sum(min(want, share) for want in wanted) <= room


# --- cards and lists --------------------------------------------------------------------------------------------------


def test_a_card_opens_pages_judges_saves_and_leads_further() -> None:
    judgement = Judgement({}, (Assignment("peft", 0.93, (Evidence("low-rank", 2.0),)),), Compute("low", "one GPU"))
    message = card(paper(code_url="https://github.com/a/b"), judgement, EN, LINKS, NAMES, back=True)
    text = check(message)
    assert "Ada Lovelace, Alan Turing\n2606.00001v1" in text
    assert "▍Parameter-efficient fine-tuning 93%\nlow-rank" in text
    assert "<blockquote expandable>We show that" in message.html
    assert texts_of(message) == [
        "📄 Abstract", "PDF", "💻 Code", "👍 Like", "👎 Not for me", "⭐ Save", "≈ Similar", "❓ Why this one",
        "‹ Back to the list",
    ]  # fmt: skip


def test_a_card_shows_an_abstract_as_people_read_it() -> None:
    told = card(paper(abstract=r"It is 5.27$\times$ smaller at 50% of the cost."), Judgement({}), EN, LINKS, NAMES).html
    assert "5.27× smaller at 50% of the cost" in told


def test_a_card_says_what_was_thought_of_the_paper_and_that_it_is_saved() -> None:
    shown = texts_of(card(paper(), Judgement({}), ZH, LINKS, NAMES, -1, saved=SAVED))
    assert "👎 已标不感兴趣" in shown
    assert "⭐ 已收藏" in shown
    assert "‹ 返回列表" not in shown


def test_a_withdrawn_paper_says_so() -> None:
    assert "has been withdrawn" in check(card(paper(withdrawn=True), Judgement({}), EN, LINKS, NAMES))


def test_pages_are_numbered_through_and_turn_within_their_bounds() -> None:
    first = paper_page("List", [paper(n) for n in range(6)], 14, 0, EN, LINKS, ("saved",))
    last = paper_page("List", [paper(n) for n in range(2)], 14, 2, EN, LINKS, ("saved",))
    assert texts_of(first) == ["1", "2", "3", "4", "5", "6", "1/3", "›"]
    assert texts_of(last) == ["13", "14", "‹", "3/3"]
    assert "\n\n13. " in check(last)


def test_reasons_name_words_weights_and_what_likes_changed() -> None:
    judgement = Judgement({}, (Assignment("peft", 0.93, (Evidence("low-rank", 2.0),)),), Compute("low", "one GPU"))
    tastes = [Taste("benchmark", -0.6, 0, 3), Taste("adapter", 0.5, 1, 0)]
    text = check(why(paper(), judgement, EN, LINKS, NAMES, tastes, -0.12))
    assert "low-rank +2.00" in text
    assert "Its place: certainty +0.93 votes +0.21 compute +0.08 your taste -0.12" in text
    assert "“benchmark” lowered after 3 dislikes" in text
    assert "“adapter” lifted after 1 like" in text
    assert "“benchmark” 因 3 次不感兴趣而靠后" in check(why(paper(), judgement, ZH, LINKS, NAMES, tastes))


# --- settings ---------------------------------------------------------------------------------------------------------

BUSY = Reader(
    "1", language="zh", directions=tuple(NAMES), followed_words=tuple(f"<w{n}>" * 12 for n in range(30)),
    muted_authors=("Ada & Co",), quiet_from=1320, quiet_to=450, weekdays="1010100", paused_until=date(2026, 7, 1),
    minimum=0.8, compute="low", zone="+05:30", digest_at=451,
)  # fmt: skip


@pytest.mark.parametrize("reader", [Reader("1"), BUSY], ids=["new", "busy"])
@pytest.mark.parametrize("words", [ZH, EN], ids=LANGUAGES)
def test_every_screen_is_whole_in_both_languages(words: Words, reader: Reader) -> None:
    check(main_screen(reader, words, DIRECTIONS))
    for name in SCREENS:
        for onboarding in (True, False):
            check(screen(name, reader, words, DIRECTIONS, NOW, opinions=3, onboarding=onboarding))


def test_the_settings_tell_what_they_stand_at() -> None:
    text = check(main_screen(BUSY, EN, DIRECTIONS))
    for told in ("Directions: all of them", "Hour: 07:31", "Time zone: UTC+05:30", "Weekdays: Mon, Wed, Fri",
                 "Quiet hours: 22:00–07:30", "Relevance: 80%", "Pause: Wednesday 1 July"):  # fmt: skip
        assert told in text


def test_directions_are_toggles_with_a_word_of_explanation() -> None:
    message = screen("directions", Reader("1", directions=("peft",)), ZH, DIRECTIONS, NOW, onboarding=True)
    assert "✅ 高效微调\n只动少量参数来改变模型" in check(message)
    assert "✅ 高效微调" in texts_of(message)
    assert "▫️ 检索增强机理" in texts_of(message)
    assert texts_of(message)[-1] == "下一步 ›"
