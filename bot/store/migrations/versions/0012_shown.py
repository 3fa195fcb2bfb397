"""What readers were shown, once: by paper, in one tree, where it stood in a table and two indexes beside it.

It is the largest table of a year with many readers, and is asked for today's papers only. On SQLite a table whose key
is its own place has to be made anew. https://www.sqlite.org/withoutrowid.html
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.drop_index("ix_sent_paper_id", "sent")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("sent_pkey", "sent")
        op.create_primary_key("sent_pkey", "sent", ["paper_id", "reader_id"])
        return
    op.create_table(
        "sent_by_paper",
        sa.Column("paper_id", sa.String, sa.ForeignKey("paper.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("reader_id", sa.String, sa.ForeignKey("reader.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )
    op.execute("insert into sent_by_paper select paper_id, reader_id, version from sent order by paper_id, reader_id")
    op.drop_table("sent")
    op.rename_table("sent_by_paper", "sent")
