"""The nouns: plain immutable values that every other module speaks in; nothing here does I/O.

A paper changes its type as it moves along the pipeline: a source gives ``FetchedPaper``, ingest and the store
make it a ``Paper``, the classifier adds a ``Judgement``, and choosing puts it into a ``Digest`` as ``DigestPaper``.
"""

from bot.models.digests import Digest, DigestPaper, DigestSection, Rank
from bot.models.ideas import Asked, Grade, Idea, IdeaStatus, Near
from bot.models.messages import Button, Delivery, Message, Outbox
from bot.models.papers import Assignment, Compute, Doubt, Evidence, Judgement, Paper
from bot.models.readers import Reader
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
    "AnnounceType",
    "Asked",
    "Assignment",
    "Button",
    "Compute",
    "Delivery",
    "Digest",
    "DigestPaper",
    "DigestSection",
    "Doubt",
    "Evidence",
    "Fetched",
    "FetchedPaper",
    "Grade",
    "Idea",
    "IdeaStatus",
    "Judgement",
    "Message",
    "Near",
    "Outbox",
    "Paper",
    "PastRun",
    "Post",
    "Rank",
    "Reader",
    "SourceReport",
    "SourceStanding",
    "SourceState",
    "Status",
]
