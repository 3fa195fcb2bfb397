"""How a function becomes a verb of the command, and what the verbs share: their voice and their options."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial, wraps
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from bot.errors import QiaojinError
from bot.wording import Words

Level = Literal["low", "medium", "high"]
# Help texts are keys of the catalogues; `bot.cli.command_in` puts the words of the language in their place.
Day = Annotated[str | None, typer.Option("--day", metavar="YYYY-MM-DD", help="option.day")]
Since = Annotated[str | None, typer.Option("--since", metavar="YYYY-MM-DD", help="option.since")]
Until = Annotated[str | None, typer.Option("--until", metavar="YYYY-MM-DD", help="option.until")]
Json = Annotated[bool, typer.Option("--json", help="option.json")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, max=1000, metavar="N", help="option.limit")]
Chosen = Annotated[list[str] | None, typer.Option("--direction", metavar="NAME", help="option.direction")]
Compute = Annotated[Level | None, typer.Option("--compute", metavar="LEVEL", help="option.compute")]
ReaderId = Annotated[str, typer.Option("--reader", metavar="ID", help="option.reader")]
Sample = Annotated[bool, typer.Option("--sample", help="option.sample")]

COMPLETE, NOTHING, PARTIAL = 0, 1, 3
"""Exit statuses; 2 is wrong usage."""
Verb = Callable[..., None]
VERBS: dict[str, Verb] = {}
"""Every verb by its name; ``ideas add`` is the verb ``add`` of the group ``ideas``."""
UNWANTED = re.compile(r"^-(?=[^\W\d_]{2}|[(\"“「])")
"""The hyphen of ``-survey``, which is longer than any short option."""
words = Words("en")
"""The voice of this run; ``bot.cli.main`` sets its language."""


class Queried(TyperCommand):
    """A verb whose words may be unwanted ones: ``-survey`` is no option, and becomes the minus of a query."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, [UNWANTED.sub("\N{MINUS SIGN}", one) for one in args])


def verb(function: Verb, group: str = "") -> Verb:
    """Make ``function`` a verb of the command; an error that we know becomes one sentence and an exit status.

    So does a file that somebody else's installation keeps from us: it may be any of those that a verb looks at.
    """

    @wraps(function)
    def told(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **{name: sound(value) for name, value in kwargs.items()})
        except QiaojinError as error:
            complain(error)
            raise typer.Exit(error.exit_status) from error
        except PermissionError as error:
            complain(QiaojinError("no access to {path}", key="no_access", path=error.filename))
            raise typer.Exit(QiaojinError.exit_status) from error

    VERBS[f"{group} {function.__name__.rstrip('_').replace('_', '-')}".strip()] = told
    return told


def sound(value: Any) -> Any:
    """Text as somebody typed it, with ``?`` for bytes that are none, which no database takes; all else as it is."""
    if isinstance(value, list):
        return [sound(one) for one in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def verb_of(group: str) -> Callable[[Verb], Verb]:
    """Make a function a verb of ``group``: ``qiaojin ideas add``."""
    return partial(verb, group=group)


def complain(error: QiaojinError) -> None:
    typer.secho(f"qiaojin: {words.error(error)}", err=True, fg="red")
