"""The index made anew out of papers and assignments, after a restored backup or a database that was moved."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

MARKS = """
insert into paper_mark
select 'cat:' || lower(value), number from paper, {each}(categories) as category {columns}
union select 'compute:' || compute_level, number from paper
union select 'has:code', number from paper where code_url <> ''
union select 'dir:' || slug, number from assignment join paper on paper.id = paper_id
"""
STATEMENTS = {
    "sqlite": (
        "delete from paper_mark",
        "insert into paper_search(paper_search) values ('rebuild')",
        "insert into paper_title(paper_title) values ('rebuild')",
        MARKS.format(each="json_each", columns=""),
    ),
    "postgresql": (
        "delete from paper_mark",
        "delete from paper_index",
        "delete from paper_title",
        "drop index ix_paper_index",  # to fill a table first and index it then takes half as long
        "drop index ix_paper_title",
        "insert into paper_index"
        " select number, search_said(search_title, search_authors, search_text) from paper order by number",
        "insert into paper_title select number, id, day, upvotes, search_title from paper order by number",
        "set local maintenance_work_mem = '256MB'",
        "create index ix_paper_index on paper_index using gin (search_words(said, search_segment(number)))"
        " with (gin_pending_list_limit = 65536)",
        "create index ix_paper_title on paper_title using gin (search_words(said, ''))"
        " with (gin_pending_list_limit = 65536)",
        "alter index ix_paper_index alter column 1 set statistics 0",
        "alter index ix_paper_title alter column 1 set statistics 0",
        MARKS.format(each="json_array_elements_text", columns="(value)"),
        "analyze paper_index",  # the planner must know how many papers there are
        "analyze paper_title",
        "analyze paper_mark",
    ),
}


def rebuild(session: Session) -> None:
    """Make the index anew; the searchable words of each paper are taken as they stand."""
    session.flush()
    for statement in STATEMENTS[session.get_bind().dialect.name]:
        session.execute(text(statement))
