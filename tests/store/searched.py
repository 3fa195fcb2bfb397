"""Some hundred papers of few words, and a look for them."""

from __future__ import annotations

import random
import re
from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session

from bot.app import load_lexis
from bot.models import Assignment, Compute, FetchedPaper, Judgement, Reader
from bot.rules.query import read_query
from bot.rules.query.found import Found
from bot.store import judgements, library, papers, readers
from bot.store.search import find
from tests.fakes import fetched

TODAY = date(2026, 6, 17)
LEXIS = load_lexis()
WORDS = re.findall(r"\w+", """
low rank adaptation of large language models agents agent retrieval augmented generation memory gpt 4o 1e5 3d survey we
propose a method quantization pruning distillation 检索增强 生成 幻觉 大模型 reasoning chain thought
""")  # fmt: skip
NAMES = ("Ada Lovelace", "Kurt Gödel", "张伟", "Wang Wei", "Edward Hu")


def made(number: int, dice: random.Random) -> FetchedPaper:
    said = [" ".join(dice.choices(WORDS, k=size)) for size in (5, 30)]
    return fetched(
        f"2606.{number:05d}", title=said[0], abstract=said[1], authors=tuple(dice.sample(NAMES, 2)),
        categories=tuple(dice.sample(("cs.CL", "cs.LG", "q-bio.NC"), 2)), day=TODAY - timedelta(days=number % 40),
    )  # fmt: skip


def fill(session: Session, count: int = 300) -> None:
    dice = random.Random(5)
    papers.keep(session, [made(number, dice) for number in range(1, count + 1)])
    judged = [(f"2606.{number:05d}", Judgement({}, (Assignment("peft", 0.9),) if number % 7 == 0 else (),
                                               Compute("low" if number % 3 else "high")))
              for number in range(1, count + 1)]  # fmt: skip
    judgements.note(session, "model", judged)
    readers.save(session, Reader("5", language="en", joined=datetime(2026, 6, 1, tzinfo=UTC)))
    for number in (3, 4, 5):
        library.save(session, "5", f"2606.{number:05d}", datetime(2026, 6, number, tzinfo=UTC))
    library.set_tags(session, "5", "2606.00004", ["低秩"], datetime(2026, 6, 4, tzinfo=UTC))
    session.flush()


def look(
    session: Session, words: str, offset: int = 0, limit: int = 1000, upto: int = 0, reader_id: str = "5"
) -> Found:
    return find(session, read_query(words, TODAY, LEXIS.directions), LEXIS, reader_id, offset, limit, upto)


def ids(session: Session, words: str, **more: int) -> list[str]:
    return [hit.paper.id for hit in look(session, words, **more).hits]
