from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from bot.errors import SourceError
from bot.sources import arxiv_api, arxiv_feed, feeds, huggingface
from bot.sources.http import Web
from bot.sources.sample import transport
from tests.sources.bodies import hf_item, item, rss

DAY = date(2026, 6, 17)


def test_the_sample_answers_where_the_services_do() -> None:
    with Web(user_agent="x", transport=transport(rss(item()), json.dumps([hf_item()]).encode()), patience=1) as web:
        assert len(arxiv_feed.fetch(web, "https://rss.arxiv.org", ["cs.CL"]).papers) == 1
        assert len(huggingface.fetch(web, "https://huggingface.co", DAY).papers) == 1
        assert huggingface.fetch(web, "https://huggingface.co", date(2026, 6, 16)).papers == ()
        window = datetime(2026, 6, 15, tzinfo=UTC), datetime(2026, 6, 16, tzinfo=UTC)
        assert arxiv_api.fetch_window(web, "https://export.arxiv.org/api/query", ["cs.CL"], *window).papers == ()
        with pytest.raises(SourceError, match="404"):
            feeds.fetch(web, "https://lab.example.org/feed")
