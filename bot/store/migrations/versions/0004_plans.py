"""Reading plans: what a week holds, and what became of it; messages with a picture."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TelegramId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def reader() -> sa.Column[str]:
    return sa.Column("reader_id", sa.String, sa.ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True)


def upgrade() -> None:
    op.add_column("delivery", sa.Column("picture", sa.String, nullable=False, server_default=""))
    op.create_table(
        "habits",
        reader(),
        sa.Column("directions", sa.JSON, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("level", "budget_minutes", "weekday", "at")),
        sa.Column("days", sa.String, nullable=False),
        sa.Column("reminding", sa.String, nullable=False),
        sa.Column("remind_at", sa.Integer, nullable=False),
        sa.Column("since", sa.DateTime, nullable=False),
        *(sa.Column(name, sa.Date) for name in ("turned_on", "reminded_on", "summed_on")),
    )
    op.create_table(
        "plan_week",
        reader(),
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("budget_minutes", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
    )
    op.create_table(
        "plan_item",
        sa.Column("reader_id", sa.String, primary_key=True),
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.String, nullable=False) for name in ("kind", "id", "title")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("estimate", "minutes")),
        sa.Column("slug", sa.String, nullable=False),
        sa.Column("day", sa.Date),
        sa.Column("state", sa.String, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("part", "parts", "slips")),
        sa.Column("since", sa.Date),
        sa.Column("swaps", sa.JSON, nullable=False),
        sa.Column("idea", sa.Integer),
        sa.Column("done_at", sa.DateTime),
        sa.Column("spent", sa.Integer),
        sa.Column("stars", sa.Integer),
        sa.Column("takeaway", sa.String, nullable=False),
        sa.ForeignKeyConstraint(
            ["reader_id", "monday"], ["plan_week.reader_id", "plan_week.monday"], ondelete="CASCADE", onupdate="CASCADE"
        ),
    )
    op.create_table(
        "plan_member",
        reader(),
        sa.Column("user_id", TelegramId, primary_key=True, index=True),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("joined", sa.DateTime, nullable=False),
    )
    op.create_table(
        "group_week",
        reader(),
        sa.Column("monday", sa.Date, primary_key=True),
        sa.Column("shares", sa.JSON, nullable=False),
        sa.Column("presenter", sa.String, nullable=False),
    )
