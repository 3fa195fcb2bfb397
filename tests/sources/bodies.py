"""Small bodies in the services' wire formats, written here."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"'
)


def item(
    id_: str = "2606.01234v1",
    title: str = "Smaller Models, Sharper Questions",
    abstract: str = "We ask less of models.",
    kind: str = "new",
    creators: str = "Ada Lovelace, Alan Turing",
    categories: tuple[str, ...] = ("cs.CL", "cs.LG"),
    extra: str = "",
) -> str:
    return (
        f"<item><title>{escape(title)}</title><link>https://arxiv.org/abs/{id_.partition('v')[0]}</link>"
        f"<description>arXiv:{id_} Announce Type: {kind} \nAbstract: {escape(abstract)}</description>"
        f'<guid isPermaLink="false">oai:arXiv.org:{id_}</guid>'
        + "".join(f"<category>{name}</category>" for name in categories)
        + f"<arxiv:announce_type>{kind}</arxiv:announce_type><dc:creator>{escape(creators)}</dc:creator>{extra}</item>"
    )


def rss(
    *items: str, stamp: str = "Wed, 17 Jun 2026 00:00:00 -0400", title: str = "cs.CL updates on arXiv.org"
) -> bytes:
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<rss {NAMESPACES} version='2.0'><channel><title>{title}</title>"
        f"<description>about it</description><pubDate>{stamp}</pubDate>{''.join(items)}</channel></rss>"
    ).encode()


def atom(*entries: str, updated: str = "2026-06-17T04:00:19.8+00:00", head: str = "") -> bytes:
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n<feed xmlns='http://www.w3.org/2005/Atom' {NAMESPACES}>"
        f"<title>a feed</title><updated>{updated}</updated>{head}{''.join(entries)}</feed>"
    ).encode()


def api_entry(
    id_: str = "2606.01234v1", title: str = "A Title", published: str = "2026-06-16T12:00:00Z", extra: str = ""
) -> str:
    return (
        f"<entry><id>http://arxiv.org/abs/{id_}</id><title>{escape(title)}</title><updated>{published}</updated>"
        f"<summary>  Some words\n  on two lines. </summary><published>{published}</published>"
        '<category term="cs.LG"/><category term="cs.CL"/><arxiv:primary_category term="cs.CL"/>'
        f"<author><name>Ada Lovelace</name><arxiv:affiliation>London</arxiv:affiliation></author>{extra}</entry>"
    )


def api_page(*entries: str, total: int | None = None) -> bytes:
    total = len(entries) if total is None else total
    return atom(*entries, head=f"<opensearch:totalResults>{total}</opensearch:totalResults>")


def api_error(words: str) -> bytes:
    link = quoteattr(f"https://arxiv.org/api/errors#{words.replace(' ', '_')}")[1:-1]
    return api_page(f"<entry><id>{link}</id><title>Error</title><summary>{escape(words)}</summary></entry>")


def hf_item(id_: Any = "2606.01234", **fields: Any) -> dict[str, Any]:
    paper = {
        "id": id_,
        "title": "A Title",
        "summary": "Some words.",
        "upvotes": 3,
        "authors": [{"name": "Ada Lovelace"}],
    }
    return {"paper": {**paper, **fields}, "title": "A Title", "numComments": 2}


BOMB = (
    b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>"
    b"<rss><channel><title>&b;</title></channel></rss>"
)
HTML = b"<!DOCTYPE html><html><head><title>down for maintenance</title></head><body>back soon</body></html>"
