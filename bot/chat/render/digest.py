"""A digest as messages.

    header + sections of papers → blocks → as few messages as they fit in → abstracts where there is room → buttons

A paper's block is small enough for any message, so nothing is ever cut inside a tag.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from bot.chat.context import pressed
from bot.chat.html import escape, units
from bot.chat.render.due import open_button, reminder_lines, reminder_message
from bot.chat.render.ideas import news_blocks
from bot.chat.render.parts import (
    MOST_ENTITIES,
    MOST_UNITS,
    REMEMBERED,
    Row,
    about,
    abstract,
    because,
    entities,
    in_rows,
    lines,
    link,
    numbered,
    safe,
    size,
    title,
)
from bot.models import Button, Compute, Digest, DigestPaper, DigestSection, Evidence, Message, Paper, Post, Reader
from bot.wording import Language, Words

SERVICES = {"arxiv": "arXiv", "huggingface": "Hugging Face"}
LONGEST_SENTENCE = 280
SHORTEST_ABSTRACT = 280
"""Units; where less than this is left for each paper of a message, its abstracts stay in the cards."""
MOST_PAPERS = 24
"""Of one message, for its buttons' sake."""
MOST_POSTS, IDEAS_IN_A_ROW = 10, 6
GAP = "\n\n"
MOST_BLOCKS = MOST_UNITS - 96
"""Units for the blocks of a message; the rest is for a heading said again."""
STEP = 64
"""Units by which messages are made shorter as long as there are no more of them."""


@dataclass(frozen=True)
class Block:
    """A piece that is never split: the header, a paper (under its direction's heading, if it is the first), posts."""

    html: str
    """The same for many readers, where it is a paper's."""
    paper: DigestPaper | None = None
    section: str = ""
    """The label of the paper's direction, for a message that begins in the middle of one."""
    opens: bool = False
    """Whether a reader who wants a message for each direction gets a new one here."""
    buttons: Row = ()
    """What stands under the message for the sake of this piece."""
    head: str = ""
    """What stands before it in this digest: its number, and the heading if it is the first."""

    @cached_property
    def size(self) -> int:
        return size(self.head) + size(self.html)

    @cached_property
    def entities(self) -> int:
        return entities(self.head) + entities(self.html)


def digest_messages(
    digest: Digest, reader: Reader, words: Words, links: Mapping[str, str], names: Mapping[str, str]
) -> list[Message]:
    """Messages in Telegram's HTML, each within 4,096 UTF-16 units, papers numbered through; the first has the header.

    ``names`` are the directions' labels by slug.
    """
    if digest.reading and not (digest.sections or digest.posts or digest.ideas):
        return [reminder_message(digest.reading, words, links)]
    ideas, papers = idea_blocks(digest, words, links), paper_blocks(digest, words, links, names)
    blocks = [Block(header(digest, words)), *plan_blocks(digest, words, links), *ideas, *papers]
    if not any(block.paper for block in blocks):
        blocks.append(Block(words("chat.nothing") if digest.papers_read else words("digest.no_papers")))
    blocks += [Block(posts(digest.posts))] if digest.posts else []
    parts = with_abstracts(packed(blocks, one_each=reader.form == "each"))
    messages, number = [], 1
    for at, part in enumerate(parts, start=1):
        shown = [block.paper.paper.id for block in part if block.paper]
        html = GAP.join(block.head + block.html for block in part)
        if at > 1 and part[0].paper and not part[0].opens:
            html = f"▍<b>{part[0].section}</b> {words('digest.continued')}\n{html}"
        own = [button for block in part for button in block.buttons]
        rows = [*in_rows(own, IDEAS_IN_A_ROW), *buttons(number, shown, words, last=at == len(parts))]
        messages.append(Message(html, tuple(rows), tuple(shown)))
        number += len(shown)
    return messages


def header(digest: Digest, words: Words) -> str:
    chosen = len({shown.paper.id for section in digest.sections for shown in section.papers})
    read = words.count("digest.read", digest.papers_read, chosen=words.count("digest.chosen", chosen))
    marks = " ".join(f"{name} {'✗' if key in digest.missing else '✓'}" for key, name in SERVICES.items())
    missing = words("list.and").join(safe(SERVICES.get(name, name), 60) for name in digest.missing[:5])
    return lines(
        f"<b>{words('digest.title')} · {words.day(digest.day)}</b>",
        f"{read} · {marks}",
        words("chat.partial", missing=missing) if missing else "",
    )


def paper_blocks(digest: Digest, words: Words, links: Mapping[str, str], names: Mapping[str, str]) -> Iterator[Block]:
    """A block for each paper, once, under the first direction that shows it."""
    seen: set[str] = set()
    for section in digest.sections:
        new = [shown for shown in section.papers if shown.paper.id not in seen]
        for shown in new:
            seen.add(shown.paper.id)
            first = shown is new[0]
            said = shown.paper, shown.compute, shown.key_sentence, shown.assignment.evidence
            html = paper_block(*said, words.language, links["abstract"])
            above = heading(section, len(new), names, words) + "\n" if first else ""
            head = f"{above}<b>{len(seen)}.</b> "
            yield Block(html, shown, label(section, names), opens=first, head=head)


