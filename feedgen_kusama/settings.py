"""The settings of a publication, as every other module sees them."""

from __future__ import annotations

import msgspec

from feedgen_kusama.model import Selection, Topic


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a publication wants. `url` is the site's absolute address, ending in a slash."""

    title: str
    url: str
    description: str
    language: str = "en"
    author: str
    authority: str | None = None
    """Who mints the tag URIs, as `domain,YYYY[-MM[-DD]]` (RFC 4151); the site's host when absent."""
    limit: int = 50
    """How many entries a feed holds."""
    news_days: int = 45
    """A new entry whose document's date lies at most so many days before the build is news, else a back issue."""
    months: tuple[str, ...] = ("en",)
    """Languages whose names of months are understood."""
    fallback: str
    """The topic of a section that no topic claims."""
    topics: tuple[Topic, ...]
    feeds: tuple[Selection, ...] = ()
    """Feeds of several topics."""
    archives: bool = True
    """Whether every feed has archives by year beside its newest entries."""
    pages: bool = True
    """Whether there are pages for people; without them permanent links lead to where others put them."""
    hub: str | None = None
    """The address of a WebSub hub."""

    def find_topic(self, name: str) -> Topic | None:
        """The topic with this id, title or alias, in any letter case."""
        wanted = name.strip().casefold()
        for topic in self.topics:
            if wanted in topic.names:
                return topic
        return None

    def topic(self, id: str) -> Topic:
        """The topic with exactly this id."""
        return next(topic for topic in self.topics if topic.id == id)


def encode_settings(settings: Settings) -> bytes:
    """Settings as bytes: the same settings give the same ones, and any process can read them."""
    return msgspec.msgpack.encode(settings)


def decode_settings(data: bytes) -> Settings:
    """The settings in such bytes."""
    return msgspec.msgpack.decode(data, type=Settings)
