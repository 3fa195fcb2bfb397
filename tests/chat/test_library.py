"""The library in the chat: what people press, write and send, and what they see, in both languages."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import httpx
import pytest

from bot.chat.commands import importing, saved
from bot.chat.render.library import imported, library_page
from bot.kit import Kit
from bot.models import Import, ReadingState, Reference, SavedPaper
from bot.rules.library import LONGEST_NOTE, LONGEST_TAG, MOST_TAGS, Wanted
from bot.rules.references import MOST_BYTES
from bot.store import library
from bot.wording import LANGUAGES, Language, Words
from tests.chat.parsing import check
from tests.chat.people import Person, stock
from tests.chat.test_render import HOSTILE, LINKS, paper
from tests.fakes import Services, Written

IDS = [f"2606.{number:05d}" for number in range(1, 10)]
NOW = datetime(2026, 6, 17, 16, tzinfo=UTC)


@pytest.fixture
def person(kit: Kit) -> Person:
    """Somebody who has saved two papers out of nine."""
    stock(kit, *IDS)
    person = Person(kit).is_set_up()
    with kit.store.write() as session:
        for paper_id in IDS[:2]:
            library.save(session, person.chat, paper_id, NOW)
    return person


def kept(person: Person, paper_id: str = IDS[0]) -> SavedPaper | None:
    with person.kit.store.read() as session:
        return library.get(session, person.chat, paper_id)


def sends(person: Person, name: str, content: bytes | None, size: int = 0) -> str:
    """A document, as the handler hands it on."""
    return person.does(partial(importing.take, name=name, size=size or len(content or b""), content=content))


# --- one paper --------------------------------------------------------------------------------------------------------


def test_a_card_moves_a_saved_paper_from_state_to_state(person: Person) -> None:
    person.says(f"/paper {IDS[0]}")
    told = [person.presses(label) for label in ("To read", "Reading", "Read", "Dropped")]
    assert [text.splitlines()[0] for text in told] == ["📖 Reading", "✅ Read", "🗄 Dropped", "📥 To read"]
    person.presses("To read")
    saved = kept(person)
    assert saved
    assert saved.state is ReadingState.READING


def test_a_paper_that_is_not_saved_shows_no_state(person: Person) -> None:
    person.says(f"/paper {IDS[5]}")
    assert not any("To read" in label for label in person.labels)


def test_tags_are_pressed_for_written_and_taken_off(person: Person) -> None:
    person.says(f"/paper {IDS[0]}")
    assert "No tags yet" in person.presses("Tags")
    assert "🏷 #lora #长上下文" in person.says("LoRA，长上下文")
    assert "✕ lora" in person.presses("Tags") + str(person.labels)
    person.presses("✕ lora")
    saved = kept(person)
    assert saved
    assert saved.tags == ("长上下文",)
    assert "🏷 #长上下文" in person.presses("Back to the paper")


def test_a_tag_can_be_given_in_one_line_and_saves_the_paper(person: Person) -> None:
    assert "🏷 #rank #lora" in person.says(f"/tag {IDS[4]} rank lora")
    assert "🏷 #rank" in person.says(f"/tag {IDS[4]} -lora")
    assert "No tag has changed" in person.says(f"/tag {IDS[4]} rank")
    assert IDS[4] in person.saved


def test_a_tag_command_without_words_asks_for_them(person: Person) -> None:
    assert "Write tags" in person.says(f"/tag {IDS[0]}")
    assert "🏷 #later" in person.says("later")
    assert "such as /tag" in person.says("/tag")


def test_a_note_is_written_replaced_and_deleted(person: Person) -> None:
    person.says(f"/paper {IDS[0]}")
    assert "Write your note" in person.presses("Note")
    assert "📝 Compare with\n2106.09685 & then < 3" in person.says("Compare with\n2106.09685 & then < 3")
    assert "Compare with" in person.presses("📝 Note")
    assert "📝 Another" in person.says("Another")
    person.presses("📝 Note")
    assert "The note is deleted" in person.presses("Delete the note")
    saved = kept(person)
    assert saved
    assert saved.note == ""


def test_a_note_that_is_too_long_may_be_tried_again(person: Person) -> None:
    person.says(f"/paper {IDS[0]}")
    person.presses("Note")
    assert "has 1001 characters" in person.says("x" * (LONGEST_NOTE + 1))
    assert "📝 short" in person.says("short")


def test_a_link_sent_in_place_of_a_note_is_a_question_for_the_paper(person: Person) -> None:
    person.says(f"/paper {IDS[0]}")
    person.presses("Note")
    assert "Paper 2606.00003" in person.says(f"https://arxiv.org/abs/{IDS[2]}")
    saved = kept(person)
    assert saved
    assert saved.note == ""


def test_words_of_the_readers_own_do_not_go_unasked(person: Person) -> None:
    person.says(f"/tag {IDS[0]} lora")
    assert "They go with it" in person.presses("⭐ Saved")
    assert kept(person)
    assert "No longer saved" in person.presses("Remove it")
    assert kept(person) is None


def test_the_way_back_from_tags_leads_to_the_list(person: Person) -> None:
    person.says("/saved")
    for label in ("1", "Tags", "Back to the paper", "Note", "Back to the list"):
        shown = person.presses(label)
    assert "Saved papers" in shown


@pytest.mark.parametrize("data", ["1|state|2606.00001|nonsense", "1|saved|nonsense|-|0", "1|saved|all|-|x",
                                  "1|export|nonsense", "1|saved|0", "1|tags|nonsense"])  # fmt: skip
def test_a_forged_or_old_button_is_refused_politely(person: Person, data: str) -> None:
    person.says("/saved")
    assert "out of date" in person.presses(data=data)


def test_a_forged_button_for_a_paper_that_nobody_knows_keeps_nothing(person: Person) -> None:
    for verb in ("tags", "note", "unnote", "unsave"):
        person.presses(data=f"1|{verb}|2601.00001", message=1)
    person.presses(data="1|state|2601.00001|read", message=1)
    assert "2601.00001" not in person.saved


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_states_and_is_narrowed_by_buttons(person: Person) -> None:
    person.says(f"/paper {IDS[0]}")
    person.presses("To read")
    person.says(f"/tag {IDS[1]} lora")
    shown = person.says("/saved")
    assert "Saved papers · 2 papers" in shown
    assert "📖 Paper 2606.00001" in shown
    assert "#lora" in shown
    shown = person.presses("📖 1")
    assert "· 📖 Reading · 1 paper" in shown
    assert "2606.00002" not in shown
    assert "Nothing in your library fits" in person.presses("#lora")
    assert "✓ #lora" in person.labels
    assert "2606.00002" in person.presses("All")
    assert "2 papers" in person.presses("#lora")


def test_words_are_searched_within_and_stay_over_pages_and_filters(person: Person) -> None:
    person.says("/today")
    person.presses(data="1|saveall", message=person.newest)
    with person.kit.store.write() as session:
        for paper_id in IDS[:8]:
            library.set_note(session, person.chat, paper_id, "复现一下", NOW)
        library.set_state(session, person.chat, IDS[0], ReadingState.READ, NOW)
    assert "🔍 复现 · 8 papers" in person.says("/saved 复现")
    assert "🔍 复现 · 8 papers" in person.presses("›")
    assert "7. " in person.messages[person.newest].html.replace("<b>", "").replace("</b>", "")
    assert "🔍 复现 · ✅ Read · 1 paper" in person.presses("✅ 1")
    assert "0 papers" in person.says("/saved nowhere")


def test_a_tag_is_asked_for_by_its_hash(person: Person) -> None:
    person.says(f"/tag {IDS[1]} 长上下文")
    assert "#长上下文 · 1 paper" in person.says("/saved #长上下文")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_searched_for_and_shown_as_they_are(person: Person, text: str) -> None:
    assert "Saved papers" in person.says(f"/saved {text}")
    person.presses(data="1|saved|to-read|-|0")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_page_still_fits(language: Language) -> None:
    tags = tuple(f"{'长' * (LONGEST_TAG - 2)}{n:02}" for n in range(MOST_TAGS))
    one = SavedPaper(IDS[0], NOW, ReadingState.READING, NOW, tags, "<&>" * (LONGEST_NOTE // 3))
    full = [(paper(title="<&> " * 400, authors=("A & B" * 40,) * 5), one)] * 6
    many = [one, SavedPaper(IDS[1], NOW), SavedPaper(IDS[2], NOW, ReadingState.READ)]
    wanted = Wanted("<&>" * 33, tags[-1], ReadingState.READING)
    check(library_page(full, 60, 3, wanted, many, Words(language), LINKS))


# --- export -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "ending", "says"),
    [("bib", "bib", "keywords = {lora}"), ("BibTeX", "bib", "annote = {=1+1}"), ("ris", "ris", "KW  - lora"),
     ("markdown", "md", "`#lora`"), ("csv", "csv", "lora,'=1+1")],
)  # fmt: skip
def test_the_library_leaves_in_four_formats_with_its_words(person: Person, form: str, ending: str, says: str) -> None:
    person.says(f"/tag {IDS[0]} lora")
    with person.kit.store.write() as session:
        library.set_note(session, person.chat, IDS[0], "=1+1", NOW)
    person.says(f"/export {form}")
    document = person.last.document
    assert document
    assert document.name == f"qiaojin-2026-06-17.{ending}"
    assert says in document.content.decode()


def test_an_unknown_format_is_told_and_none_is_asked_for(person: Person) -> None:
    assert "is no format" in person.says("/export docx")
    person.says("/export")
    assert person.labels[:4] == ["BibTeX", "RIS", "Markdown", "CSV"]
    person.presses("RIS")
    assert person.last.document


# --- import -----------------------------------------------------------------------------------------------------------

BIB = """
@misc{known, title = {Paper 2606.00003}, eprint = {2606.00003}}
@misc{saved, title = {Paper 2606.00001}, eprint = {2606.00001}}
@misc{new, title = {Brand New}, eprint = {2606.11111}}
@article{titled, title = {The {W}hole {T}itle of a Paper}, author = {Lovelace, Ada}}
@book{lost, title = {A Book & Nobody < 3}, author = {Knuth, Donald E.}, year = 1984}
@misc{wrong, title = {No Such Number}, eprint = {2606.99999}}
"""


@pytest.fixture
def arxiv(person: Person, services: Services) -> Services:
    stock(person.kit, "2606.00077", title="The Whole Title of a Paper")
    services.papers = [Written("2606.11111", "Brand New")]
    return services


def test_a_file_brings_what_is_known_fetched_and_matched_and_names_the_rest(person: Person, arxiv: Services) -> None:
    told = sends(person, "my refs.bib", BIB.encode())
    assert "my refs.bib · 6 entries" in told
    assert "3 papers added" in told
    assert "1 saved already" in told
    assert "2 not found" in told
    assert "• A Book & Nobody < 3 (Knuth, Donald E., 1984)" in told
    assert "• No Such Number [2606.99999]" in told
    assert set(person.saved) == {*IDS[:3], "2606.11111", "2606.00077"}
    assert arxiv.calls == ["api"]


def test_the_same_file_again_changes_nothing(person: Person, arxiv: Services) -> None:
    sends(person, "a.bib", BIB.encode())
    person.says(f"/tag {IDS[2]} mine")
    before = person.saved
    told = sends(person, "a.bib", BIB.encode())
    assert "0 papers added" in told
    assert "4 saved already" in told
    saved = kept(person, IDS[2])
    assert saved
    assert (person.saved, saved.tags) == (before, ("mine",))


def test_many_unknown_papers_are_asked_for_a_hundred_at_a_time(person: Person, services: Services) -> None:
    services.papers = [Written(f"2605.{number:05d}") for number in range(1, 251)]
    told = sends(person, "list.txt", "\n".join(one.id for one in services.papers).encode())
    assert "250 papers added" in told
    assert services.calls == ["api"] * 3


def test_where_arxiv_does_not_answer_the_rest_is_saved_and_a_second_try_completes_it(
    person: Person, arxiv: Services
) -> None:
    arxiv.weather["api"] = httpx.Response(500)
    told = sends(person, "a.bib", BIB.encode())
    assert "2 papers added" in told
    assert "arXiv did not answer for 2 entries" in told
    assert "1 not found" in told
    del arxiv.weather["api"]
    assert "1 paper added" in sends(person, "a.bib", BIB.encode())


def test_a_long_list_of_what_is_missing_comes_as_a_file(person: Person) -> None:
    bib = "".join(f"@book{{k{n}, title={{Missing Book Number {n}}}}}\n" for n in range(40))
    told = sends(person, "books.bib", bib.encode())
    assert "… and 25 more" in told
    document = person.last.document
    assert document
    assert document.content.decode().splitlines() == [f"Missing Book Number {n}" for n in range(40)]


def test_whoever_sends_much_is_told_that_it_takes_a_while(person: Person) -> None:
    much, little = (b"".join(b"2605.%05d\n" % number for number in range(1, most)) for most in (52, 20))
    assert "51 entries received" in person.does(partial(importing.acknowledged, content=much))
    assert person.does(partial(importing.acknowledged, content=little)) == ""
    assert person.does(partial(importing.acknowledged, content=b"\x00")) == ""


@pytest.mark.parametrize(
    ("name", "size", "content", "says"),
    [
        ("paper.pdf", 10, None, "paper.pdf is not a file that can be imported"),
        ("", 10, None, "? is not a file"),
        ("big.bib", MOST_BYTES + 1, None, "larger than 1 MB"),
        ("a.bib", 10, None, "did not hand the file over"),
        ("a.bib", 5, b"hello", "no references in it"),
        ("a.ris", 5, b"\x00\x01\x02\x03\x04", "no references in it"),
    ],
)
def test_what_cannot_be_imported_is_told_with_the_reason(
    person: Person, name: str, size: int, content: bytes | None, says: str
) -> None:
    assert says in sends(person, name, content, size)
    assert person.saved == IDS[:2]


def test_ids_can_be_pasted_behind_the_command(person: Person) -> None:
    assert "Import · 2 entries" in person.says(f"/import {IDS[3]} https://arxiv.org/abs/{IDS[4]}")
    assert "BibTeX or RIS file" in person.says("/import")


def test_whoever_imports_first_becomes_a_reader(kit: Kit) -> None:
    stock(kit, IDS[0])
    person = Person(kit, id=9, chat="9")
    sends(person, "a.txt", IDS[0].encode())
    assert person.saved == [IDS[0]]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_file_is_told_of_in_a_message_that_fits(language: Language, text: str) -> None:
    lost = tuple(Reference(text or "x", authors=(text,), key=str(n)) for n in range(30))
    check(imported(Import((), (), lost, lost), text, Words(language)))


def test_forgetting_removes_the_library(person: Person) -> None:
    person.says(f"/tag {IDS[0]} lora")
    person.says("/forget_me")
    person.presses("Delete")
    assert person.is_set_up().saved == []


def test_the_list_of_a_group_is_the_groups_own(kit: Kit, person: Person) -> None:
    group = Person(kit, 7, "-1", "group").is_set_up()
    assert "Nothing saved yet" in group.says("/saved")
    group.says(f"/tag {IDS[0]} ours")
    mine = kept(person)
    assert mine
    assert mine.tags == ()


def test_every_button_of_a_page_is_understood(person: Person) -> None:
    person.says(f"/tag {IDS[0]} lora")
    person.says("/saved")
    for row in person.messages[person.newest].buttons:
        for button in row:
            person.presses(data=button.data, message=person.newest)
            assert "out of date" not in person.last.toast
    assert saved.is_state("all")
