"""The lists of Hugging Face in a run: a day is asked for until it is whole, and a little longer for its votes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.collecting.run import Run
from bot.models import SourceReport, SourceState
from bot.sources import huggingface
from bot.store import state

HF = "huggingface"
KEEPS_MOVING = 3
"""Days for which a list is asked for again: votes still come in."""


def ask(run: Run, days: Sequence[date]) -> None:
    """Ask for the lists of those of ``days`` that are not here yet, and of the last ones again."""
    with run.kit.store.read() as session:
        asked = [day for day in days if not state.is_whole(session, day, HF) or day in days[-KEEPS_MOVING:]]
    for number, day in enumerate(asked):
        run.kit.progress(HF, number, len(asked))
        ask_for_day(run, day)
    if not asked:
        run.report(SourceReport(HF, SourceState.UNCHANGED))


def ask_for_day(run: Run, day: date) -> None:
    address = run.kit.settings.hf_url
    fetched = run.ask(HF, address, lambda _: huggingface.fetch(run.kit.web, address, day))
    if fetched is None:
        with run.kit.store.write() as session:
            state.note_coverage(session, [day], HF, whole=False, error=run.reports[HF].error)
        return
    whole = fetched.state is SourceState.OK
    run.keep(fetched, address, lambda session: state.note_coverage(
        session, [day], HF, whole=whole, error=fetched.error))  # fmt: skip
