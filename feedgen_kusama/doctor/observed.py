"""What was seen of a live publication, as values: the rules judge nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from feedgen_kusama.check.parsed import Parsed
from feedgen_kusama.web.answers import Answer, Certificate, Outcome, Trip

READERS = ("Feedly/1.0", "FreshRSS/1.20", "NewsBlur Feed Fetcher")
"""What feed readers call themselves: as these, too, a feed is asked for."""
EMBEDDED = ("embed.js", "fragment.html", "feed.json")
"""What pages of other sites load."""
ORIGIN = "https://another-site.example"
"""The site whose pages load it."""


class Announced(NamedTuple):
    """A feed that a page announces: its address, absolute, and the media type that the page gives it."""

    address: str
    media: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page and the feeds it announces, in its order."""

    address: str
    announced: tuple[Announced, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A document asked for in all ways in which readers ask."""

    first: Answer
    head: Outcome
    """By HEAD, uncompressed."""
    plain: Outcome
    """Uncompressed, as a page of another site asks for it."""
    again: Outcome | None
    """If it has changed; None where it has neither ETag nor Last-Modified."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observations:
    """All of it. Addresses are the keys of trips and probes, paths below the site those of files and documents."""

    asked: str
    site: str
    trips: Mapping[str, Trip]
    files: Mapping[str, bytes]
    documents: Mapping[str, Parsed]
    linked: frozenset[str]
    """The pages that feeds lead to."""
    pages: tuple[Page, ...]
    probes: Mapping[str, Probe]
    readers: Mapping[str, Outcome]
    """What readers are answered that call themselves so."""
    robots: str
    """What `robots.txt` says; empty where there is none."""
    other: Trip | None
    """The first document asked for over http instead of https, or the other way round; None if its port is unusual."""
    certificates: tuple[Certificate, ...]
    requests: int

    def served(self) -> Iterator[tuple[str, Answer]]:
        """The documents' and pages' addresses and answers, where they were had."""
        return ((address, trip.answer) for address, trip in self.trips.items() if trip.answer and self.is_own(address))

    def heads(self) -> Iterator[tuple[str, Parsed]]:
        """The feeds that readers subscribe to, by address."""
        return ((self.site + path, found) for path, found in self.documents.items() if found.is_feed and not found.is_archive)

    def is_own(self, address: str) -> bool:
        """Whether an address belongs to the publication."""
        return address == self.asked or address.startswith(self.site)
