"""Alembic's entry: it migrates over the connection, and within the transaction, that ``upgrade`` hands it."""

from alembic import context
from sqlmodel import SQLModel

import bot.store.tables  # noqa: F401 - the tables register themselves
from bot.store.migrations import order_by_bytes

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the transaction is the caller's
    on_version_apply=lambda *, ctx, **_: order_by_bytes(ctx.connection),
)
context.run_migrations()
