"""Posts: the stories of documents as tools want them that cannot split a document, one file a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone

from feedgen_kusama.documents import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A story in Markdown, without its heading. `name` is unique and fit for a file or an address."""

    name: str
    title: str
    topic: str
    moment: datetime
    body: str


def split_document(reader: Reader, name: str, text: str) -> Iterator[Post]:
    """The stories that the program finds in a document, each with its lines of the source."""
    drafts = reader.parse(text, name).drafts
    lines = text.split("\n")
    stem = name.removesuffix(".md")
    ends = [*(draft.line - 1 for draft in drafts[1:]), len(lines)]
    for number, (draft, end) in enumerate(zip(drafts, ends, strict=True)):
        begin = draft.line if draft.kind == "section" else draft.line - 1
        yield Post(
            name=f"{stem}_{number:02}".replace("_", "-"),
            title=draft.title,
            topic=draft.topic,
            moment=datetime.combine(draft.date, time(12, tzinfo=timezone.utc)) - timedelta(seconds=number),
            body="\n".join(lines[begin:end]).strip() + "\n",
        )
