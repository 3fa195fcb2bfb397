"""How long to wait, and how to stop waiting."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import chain, repeat
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def pauses() -> Iterator[float]:
    """Seconds between tries: 1, 2, 4, then always 8, cut by up to half at random so that clients do not keep step."""
    for seconds in chain((1, 2, 4), repeat(8)):
        yield seconds * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def within(seconds: float, call: Callable[[], T]) -> T:
    """What ``call`` returns; raises TimeoutError after ``seconds``.

    Its thread is then left to end by itself: nothing interrupts a name look-up or headers that come byte by byte,
    and the time-outs of a socket count from the last byte.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised where the result is waited for
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future.result(seconds)


def retry_after(value: str) -> float | None:
    """Seconds from a ``Retry-After``, which is a number of them or an HTTP date; None where it is neither."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
        return max((moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, IndexError, TypeError, OverflowError):
        return None
