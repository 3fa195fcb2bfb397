"""A digest as messages.

    header + sections of papers → blocks → (``packing``) as few messages as they fit in, with abstracts → buttons

A paper's block is small enough for any message. What says the same to many readers is put together once for them all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from bot.chat.context import pressed
from bot.chat.html import escape
from bot.chat.render.due import open_button, reminder_lines, reminder_message
from bot.chat.render.ideas import news_blocks
from bot.chat.render.packing import (
    GAP,
    NOTHING,
    Block,
    Markup,
    Part,
    measured,
    packed,
    shares_of,
    with_abstract,
)
from bot.chat.render.parts import REMEMBERED, Row, about, because, in_rows, lines, link, numbered, safe, title
from bot.models import Button, Compute, Digest, DigestPaper, Message, Paper, Post, Reader
from bot.wording import Language, Words

SERVICES = {"arxiv": "arXiv", "huggingface": "Hugging Face"}
LONGEST_SENTENCE = 280
MOST_POSTS, IDEAS_IN_A_ROW = 10, 6


def digest_messages(
    digest: Digest, reader: Reader, words: Words, links: Mapping[str, str], names: Mapping[str, str]
) -> list[Message]:
    """Messages in Telegram's HTML, each within 4,096 UTF-16 units, papers numbered through; the first has the header.

    ``names`` are the directions' labels by slug.
    """
    if digest.reading and not (digest.sections or digest.posts or digest.ideas):
        return [reminder_message(digest.reading, words, links)]
    blocks = blocks_of(digest, words, links, names)
    parts = packed(blocks, one_each=reader.form == "each")
    messages, number = [], 1
    for part, share in zip(parts, shares_of(parts), strict=True):
        shown = tuple(block.paper.id for block in part if block.paper)
        own = [button for block in part for button in block.buttons]
        below = closing(len(shown), words.language, last=part is parts[-1])
        rows = (*in_rows(own, IDEAS_IN_A_ROW), *numbered(number, shown), *below)
        messages.append(Message(text_of(part, share, words), rows, shown))
        number += len(shown)
    return messages


def text_of(part: Part, share: int, words: Words) -> str:
    html = GAP.join([with_abstract(block, share) for block in part])
    first = part[0]
    if first.paper and not first.opens:
        return f"▍<b>{first.section}</b> {words('digest.continued')}\n{html}"
    return html


def blocks_of(digest: Digest, words: Words, links: Mapping[str, str], names: Mapping[str, str]) -> list[Block]:
    """What the digest says, in order."""
    chosen = len({shown.paper.id for section in digest.sections for shown in section.papers})
    return [
        Block(*header(digest.day, digest.papers_read, chosen, digest.missing, words.language)),
        *plan_blocks(digest, words, links),
        *idea_blocks(digest, words, links),
        *(paper_blocks(digest, words, links, names) if chosen else [Block(*nothing(digest, words))]),
        *([Block(*posts(digest.posts))] if digest.posts else []),
    ]


def nothing(digest: Digest, words: Words) -> Markup:
    return measured(words("chat.nothing") if digest.papers_read else words("digest.no_papers"))


@lru_cache(REMEMBERED)
def header(day: date, read: int, chosen: int, missing: tuple[str, ...], language: Language) -> Markup:
    words = Words(language)
    told = words.count("digest.read", read, chosen=words.count("digest.chosen", chosen))
    marks = " ".join(f"{name} {'✗' if key in missing else '✓'}" for key, name in SERVICES.items())
    lacking = words("list.and").join(safe(SERVICES.get(name, name), 60) for name in missing[:5])
    html = lines(
        f"<b>{words('digest.title')} · {words.day(day)}</b>",
        f"{told} · {marks}",
        words("chat.partial", missing=lacking) if lacking else "",
    )
    return measured(html)


def paper_blocks(digest: Digest, words: Words, links: Mapping[str, str], names: Mapping[str, str]) -> Iterator[Block]:
    """A block for each paper, once, under the first direction that shows it."""
    seen: set[str] = set()
    for section in digest.sections:
        new = [shown for shown in section.papers if shown.paper.id not in seen]
        label = label_of(names.get(section.slug, section.slug))
        above = heading(label, len(new), section.total, words.language)
        for shown in new:
            seen.add(shown.paper.id)
            yield paper_block(shown, len(seen), above, label, words.language, links["abstract"])
            above = NOTHING


def paper_block(
    shown: DigestPaper, number: int, above: Markup, label: str, language: Language, address: str
) -> Block:  # fmt: skip
    before = numeral(number)
    said = said_of(shown.paper, shown.compute.level, shown.key_sentence, language, address)
    why = reasons(tuple([item.term for item in shown.assignment.evidence]), language)
    return Block(
        f"{above.html}{before.html}{said.html}{why.html}",
        above.size + before.size + said.size + why.size,
        above.entities + before.entities + said.entities + why.entities,
        shown.paper,
        label,
        above is not NOTHING,
    )


@lru_cache(REMEMBERED)
def numeral(number: int) -> Markup:
    return measured(f"<b>{number}.</b> ")


def plan_blocks(digest: Digest, words: Words, links: Mapping[str, str]) -> Iterator[Block]:
    """What of the reader's plan is due, before everything else."""
    if digest.reading:
        html = reminder_lines(digest.reading, words, links)
        yield Block(*measured(html), buttons=(open_button(digest.reading, words),))


def idea_blocks(digest: Digest, words: Words, links: Mapping[str, str]) -> Iterator[Block]:
    """What came near the reader's ideas, before the papers of their directions."""
    for html, row in news_blocks(digest.ideas, words, links):
        yield Block(*measured(html), buttons=row)


@lru_cache(REMEMBERED)
def heading(label: str, shown: int, total: int, language: Language) -> Markup:
    more = f" · {Words(language)('digest.best_of', shown=shown, total=total)}" if total > shown else ""
    return measured(f"▍<b>{label}</b>{more}\n")


@lru_cache(REMEMBERED)
def label_of(name: str) -> str:
    return escape(name)


@lru_cache(REMEMBERED)
def said_of(paper: Paper, level: str, sentence: str, language: Language, address: str) -> Markup:
    """What a digest says of a paper, but for its number and why it is there."""
    words = Words(language)
    html = lines(
        title(paper, {"abstract": address}), about(paper, Compute(level), words), safe(sentence, LONGEST_SENTENCE)
    )
    return measured(html)


@lru_cache(REMEMBERED)
def reasons(terms: tuple[str, ...], language: Language) -> Markup:
    """The line that says why a paper is there."""
    return measured("\n" + because(terms, Words(language))) if terms else NOTHING


@lru_cache(REMEMBERED)
def posts(found: tuple[Post, ...]) -> Markup:
    feeds: dict[str, list[Post]] = {}
    for post in found[:MOST_POSTS]:
        feeds.setdefault(post.feed, []).append(post)
    shown = []
    for feed, entries in feeds.items():
        shown.append(f"▍<b>{safe(feed, 80)}</b>")
        shown += [f"• {link(post.url, safe(post.title, 200))}" for post in entries]
    return measured("\n".join(shown))


@lru_cache(REMEMBERED)
def closing(shown: int, language: Language, *, last: bool) -> tuple[Row, ...]:
    """The buttons below those of the papers."""
    words = Words(language)
    row = [Button(words.count("chat.save_all", shown), pressed("saveall"))] if shown else []
    row += [Button(words("chat.settings"), pressed("set", "main"))] if last else []
    return tuple(in_rows(row, 2))
