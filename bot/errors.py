"""One error tree. Each error carries what failed and is told to a person in one sentence::

    QiaojinError
    ├── UsageError          the call or the settings are wrong: exit status 2
    │   └── SettingsError   a setting's value or name is wrong
    ├── StoreError          the database cannot be used: unwritable, full, newer than the program
    ├── ModelError          the classifier's file is missing or damaged
    └── SourceError         a service did not give what was asked
        ├── BackOff         it asked us to come back later
        └── BadBody         it answered, and the answer is not what it should be

Errors of libraries are wrapped at the edge where they arise. Messages never hold a secret. An error that a person
causes carries the ``key`` of its text in the catalogues and the text's values, so that it is told in their language.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """A value of an error that has a text of its own in the catalogues."""

    key: str
    english: str

    def __str__(self) -> str:
        return self.english


class QiaojinError(Exception):
    """Base of all errors that a person may see; ``exit_status`` is what the command returns for it."""

    exit_status = 1

    def __init__(self, message: str, *, key: str = "", **values: object):
        super().__init__(message.format_map(values) if values else message)
        self.key = key
        self.values = values


class UsageError(QiaojinError):
    """The call is wrong, and the message says what is allowed."""

    exit_status = 2


class SettingsError(UsageError):
    """A setting is wrong; the message names its key and what is allowed."""


class StoreError(QiaojinError):
    """The database cannot be read or written."""


class ModelError(QiaojinError):
    """The classifier's data file is missing, damaged or of another format."""


class SourceError(QiaojinError):
    """A service did not give what was asked."""


class BackOff(SourceError):
    """A service asks us to come back later (429, 503, 406, ``Rate exceeded.``).

    ``retry_after`` is the wait in seconds that it named, or None where it named none.
    """

    def __init__(self, message: str, retry_after: float | None = None):
        super().__init__(message)
        self.retry_after = retry_after


class BadBody(SourceError):
    """A service answered with something else than it should: HTML for a feed, a body cut short, one too large."""
