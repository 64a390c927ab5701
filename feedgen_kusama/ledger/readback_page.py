"""Reading back the page of a month: it still shows whole what is too old for the heads, where there are no archives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from feedgen_kusama.html import strip_lines, summarise
from feedgen_kusama.ledger.published import Published
from feedgen_kusama.ledger.records import Record

_STORY = re.compile(
    r'<article id="(?P<slug>[^"]+)">\n<h2>.*?</h2>\n<p class="meta"><a [^>]*>[^<]*</a>(?: · (?P<author>[^<]*?))?'
    r"(?: · (?P<role>[^<]*))?</p>\n(?P<html>.*?)\n</article>",
    re.DOTALL,
)
"""A story as the page shows it; its own HTML holds no such element."""
_WITHIN = re.compile(r'(<(?:a|img) [^<>]*?(?:href|src)=")\.\./')


def read_back_page(page: str, records: dict[str, Record], site: str) -> Iterator[Published]:
    """The stories on a month's page, of those that these records, by slug, are of. `site` is where its links within
    the publication lead."""
    for found in _STORY.finditer(page):
        record = records.get(found["slug"])
        if record:
            author, role = (unescape(name) if name else None for name in found.group("author", "role"))
            yield Published(
                id=record.id,
                title=record.title,
                edition=record.edition,
                slug=record.slug,
                topic=record.topic,
                author=author,
                summary=summarise(record.text),
                html=_WITHIN.sub(lambda start: start[1] + site, found["html"]),
                published=record.published,
                updated=record.updated,
                text=strip_lines(found["html"]),
                role=role,
            )
