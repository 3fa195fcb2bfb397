"""Methods that answer a press of a button, or somebody who asks from within another chat."""

from __future__ import annotations

from bot.playground.api.entities import units
from bot.playground.api.errors import Refused
from bot.playground.api.finding import question_of
from bot.playground.api.forms import Call
from bot.playground.api.reading import article_of
from bot.playground.town import Town

LONGEST_TOAST = 200
MOST_RESULTS, LONGEST_OFFSET = 50, 64


def answer_callback_query(town: Town, call: Call) -> bool:
    question = question_of(town, call.text("callback_query_id"))
    text = call.text("text")
    if units(text) > LONGEST_TOAST:
        raise Refused("MESSAGE_TOO_LONG")
    question.answer.set_result({"text": text, "alert": call.flag("show_alert"), "url": call.text("url")})
    return True


def answer_inline_query(town: Town, call: Call) -> bool:
    question = question_of(town, call.text("inline_query_id"))
    results = call.json("results") or []
    if len(results) > MOST_RESULTS:
        raise Refused("RESULTS_TOO_MUCH")
    articles = [article_of(result) for result in results]
    if len({article.id for article in articles}) < len(articles):
        raise Refused("RESULT_ID_DUPLICATE")
    if len(call.text("next_offset").encode()) > LONGEST_OFFSET:
        raise Refused("NEXT_OFFSET_INVALID")
    question.articles = {article.id: article for article in articles}
    shown = [article.shown for article in articles]
    question.answer.set_result({"results": shown, "next_offset": call.text("next_offset")})
    return True
