"""What people do with the bot, over real HTTP, with the real library in between."""

from __future__ import annotations

import re

import pytest

from bot.playground.town import CHANNEL, GROUP
from bot.wording import Language, Words
from tests.playground.conftest import Player, Playground

REFERENCES = b"@article{a, title={Ternary Mamba}, eprint={2606.18114}, archivePrefix={arXiv}}\n"
SCOOP = "2606.18389"


async def begin(you: Player) -> None:
    """The first conversation, by its buttons, up to the first digest; it takes all directions."""
    words = Words("zh" if you.town.people[you.id].language == "zh" else "en")
    await you.say("/start")
    for step, chosen in (("1/4", ""), ("2/4", words("set.directions.take_all")), ("3/4", "")):
        await you.hears(step)
        if chosen:
            await you.press(chosen)
            await you.hears("✅")
        await you.press(words("start.next"))
    await you.hears("4/4")
    await you.press(words("start.finish"))
    await you.hears(words("digest.title"))


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_two_days_with_the_bot(playground: Playground, language: Language) -> None:
    """A digest, a card in its place and liked, an idea, a plan; the next morning a paper comes near the idea."""
    words, you = Words(language), playground.you
    await begin(you)
    assert playground.town.people[you.id].language == language

    await you.press("54")
    card = await you.hears("2606\\.\\d{5}v1")
    assert {"text_link", "bold", "italic", "blockquote"} <= {entity["type"] for entity in card.entities}
    await you.press(words("card.like"))
    await you.soon(lambda: you.button(words("card.liked")), "the like is not shown")

    await you.say(words("playground.idea"))
    await you.hears(re.split("[(（]", words("idea.arxiv_nothing", covered=""))[0])
    assert SCOOP not in "".join(message.text for message in you.messages())

    await you.say("/plan")
    asked = (await you.hears("1/4")).number
    for step in ("2/4", "3/4", "4/4", "📅"):
        shown = playground.town.chats[you.chat].messages[asked].buttons
        await you.act("press", message=asked, data=shown[-1][-1]["callback_data"])
        await you.hears(step, after=asked - 1)

    await you.move("morning", "Asia/Shanghai" if language == "zh" else "UTC")
    alert = await you.hears(words("idea.alert"), after=asked)
    assert "Low-Resource" in alert.text
    await you.hears(words("digest.title"), after=asked)


async def test_a_group_and_a_second_person(playground: Playground) -> None:
    town, here, there = playground.town, playground.you.in_group(), playground.other.in_group()
    await here.say("nobody hears this")
    await here.act("admit", present=True)
    await here.hears("Qiaojin")
    await there.say("/settings")
    await here.hears("administrator")
    await here.say("/start@qiaojin_bot")
    await here.hears("1/4")
    assert len(town.updates.waiting) <= 1
    await here.act("admit", present=False)
    assert town.chats[GROUP].standing == "left"


async def test_a_channel_gets_one_direction(playground: Playground) -> None:
    owner = Player(playground.town, playground.you.http, chat=CHANNEL)
    await owner.act("admit", present=True)
    await owner.say("/bind reasoning")
    await owner.hears("System-2 reasoning")
    await owner.hears("1\\.")


async def test_files_go_both_ways(playground: Playground) -> None:
    you = playground.you
    await begin(you)
    await you.attach("library.bib", REFERENCES)
    await you.hears("library.bib")
    await you.say("/export")
    await you.press("BibTeX")
    sent = await you.soon(
        lambda: next((message for message in you.messages() if message.by_bot and message.file), None), "no file came"
    )
    assert sent.file
    answer = await you.http.get(f"/files/{sent.file.id}")
    assert b"2606.18114" in answer.content
    assert answer.headers["content-disposition"].startswith("attachment")


async def test_inline_results_are_sent_by_the_person(playground: Playground) -> None:
    you = playground.you
    found = await you.act("inline", words="mamba", offset="")
    assert "Mamba" in found["results"][0]["title"]
    sent = await you.act("choose", question=found["question"], result=found["results"][0]["id"])
    assert sent["from"]["id"] == you.id
    assert sent["via_bot"]["username"] == "qiaojin_bot"
    assert {"text_link", "bold"} & {entity["type"] for entity in sent["entities"]}


async def test_a_reaction_is_an_opinion_and_a_menu_speaks_both_languages(playground: Playground) -> None:
    you = playground.you
    await begin(you)
    await you.press("54")
    card = await you.hears("2606\\.\\d{5}v1")
    await you.act("react", message=card.number, emoji="👍")
    await you.say("/settings")
    await you.hears("1 like|likes: 1|Settings")
    chinese, english = [(await you.http.get(f"/menu/{one}")).json() for one in ("zh", "en")]
    assert [one["command"] for one in chinese] == [one["command"] for one in english]
    assert chinese[0]["description"] != english[0]["description"]


async def test_who_blocks_the_bot_is_left_alone_and_may_come_back(playground: Playground) -> None:
    you = playground.you
    await begin(you)
    await you.act("admit", present=False)
    await you.move("morning")
    await you.soon(lambda: not playground.town.updates.waiting, "updates are left")
    told = you.last
    await you.say("/help")
    await you.hears("/today", after=told)
