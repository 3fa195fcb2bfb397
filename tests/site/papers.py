"""A small archive: a dozen papers on three days of two months, one of them hostile, and readers with secrets."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from bot.kit import Kit
from bot.models import (
    Assignment,
    Compute,
    Evidence,
    FetchedPaper,
    Idea,
    Judgement,
    Post,
    Reader,
)
from bot.store import ideas, judgements, library, papers, readers, state

MAY, TUESDAY, WEDNESDAY = date(2026, 5, 28), date(2026, 6, 16), date(2026, 6, 17)
HOSTILE = "2606.00006"
SECRETS = ("Secret Reader Name", "secret note about a paper", "secret-tag", "a secret idea of somebody", "987654321")

TITLES = {
    "2605.00001": ("Older News about Retrieval", MAY, ("rag", "graph-rag"), "medium"),
    "2605.00002": ("Nothing of Ours", MAY, (), "unknown"),
    "2606.00001": ("Low-Rank Adaptation with $k$ Ranks", TUESDAY, ("peft",), "low"),
    "2606.00002": ("Pruning Experts by Half", TUESDAY, ("compression", "peft"), "low"),
    "2606.00003": ("A Cluster for Everything", TUESDAY, ("data",), "high"),
    "2606.00004": ("Retrieval that Knows when to Stop", WEDNESDAY, ("rag",), "low"),
    "2606.00005": ("Sparse Features of Small Models", WEDNESDAY, ("interpretability", "distillation"), "unknown"),
    HOSTILE: (
        '<script>alert("1")</script> & \u202eevil\u0000 <img src=x onerror=alert(1)>',
        WEDNESDAY,
        ("rag",),
        "low",
    ),
    "2606.00007": ("Proteins and Their Folds", WEDNESDAY, (), "unknown"),
    "cs/0606001": ("An Identifier of Old", WEDNESDAY, ("rag",), "unknown"),
}


def fetched(id_: str, title: str, day: date, **more: object) -> FetchedPaper:
    hostile = id_ == HOSTILE
    values: dict[str, object] = {
        "authors": ("Ada <b>Lovelace</b>" if hostile else "Ada Lovelace", "Wang Wei", "Émile Borel", "Nikolai Luzin"),
        "categories": ("cs.CL", "cs.LG"),
        "submitted": datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=12),
        "updated": datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=12),
        "code_url": "javascript:alert(1)" if hostile else "https://example.org/code?a=1&b=2",
        "upvotes": 3 if id_ == "2606.00004" else None,
    }
    abstract = f"We propose {title.lower()} -- it saves $10\\%$ of the work of Erd\\H{{o}}s. It is \x07 & was <tested>."
    return FetchedPaper(id_, title, abstract, "arxiv-api", day=day, **(values | more))  # type: ignore[arg-type]


def judgement(slugs: tuple[str, ...], level: str) -> Judgement:
    found = tuple(
        Assignment(
            slug, 0.9 - at / 10, (Evidence("low-rank", 1.2), Evidence(f"word of {slug}", 0.5), Evidence("x", -1))
        )
        for at, slug in enumerate(slugs)
    )
    return Judgement({}, found, Compute(level, "a single GPU" if level == "low" else ""))


def add(kit: Kit, id_: str, title: str, day: date, slugs: tuple[str, ...], level: str) -> None:
    with kit.store.write() as session:
        papers.keep(session, [fetched(id_, title, day)])
        judgements.note(session, "test", [(id_, judgement(slugs, level))])


def fill(kit: Kit) -> None:
    for id_, (title, day, slugs, level) in TITLES.items():
        add(kit, id_, title, day, slugs, level)
    with kit.store.write() as session:
        posts = [Post("A <Blog>", "https://blog.example/post?a=1&b=2", "On <b>pruning</b>"),
                 Post("A <Blog>", "javascript:alert(2)", "No link")]  # fmt: skip
        state.keep_posts(session, posts, WEDNESDAY)


def plant_secrets(kit: Kit) -> None:
    """What readers have here, and what no page may tell."""
    name, note, tag, idea, number = SECRETS
    now = datetime(2026, 6, 17, tzinfo=UTC)
    with kit.store.write() as session:
        readers.save(session, Reader(number, title=name, followed_words=(idea,)))
        library.save(session, number, "2606.00004", now)
        library.set_note(session, number, "2606.00004", note, now)
        library.set_tags(session, number, "2606.00004", [tag], now)
        ideas.create(session, Idea(number, 1, idea), now.date(), now)
