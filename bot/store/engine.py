"""Opening the database, of either kind: one transaction at a time, the schema brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session as Session  # the type that every store function takes

from bot.errors import StoreError
from bot.store import postgresql, sqlite
from bot.store.migrations import upgrade


class Kind(Protocol):
    """What a module for one kind of database has: ``sqlite`` and ``postgresql``."""

    READING: dict[str, Any]
    """SQLAlchemy's options of an execution, for a transaction that only reads: it sees one moment."""
    WRITING: dict[str, Any]
    """For the one that writes alone."""
    WRITING_TOGETHER: dict[str, Any]
    """For those that write beside each other."""

    def open_engine(self, address: str) -> Engine: ...

    def shown(self, address: str) -> str:
        """The database as a person knows it, without a password."""

    def settle(self, session: Session) -> None:
        """To be called where papers were kept, at the end of their transaction: no search has to wait for them then."""

    def trouble(self, error: DBAPIError) -> tuple[str, str] | None:
        """The English text and the key of what a person is told; None for what is our own mistake."""


class Store:
    """A database that is ready for use.

    >>> with store.write() as session: papers.keep(session, …)

    ``write`` takes the write lock at once, so that two processes never meet half-way; ``read`` never waits for it.
    Both raise StoreError, in one sentence, for whatever the database refuses.
    """

    def __init__(self, address: str):
        self.address, self.kind = address, kind_of(address)
        with told_clearly(address):
            self.engine = open_engine(address)
            try:
                upgrade(self.engine)
            except BaseException:
                self.close()
                raise

    @property
    def is_postgresql(self) -> bool:
        return self.kind is postgresql

    @contextmanager
    def read(self) -> Iterator[Session]:
        bind = self.engine.execution_options(**self.kind.READING)
        with told_clearly(self.address), Session(bind, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, *, together: bool = False) -> Iterator[Session]:
        """``together`` takes no lock where the database can lock single rows: the caller locks those it touches."""
        options = self.kind.WRITING_TOGETHER if together else self.kind.WRITING
        with told_clearly(self.address), Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.connection(execution_options=options)
            yield session

    def close(self) -> None:
        self.engine.dispose()


def kind_of(address: str) -> Kind:
    return postgresql if address.startswith("postgresql") else sqlite


def open_engine(address: str) -> Engine:
    """An engine whose connections are as the store needs them; the schema is not looked at."""
    return kind_of(address).open_engine(address)


@contextmanager
def told_clearly(address: str) -> Iterator[None]:
    """Turn what the driver raises into one sentence about this database."""
    try:
        yield
    except DBAPIError as error:
        kind = kind_of(address)
        if told := kind.trouble(error):
            text, key = told
            raise StoreError(text, key=key, path=kind.shown(address)) from error
        raise
