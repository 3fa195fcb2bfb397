"""The tables. Rows stay inside ``bot.store``; everything else speaks in the values of ``bot.models``."""

from bot.store.tables.calendars import CalendarRow
from bot.store.tables.columns import UtcTime
from bot.store.tables.ideas import (
    IdeaCountRow,
    IdeaEntryRow,
    IdeaMatchRow,
    IdeaPaperRow,
    IdeaRow,
    LinkCodeRow,
    TerminalRow,
    VectorRow,
)
from bot.store.tables.keeping import ForgottenRow
from bot.store.tables.messages import AwaitedRow, DeliveryRow, PageRow
from bot.store.tables.papers import AssignmentRow, PaperRow, VersionRow
from bot.store.tables.readers import OpinionRow, ReaderRow, SavedRow, SentRow
from bot.store.tables.reading import GroupWeekRow, HabitsRow, ItemRow, MemberRow, WeekRow
from bot.store.tables.sources import CoverageRow, PaceRow, PostRow, RunRow, SourceRow
from bot.store.tables.workers import GateRow, IncomingRow

__all__ = [
    "AssignmentRow",
    "AwaitedRow",
    "CalendarRow",
    "CoverageRow",
    "DeliveryRow",
    "ForgottenRow",
    "GateRow",
    "GroupWeekRow",
    "HabitsRow",
    "IdeaCountRow",
    "IdeaEntryRow",
    "IdeaMatchRow",
    "IdeaPaperRow",
    "IdeaRow",
    "IncomingRow",
    "ItemRow",
    "LinkCodeRow",
    "MemberRow",
    "OpinionRow",
    "PaceRow",
    "PageRow",
    "PaperRow",
    "PostRow",
    "ReaderRow",
    "RunRow",
    "SavedRow",
    "SentRow",
    "SourceRow",
    "TerminalRow",
    "UtcTime",
    "VectorRow",
    "VersionRow",
    "WeekRow",
]
