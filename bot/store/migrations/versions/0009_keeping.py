"""Readers who asked to be forgotten and may still stand in kept backups."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "forgotten",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("reader_id", sa.String, nullable=False),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("at", sa.DateTime, nullable=False),
    )
