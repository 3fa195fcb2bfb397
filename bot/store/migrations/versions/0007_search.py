# ruff: noqa: S608 - all parts of these statements stand in this file
"""Search on both kinds of database: authors apart from the text, words with their places, marks for filters.

Whatever is made here but the column follows from `paper` and `assignment`: triggers keep it, `store.search.rebuild`
makes it anew.
"""

import sqlalchemy as sa
from alembic import op

from bot.rules.tokens import tokens

revision = "0007"
down_revision = "0006"

CHUNK = 2000


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE_BEFORE if sqlite else ():
        op.execute(statement)
    bytewise = sa.String(collation="C").with_variant(sa.String(), "sqlite")
    op.add_column("paper", sa.Column("search_authors", bytewise, nullable=False, server_default=""))
    take_authors_apart(op.get_bind())
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


def take_authors_apart(connection: sa.Connection) -> None:
    """Give each paper its authors' words in a column of their own; what was one text is made anew without them."""
    paper = sa.table("paper", *map(sa.column, ("number", "id", "abstract", "search_text", "search_authors")),
                     sa.column("authors", sa.JSON))  # fmt: skip
    asked = sa.select(paper.c.number, paper.c.id, paper.c.abstract, paper.c.authors).order_by(paper.c.number)
    change = (
        sa.update(paper)
        .where(paper.c.number == sa.bindparam("key"))
        .values(search_authors=sa.bindparam("by"), search_text=sa.bindparam("said"))
    )
    last = 0
    while rows := connection.execute(asked.where(paper.c.number > last).limit(CHUNK)).all():
        connection.execute(change, [
            {"key": number, "by": " ".join(tokens(" ".join(authors))), "said": " ".join(tokens(f"{id_} {abstract}"))}
            for number, id_, abstract, authors in rows
        ])  # fmt: skip
        last = rows[-1].number


# --- SQLite -----------------------------------------------------------------------------------------------------------

SQLITE_BEFORE = (
    *(f"drop trigger paper_search_{event}" for event in ("insert", "delete", "update")),
    "drop table paper_words",
    "drop table paper_search",
)
COLUMNS = ("search_title", "search_authors", "search_text")
NEW, OLD = (", ".join(f"{which}.{name}" for name in ("number", *COLUMNS)) for which in ("new", "old"))
PUT = f"insert into paper_search(rowid, {', '.join(COLUMNS)}) values ({NEW});"
TAKE = f"insert into paper_search(paper_search, rowid, {', '.join(COLUMNS)}) values ('delete', {OLD});"
"""An external content table is told what to forget. https://www.sqlite.org/fts5.html#external_content_tables"""


def marks_in_sqlite(row: str) -> str:
    return (
        f"select 'cat:' || lower(value) from json_each({row}.categories) union select 'compute:' || {row}.compute_level"
        f" union select 'has:code' where {row}.code_url <> ''"
    )


MARK = f"insert or ignore into paper_mark select mark.*, new.number from ({marks_in_sqlite('new')}) mark;"
UNMARK = f"delete from paper_mark where number = old.number and mark in ({marks_in_sqlite('old')});"
UNMARK_DIRECTIONS = (
    "delete from paper_mark where number = old.number"
    " and mark in (select 'dir:' || slug from assignment where paper_id = old.id);"
)
ALL_MARKS = """
insert into paper_mark
select 'cat:' || lower(value), number from paper, json_each(categories)
union select 'compute:' || compute_level, number from paper
union select 'has:code', number from paper where code_url <> ''
union select 'dir:' || slug, number from assignment join paper on paper.id = paper_id
"""
SQLITE = (
    f"create virtual table paper_search using fts5({', '.join(COLUMNS)}, content='paper', content_rowid='number',"
    " tokenize='unicode61 remove_diacritics 0')",
    "insert into paper_search(paper_search) values ('rebuild')",
    f"create trigger paper_search_insert after insert on paper begin {PUT} end",
    f"create trigger paper_search_delete after delete on paper begin {TAKE} end",
    f"create trigger paper_search_update after update of {', '.join(COLUMNS)} on paper begin {TAKE} {PUT} end",
    "create table paper_mark (mark text not null, number integer not null, primary key (mark, number)) without rowid",
    ALL_MARKS,
    f"create trigger paper_mark_insert after insert on paper begin {MARK} end",
    f"create trigger paper_mark_delete before delete on paper begin {UNMARK} {UNMARK_DIRECTIONS} end",
    "create trigger paper_mark_update after update of categories, compute_level, code_url on paper"
    f" begin {UNMARK} {MARK} end",
    "create trigger assignment_mark_insert after insert on assignment begin insert or ignore into paper_mark"
    " select 'dir:' || new.slug, number from paper where id = new.paper_id; end",
    "create trigger assignment_mark_delete after delete on assignment begin delete from paper_mark"
    " where mark = 'dir:' || old.slug and number = (select number from paper where id = old.paper_id); end",
)

