"""Papers, what is known of their sources, and their search index."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("id", sa.String, nullable=False, unique=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("abstract", sa.String, nullable=False),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("categories", sa.JSON, nullable=False),
        sa.Column("day", sa.Date, index=True),
        sa.Column("day_source", sa.String, nullable=False),
        sa.Column("submitted", sa.DateTime),
        sa.Column("updated", sa.DateTime),
        sa.Column("comment", sa.String, nullable=False),
        sa.Column("upvotes", sa.Integer),
        sa.Column("comments", sa.Integer),
        sa.Column("code_url", sa.String, nullable=False),
        sa.Column("summary", sa.String, nullable=False),
        sa.Column("keywords", sa.JSON, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("sources", sa.JSON, nullable=False),
        sa.Column("text_source", sa.String, nullable=False),
        sa.Column("search_title", sa.String, nullable=False),
        sa.Column("search_text", sa.String, nullable=False),
        sa.Column("judged_by", sa.String, nullable=False, index=True),
        sa.Column("compute_level", sa.String, nullable=False),
        sa.Column("compute_evidence", sa.String, nullable=False),
    )
    op.create_table(
        "paper_version",
        sa.Column("paper_id", sa.String, sa.ForeignKey("paper.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("abstract", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("day", sa.Date),
    )
    op.create_table(
        "assignment",
        sa.Column("paper_id", sa.String, sa.ForeignKey("paper.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("slug", sa.String, primary_key=True, index=True),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("in_digest", sa.Boolean, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
    )
    op.create_table(
        "post",
        sa.Column("url", sa.String, primary_key=True),
        sa.Column("feed", sa.String, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("summary", sa.String, nullable=False),
        sa.Column("published", sa.DateTime),
        sa.Column("arxiv_id", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False, index=True),
    )
    op.create_table(
        "source",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("etag", sa.String, nullable=False),
        sa.Column("last_modified", sa.String, nullable=False),
        sa.Column("watermark", sa.Date),
        sa.Column("last_success", sa.DateTime),
        sa.Column("last_failure", sa.DateTime),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_error", sa.String, nullable=False),
        sa.Column("retry_after", sa.DateTime),
        sa.Column("back_off", sa.DateTime),
    )
    op.create_table(
        "coverage",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("service", sa.String, primary_key=True),
        sa.Column("whole", sa.Boolean, nullable=False),
        sa.Column("scope", sa.JSON, nullable=False),
        sa.Column("error", sa.String, nullable=False),
    )
    op.create_table(
        "run",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("first_day", sa.Date, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("complete", sa.Boolean, nullable=False),
        sa.Column("reports", sa.JSON, nullable=False),
    )
    op.create_table(
        "pace", sa.Column("name", sa.String, primary_key=True), sa.Column("next_at", sa.Float, nullable=False)
    )
    if op.get_bind().dialect.name == "sqlite":
        for statement in SEARCH_INDEX:
            op.execute(statement)


# An index over columns of `paper` that keeps no copy of them; the triggers are those that SQLite's manual gives.
# https://www.sqlite.org/fts5.html#external_content_tables
SEARCH_INDEX = (
    "create virtual table paper_search using fts5(search_title, search_text, content='paper', content_rowid='number',"
    " tokenize='unicode61 remove_diacritics 0')",
    "create trigger paper_search_insert after insert on paper begin"
    " insert into paper_search(rowid, search_title, search_text)"
    " values (new.number, new.search_title, new.search_text); end",
    "create trigger paper_search_delete after delete on paper begin"
    " insert into paper_search(paper_search, rowid, search_title, search_text)"
    " values ('delete', old.number, old.search_title, old.search_text); end",
    "create trigger paper_search_update after update of search_title, search_text on paper begin"
    " insert into paper_search(paper_search, rowid, search_title, search_text)"
    " values ('delete', old.number, old.search_title, old.search_text);"
    " insert into paper_search(rowid, search_title, search_text)"
    " values (new.number, new.search_title, new.search_text); end",
)
