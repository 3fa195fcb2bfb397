"""On PostgreSQL, the index over texts in segments, so that to keep a paper takes as long among many as among few.

GIN writes the list of a word's papers again whenever some are added, for as long as the list is short enough to stand
beside the word: with the archive grew the lists. Now a word is another word in each segment of 32,768 papers, and what
one transaction adds goes into the index in one go at its end; until then it stands in a list through which every
search would have to look. https://www.postgresql.org/docs/current/gin.html#GIN-FAST-UPDATE
"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRESQL:
            op.execute(statement)


LINKS = (
    "a an and are as at be by can for from has have in into is it its of on or our that the their these they this to"
    " using via was we were which while with"
)

POSTGRESQL = (
    "drop index ix_paper_index",
    "drop index ix_paper_title",
    "drop function search_words(text)",
    # What stands before each word of a paper: 'store/search/tsquery.py' makes the same.
    """
    create function search_segment(number integer) returns text
    language sql immutable parallel safe as $$ select to_hex(number >> 15) || '.' $$
    """,
    # The words of a text, and its pairs of neighbours, of which 'store/search/pairs.py' makes the same. To call it for
    # a row takes a quarter of a millisecond: an index is to be asked instead, whatever the planner thinks of it.
    f"""
    create function search_words(said text, segment text) returns tsvector
    language plpgsql immutable parallel safe cost 100000 as $$
    declare
      words text[] := string_to_array(btrim(said), ' ');
      held text[] := '{{}}';
      before text;
      word text;
    begin
      foreach word in array words loop
        if word = '~' then
          before := null;
        elsif word <> '' then
          held := held || (segment || word);
          if word <> all ('{{{LINKS.replace(" ", ",")}}}') then
            if before is not null then
              held := held || (segment || '~' || left(md5(before || ' ' || word), 4));
            end if;
            before := word;
          end if;
        end if;
      end loop;
      return array_to_tsvector(held);
    end $$
    """,
    "set local maintenance_work_mem = '256MB'",
    "create index ix_paper_index on paper_index using gin (search_words(said, search_segment(number)))"
    " with (gin_pending_list_limit = 65536)",
    "create index ix_paper_title on paper_title using gin (search_words(said, ''))"
    " with (gin_pending_list_limit = 65536)",
    # Nothing is counted of the words: to make them of a sample takes a minute, and no plan follows from it.
    "alter index ix_paper_index alter column 1 set statistics 0",
    "alter index ix_paper_title alter column 1 set statistics 0",
    # Whoever adds papers, the index's owner does it.
    """
    create function settle_search() returns void language sql security definer as $$
      select gin_clean_pending_list('ix_paper_index'), gin_clean_pending_list('ix_paper_title')
    $$
    """,
)