# --- PostgreSQL -------------------------------------------------------------------------------------------------------

POSTGRESQL = (
    # Our words as they are, with their places, a gap between the fields: the server's own parser would read 1e5 as a
    # number, and leave Chinese to the locale. https://www.postgresql.org/docs/current/datatype-textsearch.html
    """
    create function search_words(title text, authors text, said text) returns tsvector
    language sql immutable parallel safe as $$
      select coalesce(string_agg(word || ':' || place || weight, ' '), '')::tsvector from (
        select word, place, 'A' from unnest(string_to_array(title, ' ')) with ordinality as one (word, place)
        union all
        select word, place + 1 + cardinality(string_to_array(title, ' ')), 'B'
        from unnest(string_to_array(authors, ' ')) with ordinality as one (word, place)
        union all
        select word, place + 2 + cardinality(string_to_array(title || ' ' || authors, ' ')), 'D'
        from unnest(string_to_array(left(said, 200000), ' ')) with ordinality as one (word, place)
      ) as every (word, place, weight) where word <> ''
    $$
    """,
    # Tables of their own, narrow and read in place: papers are wide, and what is put aside is slow to read.
    """
    create table paper_index (
      number integer primary key references paper (number) on delete cascade,
      words tsvector not null
    ) with (toast_tuple_target = 8160)
    """,
    """
    create table paper_title (
      number integer primary key references paper (number) on delete cascade,
      title tsvector not null
    )
    """,
    """
    insert into paper_index
    select number, search_words(search_title, search_authors, search_text) from paper order by number
    """,
    "insert into paper_title select number, search_words(search_title, '', '') from paper order by number",
    "create index ix_paper_index on paper_index using gin (words)",
    "create index ix_paper_title on paper_title using gin (title)",
    """
    create function index_paper() returns trigger language plpgsql as $$ begin
      insert into paper_index
      values (new.number, search_words(new.search_title, new.search_authors, new.search_text))
      on conflict (number) do update set words = excluded.words;
      insert into paper_title values (new.number, search_words(new.search_title, '', ''))
      on conflict (number) do update set title = excluded.title;
      return null;
    end $$
    """,
    f"create trigger paper_search after insert or update of {', '.join(COLUMNS)} on paper"
    " for each row execute function index_paper()",
    'create table paper_mark (mark text collate "C", number integer, primary key (mark, number))',
    ALL_MARKS.replace("paper, json_each(categories)", "paper, json_array_elements_text(categories) as one (value)"),
    """
    create function marks_of(one paper) returns setof text language sql stable as $$
      select 'cat:' || lower(value) from json_array_elements_text(one.categories) as category (value)
      union select 'compute:' || one.compute_level
      union select 'has:code' where one.code_url <> ''
    $$
    """,
    """
    create function mark_paper() returns trigger language plpgsql as $$ begin
      if tg_op <> 'INSERT' then
        delete from paper_mark where number = old.number and mark in (select marks_of(old));
      end if;
      if tg_op = 'DELETE' then
        delete from paper_mark where number = old.number
        and mark in (select 'dir:' || slug from assignment where paper_id = old.id);
        return old;
      end if;
      insert into paper_mark select marks_of(new), new.number;
      return null;
    end $$
    """,
    "create trigger paper_mark after insert or update of categories, compute_level, code_url on paper"
    " for each row execute function mark_paper()",
    "create trigger paper_mark_delete before delete on paper for each row execute function mark_paper()",
    """
    create function mark_assignment() returns trigger language plpgsql as $$ begin
      if tg_op = 'INSERT' then
        insert into paper_mark select 'dir:' || new.slug, number from paper where id = new.paper_id
        on conflict do nothing;
      else
        delete from paper_mark
        where mark = 'dir:' || old.slug and number = (select number from paper where id = old.paper_id);
      end if;
      return null;
    end $$
    """,
    "create trigger assignment_mark after insert or delete on assignment"
    " for each row execute function mark_assignment()",
)
