"""The two inner works alone, in this process: reading documents beside mistune, writing feeds beside feedgen."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import mistune
from feedgen.feed import FeedGenerator
from lxml import etree
from msgspec.structs import replace

from bench.corpus import NOW, plan_corpus
from feedgen_kusama.__main__ import YOUNG
from feedgen_kusama.assembly import Given, assemble
from feedgen_kusama.config import builtin
from feedgen_kusama.documents import Reader
from feedgen_kusama.formats import FORMATS, atom, rss
from feedgen_kusama.formats.generator import make_item
from feedgen_kusama.ledger.records import Ledger
from feedgen_kusama.model import Feed
from feedgen_kusama.readings import make_reading
from feedgen_kusama.settings import Settings
from feedgen_kusama.works import Entries, Stock, encode_document

TIMES = 3
"""How often a work is done in one go: a feed is too quick for the clock."""
DOCUMENTS, AUTHORITY, ADDRESS = 65, "kusama-news.example,2026", "https://kusama-news.example/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Micro:
    """Seconds by name: `parsing` and `mistune` a document, `feeds` and `feedgen` an entry in the mean of RSS and
    Atom, which both write, and in each format; `read back` an entry as lxml parses what was written of it in either."""

    seconds: Mapping[str, float]

    def ratio(self, name: str) -> float:
        """How many times the cost of the library alone."""
        return self.seconds[name] / self.seconds[{"parsing": "mistune", "feeds": "feedgen"}[name]]


def least_micro(measured: Sequence[Micro]) -> Micro:
    """What was measured at the quickest time, told by mistune: what is compared belongs together."""
    return min(measured, key=lambda micro: micro.seconds["mistune"])


def measure_micro(repeats: int) -> Micro:
    """Medians of `repeats` rounds, all works in turn."""
    settings = replace(builtin(), url=ADDRESS, archives=False, pages=False)
    texts = list(plan_corpus(DOCUMENTS, "months"))
    feed = _newest(settings, texts)
    works = {**_parsing(settings, texts), **_feeds(feed)}
    taken: dict[str, list[float]] = {name: [] for name in works}
    gc.collect()
    gc.freeze()  # or what the benchmark itself holds would be looked through again and again while a work is timed
    gc.set_threshold(YOUNG)  # as in every command
    for _ in range(repeats + 1):  # the first one warms up
        for name, (work, _count) in works.items():
            begun = time.perf_counter()
            for _ in range(TIMES):
                work()
            taken[name].append((time.perf_counter() - begun) / TIMES)
    each = {name: statistics.median(times[1:]) / works[name][1] for name, times in taken.items()}
    each["feeds"] = statistics.mean(each[name] for name in (rss.NAME, atom.NAME))
    each["feedgen"] = statistics.mean(each[name] for name in ("feedgen RSS", "feedgen Atom"))
    return Micro(seconds=each)


def _parsing(settings: Settings, texts: Sequence[tuple[str, str]]) -> Mapping[str, tuple[Callable[[], object], int]]:
    reader = Reader(settings)
    return {
        "parsing": (lambda: [reader.parse(text, name) for name, text in texts], len(texts)),
        "mistune": (lambda: [mistune.html(text) for _, text in texts], len(texts)),
    }


def _feeds(feed: Feed) -> Mapping[str, tuple[Callable[[], object], int]]:
    count = len(feed.entries)
    written = [render(feed) for render in (rss.render, atom.render)]
    return {
        **{name: (partial(_render_anew, render, feed), count) for name, render in FORMATS.items()},
        "read back": (lambda: [etree.fromstring(data) for data in written], count * len(written)),
        "feedgen RSS": (lambda: _plain(feed, is_rss=True).rss_str(pretty=True), count),
        "feedgen Atom": (lambda: _plain(feed, is_rss=False).atom_str(pretty=True), count),
    }


def _render_anew(render: Callable[[Feed], bytes], feed: Feed) -> bytes:
    """The feed, none of whose entries was rendered before."""
    make_item.cache_clear()
    return render(feed)


def _newest(settings: Settings, texts: Sequence[tuple[str, str]]) -> Feed:
    """The feed of everything."""
    documents = {name: Reader(settings).parse(text, name) for name, text in texts}
    given = Given(ledger=Ledger(authority=AUTHORITY, records=()))
    found = assemble(settings, map(make_reading, documents.values()), given, datetime.fromisoformat(NOW))
    encoded = {name: encode_document(document) for name, document in documents.items()}
    return found.heads[0].fill(Entries(Stock(settings=settings, documents=encoded, links=found.resolved)).entry)


def _plain(feed: Feed, *, is_rss: bool) -> FeedGenerator:
    """The same fields through feedgen alone. RSS names an author without an address by the `dc` extension."""
    generator = FeedGenerator()
    generator.load_extension("dc", atom=False, rss=True)
    generator.id(feed.tag)
    generator.title(feed.title)
    generator.description(feed.description)
    generator.updated(feed.updated)
    generator.language(feed.language)
    generator.author(name=feed.author)
    generator.link(href=feed.site, rel="alternate")
    for entry in feed.entries:
        item = generator.add_entry(order="append")
        item.id(entry.id)
        item.title(entry.title)
        item.link(href=entry.link, rel="alternate")
        item.category(term=entry.topic.id, label=entry.topic.title)
        item.published(entry.published)
        item.updated(entry.updated)
        author = entry.author or feed.author
        item.dc.dc_creator(author) if is_rss else item.author(name=author)
        item.summary(entry.summary)
        item.content(entry.html, type="html")
    return generator
