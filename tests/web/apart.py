"""What a process that builds may be made to do; it imports next to nothing, so that it starts at once."""

from __future__ import annotations

import os
import time
from pathlib import Path


def fail() -> None:
    os._exit(3)


def touch(path: Path) -> None:
    """Say that we are here, and stay."""
    path.touch()
    time.sleep(60)
