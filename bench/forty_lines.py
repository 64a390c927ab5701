"""Feeds from monthly documents as one would write them in an afternoon, with mistune and feedgen."""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import mistune
from feedgen.feed import FeedGenerator

SITE = "https://kusama-news.example/"
TOPICS = {"governance": "vote|treasury", "parachains": "auction|slot|core", "market": "price|KSM", "technology": "runtime|node"}


def read_stories(path: Path) -> list[tuple[datetime, str, str, str]]:
    """Time, topic, title and HTML of every section below a `#` heading."""
    text = path.read_text("utf-8")
    month, year = re.search(
        r"(January|February|March|April|May|June|July|August|September|October|November|December) (\d{4})", text
    ).groups()  # type: ignore[union-attr]
    number = list(calendar.month_name).index(month)
    end = datetime(int(year), number, calendar.monthrange(int(year), number)[1], 12, tzinfo=timezone.utc)
    parts = re.split(r"^#+ +(.+)$", text, flags=re.MULTILINE)[1:]
    found = [(title, body) for title, body in zip(parts[::2], parts[1::2], strict=True) if body.strip()]
    topics = [next((t for t, words in TOPICS.items() if re.search(words, title + body)), "community") for title, body in found]
    return [(end - timedelta(seconds=i), topics[i], title, str(mistune.html(body))) for i, (title, body) in enumerate(found)]


def write_feed(folder: Path, name: str, stories: list[tuple[datetime, str, str, str]]) -> None:
    """The newest fifty as RSS and Atom."""
    generator = FeedGenerator()
    generator.id(SITE + name)
    generator.title(f"Kusama News: {name}")
    generator.description("The month in news")
    generator.link(href=SITE + name)
    for moment, topic, title, html in stories[:50]:
        entry = generator.add_entry(order="append")
        entry.id(f"{SITE}{moment.timestamp():.0f}/{re.sub('[^a-z]+', '-', title.lower())}")
        entry.title(title)
        entry.link(href=entry.id())
        entry.category(term=topic)
        entry.published(moment)
        entry.updated(moment)
        entry.content(html, type="html")
    (folder / name).mkdir(parents=True, exist_ok=True)
    generator.rss_file(str(folder / name / "rss.xml"))
    generator.atom_file(str(folder / name / "atom.xml"))


stories = sorted((story for path in Path("news").glob("*.md") for story in read_stories(path)), reverse=True)
for name in ("all", "community", *TOPICS):
    write_feed(Path("feeds"), name, [story for story in stories if name in ("all", story[1])])
