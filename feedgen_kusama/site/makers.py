"""What makes each page from entries: values that any process can be sent. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from feedgen_kusama.feeds import Outline
from feedgen_kusama.ledger.records import Record
from feedgen_kusama.model import Feed
from feedgen_kusama.site.assets import EMBED, FRAGMENT, INDEX
from feedgen_kusama.site.chart import Count, draw_chart
from feedgen_kusama.site.embeds import render_embed, render_fragment
from feedgen_kusama.site.navigation import Navigation, Neighbour
from feedgen_kusama.site.pages import Listing, Month, render_edition, render_editions, render_feed, render_start
from feedgen_kusama.works import Entries, Told, fetch


class StartMaker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes the start page."""

    navigation: Navigation
    outline: Outline
    listings: tuple[Listing, ...]
    counts: tuple[Count, ...]
    newest: Neighbour | None

    def __call__(self, entries: Entries) -> Iterator[tuple[str, bytes]]:
        topics = [(topic.id, topic.title) for topic in entries.settings.topics]
        chart = draw_chart(topics, self.counts, self.navigation.months)
        feed = self.outline.fill(entries.entry)
        yield INDEX, render_start(self.navigation, feed, self.listings, chart, self.newest)


class FeedPageMaker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes the page of a feed of entries, at its former addresses too."""

    navigation: Navigation
    outline: Outline
    former: tuple[str, ...]

    def __call__(self, entries: Entries) -> Iterator[tuple[str, bytes]]:
        page = render_feed(self.navigation, self.outline.fill(entries.entry))
        for folder in (self.outline.feed.folder, *self.former):
            yield folder + INDEX, page


class EditionsMaker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes the list of all editions."""

    navigation: Navigation
    feed: Feed
    months: tuple[Neighbour, ...]

    def __call__(self, _: Entries) -> Iterator[tuple[str, bytes]]:
        yield self.feed.folder + INDEX, render_editions(self.navigation, self.feed, self.months)


class MonthMaker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes the page of an edition."""

    navigation: Navigation
    feed: Feed
    record: Record
    stories: tuple[Record, ...]
    earlier: Neighbour | None
    later: Neighbour | None

    def __call__(self, entries: Entries) -> Iterator[tuple[str, bytes]]:
        documents = map(entries.document, sorted({story.source for story in self.stories}))
        month = Month(
            edition=self.record.month,
            headline=self.record.title,
            entries=tuple(map(entries.entry, self.stories)),
            left_out=tuple(part for document in documents if document for part in document.left_out),
        )
        yield month.path, render_edition(self.navigation, self.feed, month, self.earlier, self.later)


class EmbedMaker(msgspec.Struct, frozen=True, kw_only=True):
    """Makes a feed's pages for other pages, at its former addresses too: what others have built in stays good."""

    navigation: Navigation
    outline: Outline
    former: tuple[str, ...]
    stories: Mapping[str, Told]
    """What each month is made of, where the feed is that of whole months."""

    def __call__(self, entries: Entries) -> Iterator[tuple[str, bytes]]:
        feed = self.outline.fill(lambda record: fetch(entries, record, self.stories))
        for name, render in ((EMBED, render_embed), (FRAGMENT, render_fragment)):
            content = render(self.navigation, feed)
            for folder in (feed.folder, *self.former):
                yield folder + name, content
