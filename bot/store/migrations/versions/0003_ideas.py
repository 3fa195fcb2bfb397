"""Ideas, their papers and notes, and where papers stand in the space of meanings."""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    pass
