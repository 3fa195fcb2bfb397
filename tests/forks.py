"""The command in processes of its own that need not load the program again: forks of one that has.

Such a process has settings, output and an end of its own and takes signals, as that of ``python -m bot`` does; it
costs half a second of a processor, where that one takes three.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from typing import Any

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    ["bot.cli", "bot.app", "bot.chat.application", "bot.pipeline", "bot.web", "alembic.command"]
)


class Fork:
    """A command at work, which ends with the tests at the latest."""

    def __init__(
        self,
        arguments: list[str],
        environment: Mapping[str, str],
        folder: Path,
        constants: Mapping[str, object] | None = None,
    ):
        """Start it; what it says goes into ``folder``, and ``constants`` are those of its modules that shall differ."""
        folder.mkdir(parents=True, exist_ok=True)
        number = len(list(folder.glob("*.out")))
        self.out, self.err = folder / f"{number}.out", folder / f"{number}.err"
        for path in (self.out, self.err):
            path.touch()
        given = (arguments, dict(environment), self.out, self.err, dict(constants or {}))
        self.process = FORKS.Process(target=live, args=given)
        self.process.start()
        atexit.register(self.process.kill)

    @property
    def pid(self) -> int:
        return self.process.pid or 0

    def ended(self, seconds: float = 90) -> int:
        """Its exit status; minus the number of the signal that ended it."""
        self.process.join(seconds)
        status = self.process.exitcode
        assert status is not None, "it does not end"
        return status

    def told(self) -> str:
        """All that it wrote."""
        return self.out.read_text(encoding="utf-8") + self.err.read_text(encoding="utf-8")


def live(arguments: list[str], environment: dict[str, str], out: Path, err: Path, constants: dict[str, Any]) -> None:
    """What the fork does, from its first moment to its last."""
    os.environ.clear()
    os.environ.update(environment)
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND), number)
    for name, value in constants.items():
        module, _, constant = name.rpartition(".")
        setattr(import_module(module), constant, value)
    sys.argv = ["qiaojin", *arguments]
    import_module("bot.cli").main()
