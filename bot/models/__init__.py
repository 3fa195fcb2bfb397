"""The nouns: plain immutable values that every other module speaks in; nothing here does I/O.

A paper changes its type as it moves along the pipeline: a source gives ``FetchedPaper``, ingest and the store
make it a ``Paper``, the classifier adds a ``Judgement``, and choosing puts it into a ``Digest`` as ``DigestPaper``.
"""

from bot.models.digests import Digest, DigestPaper, DigestSection, Rank
from bot.models.ideas import Asked, Grade, Idea, IdeaStatus, Near
from bot.models.library import Import, ReadingState, Reference, SavedPaper
from bot.models.messages import Button, Delivery, Message, Outbox
from bot.models.papers import Assignment, Compute, Doubt, Evidence, Judgement, Paper
from bot.models.readers import Reader
from bot.models.reading import (
    FOUNDATIONS,
    Classic,
    Experiment,
    Figures,
    GroupWeek,
    Habits,
    Item,
    ItemKind,
    ItemState,
    Month,
    Progress,
    Reminding,
    Share,
    SourceTask,
    Step,
    Stock,
    StockIdea,
    StockPaper,
    Week,
    WeekState,
)
from bot.models.sizes import Growth, Room
from bot.models.sources import (
    AnnounceType,
    Fetched,
    FetchedPaper,
    PastRun,
    Post,
    SourceReport,
    SourceStanding,
    SourceState,
    Status,
)

__all__ = [
    "FOUNDATIONS",
    "AnnounceType",
    "Asked",
    "Assignment",
    "Button",
    "Classic",
    "Compute",
    "Delivery",
    "Digest",
    "DigestPaper",
    "DigestSection",
    "Doubt",
    "Evidence",
    "Experiment",
    "Fetched",
    "FetchedPaper",
    "Figures",
    "Grade",
    "GroupWeek",
    "Growth",
    "Habits",
    "Idea",
    "IdeaStatus",
    "Import",
    "Item",
    "ItemKind",
    "ItemState",
    "Judgement",
    "Message",
    "Month",
    "Near",
    "Outbox",
    "Paper",
    "PastRun",
    "Post",
    "Progress",
    "Rank",
    "Reader",
    "ReadingState",
    "Reference",
    "Reminding",
    "Room",
    "SavedPaper",
    "Share",
    "SourceReport",
    "SourceStanding",
    "SourceState",
    "SourceTask",
    "Status",
    "Step",
    "Stock",
    "StockIdea",
    "StockPaper",
    "Week",
    "WeekState",
]
