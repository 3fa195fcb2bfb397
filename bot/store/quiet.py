"""Making sure that no bot works on a database that is about to be moved or replaced."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

from bot.errors import UsageError
from bot.store import postgresql
from bot.store.batons import alone_on
from bot.store.engine import kind_of, told_clearly
from bot.store.sqlite import unwritable

OTHERS = (
    "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
    " and application_name like 'qiaojin%'"
)
"""Our processes name themselves to the server (``postgresql.MANNERS``)."""


@contextmanager
def unserved(address: str) -> Iterator[None]:
    """Raises UsageError where a bot works on this database; on SQLite, none can begin to meanwhile."""
    kind = kind_of(address)
    if kind is postgresql:
        refuse_while_in_use(address)
        yield
    else:
        place = Path(kind.shown(address))
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise unwritable(place.parent, error) from error
        with alone_on(str(place)):
            yield


def refuse_while_in_use(address: str) -> None:
    with told_clearly(address):
        engine = create_engine(address, poolclass=NullPool)
        with engine.connect() as connection:
            others = connection.execute(text(OTHERS)).scalar_one()
    if others:
        raise UsageError("{path} is in use", key="in_use", path=postgresql.shown(address), connections=others)
