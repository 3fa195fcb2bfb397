"""Ideas, their papers and notes, and where papers stand in the space of meanings."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def reader(*, key: bool = False) -> sa.Column[str]:
    return sa.Column(
        "reader_id", sa.String, sa.ForeignKey("reader.id", ondelete="CASCADE"), primary_key=key, nullable=False
    )


def pair() -> tuple[sa.Column[int], sa.Column[str]]:
    """An idea and a paper, together the key."""
    return (
        sa.Column("idea_key", sa.Integer, sa.ForeignKey("idea.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("paper_id", sa.String, sa.ForeignKey("paper.id", ondelete="CASCADE"), primary_key=True),
    )


def upgrade() -> None:
    op.create_table(
        "idea",
        sa.Column("key", sa.Integer, primary_key=True),
        reader(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("directions", "must", "must_not")),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("created", sa.DateTime, nullable=False),
        sa.Column("touched", sa.DateTime, nullable=False),
        sa.Column("muted_until", sa.Date),
        sa.Column("born", sa.Date, nullable=False),
        sa.Column("seen", sa.Integer, nullable=False),
        sa.Column("asked_about", sa.Boolean, nullable=False),
        sa.Column("asks_arxiv", sa.Boolean, nullable=False, index=True),
        sa.UniqueConstraint("reader_id", "number"),
    )
    op.create_table("idea_count", reader(key=True), sa.Column("given", sa.Integer, nullable=False))
    op.create_table(
        "idea_paper",
        *pair(),
        sa.Column("relation", sa.String, nullable=False),
        sa.Column("phrases", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("ix_idea_paper_paper_id", "idea_paper", ["paper_id"])
    op.create_table(
        "idea_entry",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("idea_key", sa.Integer, sa.ForeignKey("idea.key", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
    )
    op.create_table(
        "idea_match",
        *pair(),
        sa.Column("grade", sa.String, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("shared", sa.JSON, nullable=False),
        sa.Column("missing", sa.JSON, nullable=False),
        sa.Column("day", sa.Date),
        sa.Column("found", sa.DateTime, nullable=False),
        sa.Column("course", sa.String, nullable=False, index=True),
    )
    op.create_table(
        "paper_vector",
        sa.Column("number", sa.Integer, sa.ForeignKey("paper.number", ondelete="CASCADE"), primary_key=True),
        sa.Column("engine", sa.String, nullable=False, index=True),
        sa.Column("vector", sa.LargeBinary, nullable=False),
    )
    op.create_table("terminal", sa.Column("name", sa.String, primary_key=True), reader())
    op.create_table(
        "link_code",
        sa.Column("code", sa.String, primary_key=True),
        reader(),
        sa.Column("at", sa.DateTime, nullable=False),
    )
