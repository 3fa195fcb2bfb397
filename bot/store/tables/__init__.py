"""The tables. Rows stay inside ``bot.store``; everything else speaks in the values of ``bot.models``."""

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
from bot.store.tables.messages import AwaitedRow, DeliveryRow, PageRow
from bot.store.tables.papers import AssignmentRow, PaperRow, VersionRow
from bot.store.tables.readers import OpinionRow, ReaderRow, SavedRow, SentRow
from bot.store.tables.reading import GroupWeekRow, HabitsRow, ItemRow, MemberRow, WeekRow
from bot.store.tables.sources import CoverageRow, PaceRow, PostRow, RunRow, SourceRow

__all__ = [
    "AssignmentRow",
    "AwaitedRow",
    "CoverageRow",
    "DeliveryRow",
    "GroupWeekRow",
    "HabitsRow",
    "IdeaCountRow",
    "IdeaEntryRow",
    "IdeaMatchRow",
    "IdeaPaperRow",
    "IdeaRow",
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