def plan_blocks(digest: Digest, words: Words, links: Mapping[str, str]) -> Iterator[Block]:
    """What of the reader's plan is due, before everything else."""
    if digest.reading:
        html = reminder_lines(digest.reading, words, links)
        yield Block(html, buttons=(open_button(digest.reading, words),))


def idea_blocks(digest: Digest, words: Words, links: Mapping[str, str]) -> Iterator[Block]:
    """What came near the reader's ideas, before the papers of their directions."""
    for html, row in news_blocks(digest.ideas, words, links):
        yield Block(html, buttons=row)


def heading(section: DigestSection, shown: int, names: Mapping[str, str], words: Words) -> str:
    more = f" · {words('digest.best_of', shown=shown, total=section.total)}" if section.total > shown else ""
    return f"▍<b>{label(section, names)}</b>{more}"


def label(section: DigestSection, names: Mapping[str, str]) -> str:
    return escape(names.get(section.slug, section.slug))


@lru_cache(REMEMBERED)
def paper_block(
    paper: Paper, compute: Compute, sentence: str, evidence: tuple[Evidence, ...], language: Language, address: str
) -> str:  # fmt: skip
    """What a digest says of a paper, without its number; remembered, for it says the same to many readers."""
    words = Words(language)
    return lines(
        title(paper, {"abstract": address}),
        about(paper, compute, words),
        safe(sentence, LONGEST_SENTENCE),
        because(evidence, words),
    )


def posts(found: Sequence[Post]) -> str:
    feeds: dict[str, list[Post]] = {}
    for post in found[:MOST_POSTS]:
        feeds.setdefault(post.feed, []).append(post)
    shown = []
    for feed, entries in feeds.items():
        shown.append(f"▍<b>{safe(feed, 80)}</b>")
        shown += [f"• {link(post.url, safe(post.title, 200))}" for post in entries]
    return "\n".join(shown)


Part = list[Block]


def packed(blocks: Sequence[Block], *, one_each: bool) -> list[Part]:
    """The blocks in messages, in their order: as few messages as will do, and those of about the same length."""
    best = greedy(blocks, MOST_BLOCKS, one_each=one_each)
    fewest = len(best)
    low, high = units_of(blocks) // fewest, MOST_BLOCKS
    while fewest > 1 and high - low > STEP:
        middle = (low + high) // 2
        if len(parts := greedy(blocks, middle, one_each=one_each)) == fewest:
            best, high = parts, middle
        else:
            low = middle
    return best


def greedy(blocks: Sequence[Block], limit: int, *, one_each: bool) -> list[Part]:
    """The blocks in messages of at most ``limit`` units, each as full as it gets; the header never stands alone."""
    parts, part, size, marks = list[Part](), list[Block](), 0, 0
    for block in blocks:
        size += len(GAP) + block.size
        marks += block.entities + 1
        full = size > limit or marks > MOST_ENTITIES or len(part) > MOST_PAPERS
        if part and part != blocks[:1] and (full or (one_each and block.opens)):
            parts.append(part)
            part, size, marks = [], block.size, block.entities + 1
        part.append(block)
    return [*parts, part]


def units_of(part: Sequence[Block]) -> int:
    return sum(block.size for block in part) + len(GAP) * (len(part) - 1)


def with_abstracts(parts: list[Part]) -> list[Part]:
    """The parts with as much of each abstract, unfolding, as their messages have room for: in all of them, or none."""
    shares = [share_of(part) for part in parts]
    if any(share < least_share(part) for share, part in zip(shares, parts, strict=True)):
        return parts
    return [[quoting(block, share) for block in part] for share, part in zip(shares, parts, strict=True)]


def wanted(part: Part) -> list[int]:
    """Units of the abstracts of a message, with the line's end before each."""
    return [units(abstract(block.paper.paper.abstract)) + 1 for block in part if block.paper]


def share_of(part: Part) -> int:
    return fair_share(wanted(part), MOST_BLOCKS - units_of(part))


def least_share(part: Part) -> int:
    return min(SHORTEST_ABSTRACT, max(wanted(part), default=0))


def quoting(block: Block, share: int) -> Block:
    if block.paper is None or not block.paper.paper.abstract:
        return block
    told = safe(abstract(block.paper.paper.abstract), share - 1)
    return replace(block, html=f"{block.html}\n<blockquote expandable>{told}</blockquote>")


def fair_share(wanted: Sequence[int], room: int) -> int:
    """The most that each may take of ``room`` so that all get the same, and what the short ones leave is used."""
    left, share = room, 0
    for position, want in enumerate(sorted(wanted)):
        share = left // (len(wanted) - position)
        if want > share:
            return share
        left -= want
    return max(share, max(wanted, default=0))


def buttons(first: int, shown: Sequence[str], words: Words, *, last: bool) -> list[Row]:
    row = [Button(words.count("chat.save_all", len(shown)), pressed("saveall"))] if shown else []
    row += [Button(words("chat.settings"), pressed("set", "main"))] if last else []
    return [*numbered(first, shown), *in_rows(row, 2)]
