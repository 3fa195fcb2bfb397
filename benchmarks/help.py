"""How long ``qiaojin --help`` takes, as a multiple of what importing typer and rich takes.

    python benchmarks/help.py

Both are run in turn, so that a busy moment of the machine meets both; median of nine pairs.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAIRS = 9
HELP = ("-m", "bot", "--help")
IMPORTS = ("-c", "import typer, rich")


def seconds(*arguments: str) -> float:
    environment = {"PATH": os.defpath, "HOME": str(ROOT)}
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, check=True)
    return time.perf_counter() - started


def main() -> None:
    for arguments in (HELP, IMPORTS):  # compiled files and the disk's cache are warm
        seconds(*arguments)
    pairs = [(seconds(*HELP), seconds(*IMPORTS)) for _ in range(PAIRS)]
    helped, imported = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"load {os.getloadavg()[0]:.1f}; median of {PAIRS} pairs")
    print(f"{'qiaojin --help':<24}{helped:>8.3f} s")
    print(f"{'import typer, rich':<24}{imported:>8.3f} s")
    print(f"{'ratio':<24}{ratio:>8.2f}")


if __name__ == "__main__":
    main()
