"""A file of references into a reader's library: read | fetched by id | matched by title | saved.

Each part is kept as it comes, and what is saved already stays as it is: a file that is sent again goes on where the
last try was cut off, and in the end changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.kit import Kit
from bot.models import Import, Paper, Reference, SourceState
from bot.pipeline import bring_in
from bot.rules.query.vocabulary import Vocabulary
from bot.rules.references import paper_of, read
from bot.store import library, papers
from bot.store.engine import Session


def import_references(kit: Kit, reader_id: str, content: bytes) -> Import:
    """Save what ``content`` refers to; raises UsageError for what is no file of references, or too large."""
    references = read(content)
    asked = bring_in(kit, [reference.arxiv_id for reference in references if reference.arxiv_id])
    with kit.store.read() as session:
        found = [paper_meant(session, reference, kit.lexis().vocabulary) for reference in references]
    unknown = [reference for reference, paper in zip(references, found, strict=True) if paper is None]
    answered = asked is None or asked.state is SourceState.OK
    unasked = tuple(reference for reference in unknown if reference.arxiv_id and not answered)
    added, here = saved(kit, reader_id, [paper for paper in found if paper])
    return Import(added, here, tuple(reference for reference in unknown if reference not in unasked), unasked)


def paper_meant(session: Session, reference: Reference, vocabulary: Vocabulary) -> Paper | None:
    """The paper of an entry: by its id, else by its title among all papers here."""
    known = papers.by_id(session, [reference.arxiv_id]) if reference.arxiv_id else {}
    return known.get(reference.arxiv_id) or paper_of(reference, library.titled(session, reference.title, vocabulary))


def saved(kit: Kit, reader_id: str, found: Sequence[Paper]) -> tuple[tuple[Paper, ...], tuple[Paper, ...]]:
    """Save what is not saved yet; what was added, and what was there."""
    each = {paper.id: paper for paper in found}
    with kit.store.write() as session:
        before = library.kept(session, reader_id)
        for paper_id in each.keys() - before.keys():
            library.save(session, reader_id, paper_id, kit.clock.now())
    added = tuple(paper for paper in each.values() if paper.id not in before)
    return added, tuple(paper for paper in each.values() if paper.id in before)
