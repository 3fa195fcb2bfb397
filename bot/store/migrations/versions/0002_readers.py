"""Readers, what they were shown and think of it, and the outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TelegramId = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""Beyond 32 bits; every integer of SQLite's is wide enough."""


def reader() -> sa.Column[str]:
    return sa.Column("reader_id", sa.String, sa.ForeignKey("reader.id", ondelete="CASCADE"), nullable=False)


def pair() -> tuple[sa.Column[str], sa.Column[str]]:
    """A reader and a paper, together the key."""
    return (
        sa.Column("reader_id", sa.String, sa.ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("paper_id", sa.String, sa.ForeignKey("paper.id", ondelete="CASCADE"), primary_key=True),
    )


def upgrade() -> None:
    op.create_table(
        "reader",
        sa.Column("id", sa.String, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("kind", "title", "language", "zone")),
        sa.Column("digest_at", sa.Integer, nullable=False),
        sa.Column("weekdays", sa.String, nullable=False),
        sa.Column("quiet_from", sa.Integer, nullable=False),
        sa.Column("quiet_to", sa.Integer, nullable=False),
        sa.Column("directions", sa.JSON, nullable=False),
        sa.Column("bound_to", sa.String, nullable=False),
        sa.Column("per_direction", sa.Integer, nullable=False),
        sa.Column("form", sa.String, nullable=False),
        sa.Column("minimum", sa.Float, nullable=False),
        sa.Column("compute", sa.String, nullable=False),
        sa.Column("tell_nothing_new", sa.Boolean, nullable=False),
        *(
            sa.Column(name, sa.JSON, nullable=False)
            for name in ("followed_words", "muted_words", "followed_authors", "muted_authors")
        ),
        sa.Column("paused_until", sa.Date),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("joined", sa.DateTime),
        sa.Column("last_digest", sa.Date),
        sa.Column("decided_on", sa.Date),
        sa.Column("last_paper", sa.Integer, nullable=False),
    )
    op.create_table("sent", *pair(), sa.Column("version", sa.Integer, nullable=False))
    op.create_index("ix_sent_paper_id", "sent", ["paper_id"])
    op.create_table(
        "opinion", *pair(), sa.Column("value", sa.Float, nullable=False), sa.Column("at", sa.DateTime, nullable=False)
    )
    op.create_table("saved", *pair(), sa.Column("at", sa.DateTime, nullable=False))
    op.create_table(
        "delivery",
        sa.Column("number", sa.Integer, primary_key=True),
        reader(),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("part", sa.Integer, nullable=False),
        sa.Column("html", sa.String, nullable=False),
        sa.Column("buttons", sa.JSON, nullable=False),
        sa.Column("papers", sa.JSON, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("due", sa.DateTime, nullable=False),
        sa.Column("state", sa.String, nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("claimed_until", sa.DateTime),
        sa.Column("sent_at", sa.DateTime),
        sa.Column("message_id", TelegramId, index=True),
        sa.Column("error", sa.String, nullable=False),
        sa.UniqueConstraint("reader_id", "kind", "subject", "part"),
    )
    op.create_table(
        "awaited",
        sa.Column("reader_id", sa.String, sa.ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("user_id", TelegramId, primary_key=True),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "page",
        sa.Column("reader_id", sa.String, sa.ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("message_id", TelegramId, primary_key=True),
        sa.Column("html", sa.String, nullable=False),
        sa.Column("buttons", sa.JSON, nullable=False),
        sa.Column("papers", sa.JSON, nullable=False),
        sa.Column("card", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        # The words of the search index and in how many papers each stands; it keeps nothing of its own.
        # https://www.sqlite.org/fts5.html#the_fts5vocab_virtual_table_module
        op.execute("create virtual table paper_words using fts5vocab(paper_search, row)")
