# ruff: noqa: S608 - all parts of these statements stand in this file
"""Titles apart from texts on both kinds of database; on PostgreSQL, pairs of words that are neighbours.

All that is made here follows from `paper`: triggers keep it, `store.search.rebuild` makes it anew.
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE if sqlite else POSTGRESQL:
        op.execute(statement)


# --- SQLite -----------------------------------------------------------------------------------------------------------

PUT = "insert into paper_title(rowid, search_title) values (new.number, new.search_title);"
TAKE = "insert into paper_title(paper_title, rowid, search_title) values ('delete', old.number, old.search_title);"

SQLITE = (
    "create virtual table paper_title using fts5(search_title, content='paper', content_rowid='number', columnsize=0,"
    " tokenize='unicode61 remove_diacritics 0')",
    "insert into paper_title(paper_title) values ('rebuild')",
    f"create trigger paper_title_insert after insert on paper begin {PUT} end",
    f"create trigger paper_title_delete after delete on paper begin {TAKE} end",
    f"create trigger paper_title_update after update of search_title on paper begin {TAKE} {PUT} end",
    # What is told of a paper at first, in one place: in the table it stands behind the abstract.
    "create index ix_paper_glance on paper (number, id, day, upvotes, search_title)",
)

# --- PostgreSQL -------------------------------------------------------------------------------------------------------

LINKS = (
    "a an and are as at be by can for from has have in into is it its of on or our that the their these they this to"
    " using via was we were which while with"
)
SAID = "search_said({0}search_title, {0}search_authors, {0}search_text)"

POSTGRESQL = (
    "drop trigger paper_search on paper",
    "drop function index_paper()",
    "drop table paper_index",
    "drop table paper_title",
    "drop function search_words(text, text, text)",
    # Title, authors and text with a mark between them. What is shorter than 2,032 bytes would not be put aside: hence
    # the blanks, which take no room there. https://www.postgresql.org/docs/current/storage-toast.html
    """
    create function search_said(title text, authors text, said text) returns text
    language sql immutable parallel safe as $$
      select rpad(whole, greatest(length(whole), 2100))
      from (select ' ' || title || ' ~ ' || authors || ' ~ ' || said || ' ') as one (whole)
    $$
    """,
    # The words of a text, and its pairs of neighbours, of which 'store/search/pairs.py' makes the same. To call it for
    # a row takes a millisecond: an index is to be asked instead, whatever the planner thinks of it.
    f"""
    create function search_words(said text) returns tsvector
    language plpgsql immutable parallel safe cost 100000 as $$
    declare
      words text[] := array_remove(string_to_array(btrim(said), ' '), '');
      pairs text[] := '{{}}';
      before text;
      word text;
    begin
      foreach word in array words loop
        if word = '~' then
          before := null;
        elsif word <> all ('{{{LINKS.replace(" ", ",")}}}') then
          if before is not null then
            pairs := pairs || ('~' || left(md5(before || ' ' || word), 4));
          end if;
          before := word;
        end if;
      end loop;
      return array_to_tsvector(array_remove(words, '~') || pairs);
    end $$
    """,
    """
    create table paper_index (
      number integer primary key references paper (number) on delete cascade,
      said text collate "C" not null
    ) with (toast_tuple_target = 128)
    """,
    """
    create table paper_title (
      number integer primary key references paper (number) on delete cascade,
      id varchar collate "C" not null,
      day date,
      upvotes integer,
      said text collate "C" not null
    )
    """,
    f"insert into paper_index select number, {SAID.format('')} from paper order by number",
    "insert into paper_title select number, id, day, upvotes, search_title from paper order by number",
    "set local maintenance_work_mem = '256MB'",
    "create index ix_paper_index on paper_index using gin (search_words(said))",
    "create index ix_paper_title on paper_title using gin (search_words(said))",
    # Nothing is counted of the words: to make them of a sample takes a minute, and no plan follows from it.
    "alter index ix_paper_index alter column 1 set statistics 0",
    "alter index ix_paper_title alter column 1 set statistics 0",
    "alter table paper_index alter column said set statistics 0",
    f"""
    create function index_paper() returns trigger language plpgsql as $$ begin
      insert into paper_index values (new.number, {SAID.format("new.")})
      on conflict (number) do update set said = excluded.said where paper_index.said <> excluded.said;
      insert into paper_title values (new.number, new.id, new.day, new.upvotes, new.search_title)
      on conflict (number) do update
      set id = excluded.id, day = excluded.day, upvotes = excluded.upvotes, said = excluded.said;
      return null;
    end $$
    """,
    "create trigger paper_search_insert after insert on paper for each row execute function index_paper()",
    "create trigger paper_search_update after update on paper for each row when ("
    "(old.id, old.day, old.upvotes, old.search_title, old.search_authors, old.search_text) is distinct from"
    " (new.id, new.day, new.upvotes, new.search_title, new.search_authors, new.search_text))"
    " execute function index_paper()",
)
