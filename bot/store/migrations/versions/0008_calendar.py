"""The secret addresses of calendars; on SQLite, an index to count papers by their sources."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "calendar",
        sa.Column("reader_id", sa.String, sa.ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("token", sa.String, nullable=False, unique=True),
        sa.Column("at", sa.Integer),
        sa.Column("since", sa.DateTime, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.create_index("ix_paper_sources", "paper", ["sources"])
