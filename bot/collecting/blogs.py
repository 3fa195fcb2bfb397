"""The feeds that the settings name, in a run: their posts are kept, and the papers told that they link to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.collecting.run import Run
from bot.models import SourceReport
from bot.settings import FeedSetting
from bot.sources import feeds
from bot.store import state


def read(run: Run, day: date) -> list[str]:
    """Read the user's feeds; the ids of the arXiv papers that their posts link to."""
    linked: list[str] = []
    for blog in run.kit.settings.feeds:
        run.kit.progress(blog.title or blog.url, 0, 0)
        linked += read_blog(run, blog, day)
    return linked


def read_blog(run: Run, blog: FeedSetting, day: date) -> list[str]:
    """The arXiv ids that the blog's posts link to."""
    name = blog.title or blog.url
    fetched = run.ask(name, blog.url, lambda known: replace(
        feeds.fetch(run.kit.web, blog.url, blog.title, etag=known.etag, last_modified=known.last_modified),
        source=name, day=None,
    ))  # fmt: skip
    posts = fetched.posts if fetched else ()
    with run.kit.store.write() as session:
        new = state.keep_posts(session, posts, day)
        state.note_coverage(session, [day], name, whole=fetched is not None)
        if fetched:
            state.note_success(session, fetched, blog.url, run.kit.clock.now())
    if fetched:
        run.report(SourceReport(name, fetched.state, fetched=len(posts), new=new))
    return [post.arxiv_id for post in posts if post.arxiv_id]
