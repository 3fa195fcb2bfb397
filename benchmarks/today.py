"""How long ``qiaojin today`` takes on a fresh database, and how much memory, with the services' stand-in beside it.

    python benchmarks/today.py

Median of three runs, each a process of its own; the peak is the resident memory of that process.
"""

from __future__ import annotations

import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORLD = ROOT.parent / "shared" / "world" / "world.py"
DAY, RUNS = "2026-06-17", 3
MEASURE = """
import resource, subprocess, sys, time
started = time.perf_counter()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(status, time.perf_counter() - started, peak)
"""


@contextmanager
def world() -> Iterator[str]:
    command = [sys.executable, str(WORLD), "--port", "0", "--today", DAY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        yield address[0]
        process.terminate()


def measured(address: str, folder: Path) -> tuple[float, float]:
    """Seconds and megabytes of one run on the database in ``folder``, which stays."""
    environment = {
        "PATH": os.defpath,
        "HOME": str(folder),
        "QIAOJIN_DATA_DIR": str(folder),
        "QIAOJIN_CONFIG_DIR": str(folder / "config"),
        "QIAOJIN_ARXIV_API_URL": f"{address}/api/query",
        "QIAOJIN_ARXIV_FEED_URL": address,
        "QIAOJIN_HF_URL": address,
        "QIAOJIN_NOW": f"{DAY}T16:00:00Z",
    }
    command = [sys.executable, "-c", MEASURE, sys.executable, "-m", "bot", "today"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    status, seconds, peak = ran.stdout.split()
    if status != "0":
        raise SystemExit(f"today ended with status {status}: {ran.stderr}")
    return float(seconds), int(peak) / (1 << 20 if platform.system() == "Darwin" else 1 << 10)


def main() -> None:
    if not WORLD.exists():
        raise SystemExit(f"needs the services' stand-in {WORLD}, which is not on this machine")
    first, again = [], []
    with world() as address:
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as folder:
                first.append(measured(address, Path(folder)))
                again.append(measured(address, Path(folder)))
    print(f"{date.today()}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"load {os.getloadavg()[0]:.1f}; median of {RUNS}")
    print(f"{'qiaojin today':<24}{'seconds':>8}{'MB':>8}")
    for name, runs in (("on an empty database", first), ("again", again)):
        seconds, memory = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"{name:<24}{seconds:>8.2f}{memory:>8.0f}")


if __name__ == "__main__":
    main()
