"""Papers by week, and the picture of them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import charts
from bot.rules.trends import Trend, Trends, weekly

FRIDAY, THURSDAY, MONDAY = date(2026, 6, 12), date(2026, 6, 18), date(2026, 6, 8)
NAMES = {"peft": "高效微调", "rag": "RAG mechanisms with quite a long name"}
TEXTS = {"title": "每周论文数", "span": "2026-06-01 至 2026-06-12"}


def test_papers_are_counted_by_week_oldest_first() -> None:
    counts = {("peft", FRIDAY): 3, ("peft", MONDAY): 2, ("peft", date(2026, 6, 3)): 1, ("rag", date(2026, 6, 3)): 4}
    found = weekly(counts, ["peft", "rag"], FRIDAY, 12)
    assert found.mondays == (date(2026, 6, 1), MONDAY)
    assert [trend.counts for trend in found.trends] == [(1, 5), (4, 0)]


def test_a_week_counts_once_its_friday_has_been_announced() -> None:
    counts = {("peft", MONDAY): 2, ("peft", THURSDAY): 9}
    assert weekly(counts, ["peft"], THURSDAY, 12).trends[0].counts == (2,)
    assert weekly(counts, ["peft"], THURSDAY + timedelta(1), 12).trends[0].counts == (2, 9)


def test_no_more_weeks_than_asked_for_and_none_before_there_was_anything() -> None:
    counts = {("peft", FRIDAY - timedelta(weeks=back)): 1 for back in range(20)}
    assert len(weekly(counts, ["peft"], FRIDAY, 12).mondays) == 12
    assert weekly({}, ["peft"], FRIDAY, 12).trends[0].counts == (0,)


def test_the_change_is_told_against_the_weeks_before_where_there_are_enough() -> None:
    assert Trend("peft", (4, 4, 6)).change == pytest.approx(0.5)
    assert Trend("peft", (0, 0, 6)).change is None
    assert Trend("peft", (6,)).change is None


@pytest.mark.parametrize("many", [1, 2, 20])
def test_the_picture_is_a_png_as_wide_as_a_phone(many: int) -> None:
    trends = Trends((MONDAY,) * 3, tuple(Trend("peft" if n % 2 else "rag", (0, 3, n)) for n in range(many)))
    picture = charts.trends_png(trends, NAMES, TEXTS)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 1080
    assert int.from_bytes(picture[20:24]) < 2000


def test_chinese_is_drawn_only_where_a_font_knows_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(charts, "CJK_FONTS", (str(tmp_path / "no.ttf"),))
    assert charts.cjk_font() is None
    assert not charts.can_write("zh")
    assert charts.can_write("en")
