"""The JSON that programs get keeps to the shape that was promised."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from bot.app import load_directions
from bot.models import (
    Assignment,
    Compute,
    Digest,
    DigestPaper,
    DigestSection,
    Evidence,
    Judgement,
    Outbox,
    PastRun,
    Post,
    SourceReport,
    SourceStanding,
    SourceState,
    Status,
)
from bot.rules import export
from bot.rules.ingest import first_seen
from tests.fakes import DAY, fetched

LINKS = {"abstract": "https://mirror.example/abs/{id}"}
WHY = Assignment("peft", 0.987654, (Evidence("LoRA", 1.23456),))
REPORT = SourceReport("arxiv-feed", SourceState.PARTIAL, 5, 4, 1, 2, 1.2345, "cut")


def digest(**fields: Any) -> dict[str, Any]:
    paper = first_seen(fetched(authors=("Ada", "Alan"), categories=("cs.CL",), **fields))
    shown = DigestPaper(paper, WHY, "A sentence.", Compute("low", "one GPU"))
    posts = (Post("Lab", "https://lab.example/1", "News"),)
    value = Digest(DAY, False, ("arxiv",), 7, (DigestSection("peft", (shown,), 9),), posts, (REPORT,))
    return json.loads(json.dumps(export.digest_json(value, load_directions(), "en", LINKS)))


def test_a_digest_has_the_promised_fields() -> None:
    told = digest()
    assert told["day"] == "2026-06-17"
    assert told["complete"] is False
    assert told["papers_read"] == 7
    assert {"name", "state", "fetched", "new", "updated", "skipped", "error"} <= set(told["sources"][0])
    (direction,) = told["directions"]
    assert {"slug", "name", "papers"} <= set(direction)
    assert (direction["slug"], direction["name"]) == ("peft", "Parameter-efficient fine-tuning")
    (paper,) = direction["papers"]
    promised = {"id", "version", "title", "authors", "url", "probability", "evidence", "key_sentence", "upvotes",
                "code_url", "announced", "sources"}  # fmt: skip
    assert promised <= set(paper)
    assert paper["url"] == "https://mirror.example/abs/2606.01234"
    assert paper["authors"] == ["Ada", "Alan"]
    assert paper["announced"] == "2026-06-17"
    assert paper["sources"] == ["arxiv-feed"]
    assert paper["evidence"] == [{"term": "LoRA", "weight": 1.2346}]
    assert 0 <= paper["probability"] <= 1


def test_what_is_not_known_is_null() -> None:
    paper = digest(day=None)["directions"][0]["papers"][0]
    assert (paper["announced"], paper["upvotes"], paper["code_url"]) == (None, None, None)


def test_a_report_says_its_state_in_one_word_and_its_error_or_null() -> None:
    assert export.report_json(REPORT)["state"] == "partial"
    assert export.report_json(REPORT)["error"] == "cut"
    assert export.report_json(SourceReport("a", SourceState.OK))["error"] is None


def test_a_judgement_has_the_promised_fields() -> None:
    told = export.judgement_json("1", Judgement({"peft": 0.9, "rag": 0.1}, (WHY,)))
    assert told["id"] == "1"
    assert told["directions"] == [
        {"slug": "peft", "probability": 0.9877, "evidence": [{"term": "LoRA", "weight": 1.2346}]}
    ]
    assert told["scores"] == {"peft": 0.9, "rag": 0.1}


def test_the_status_is_json() -> None:
    moment = datetime(2026, 6, 17, 16, tzinfo=UTC)
    run = PastRun(moment, 1.0, DAY, DAY, True, (REPORT,))
    told = export.status_json(
        Status(
            3, DAY, date(2026, 6, 18), {"peft": 2}, (SourceStanding("a", failures=2, back_off=moment),), (run,),
            {"arxiv-feed": 3}, {"active": 1}, Outbox(2, 1, 0, 0, 60.04), {"digest": {"waiting": 2}}, {"digest": 1},
            4096,
        )
    )  # fmt: skip
    assert json.loads(json.dumps(told)) == told
    assert told["sources"][0]["failures_in_a_row"] == 2
    assert told["sources"][0]["back_off"] == "2026-06-17T16:00:00+00:00"
    assert told["runs"][0]["complete"] is True
    assert told["outbox"] == {"waiting": 2, "sent": 1, "failed": 0, "dropped": 0, "lag_seconds": 60.0}
    assert (told["due"], told["database_bytes"]) == ({"digest": 1}, 4096)
