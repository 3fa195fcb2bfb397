"""What readers keep: states, tags and notes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("saved", sa.Column("state", sa.String, nullable=False, server_default="to-read"))
    op.add_column("saved", sa.Column("moved", sa.DateTime))
    op.add_column("saved", sa.Column("tags", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("saved", sa.Column("note", sa.String, nullable=False, server_default=""))
