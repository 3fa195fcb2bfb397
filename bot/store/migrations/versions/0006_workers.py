"""What processes that work on one database agree on: Telegram's limits, and updates that are not done with."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "gate",
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("passed", sa.JSON, nullable=False),
        sa.Column("held_until", sa.Float, nullable=False),
        sa.Column("last", sa.Float, nullable=False, index=True),
    )
    op.create_table(
        "incoming",
        sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("raw", sa.JSON),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
