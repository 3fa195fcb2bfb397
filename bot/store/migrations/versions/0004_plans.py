"""Reading plans: what a week holds, and what became of it."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    pass
