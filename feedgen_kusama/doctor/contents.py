"""Rules for what a publication tells readers, and whom it lets in."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from feedgen_kusama.check.fetch import ABSENT, MEDIA
from feedgen_kusama.check.parsed import Parsed, folder_of, path_below
from feedgen_kusama.doctor.findings import Fault, Faults
from feedgen_kusama.doctor.observed import READERS, Announced, Observations, Page
from feedgen_kusama.web.answers import Answer
from feedgen_kusama.web.places import is_public, parse_place

OLDEST = timedelta(days=70)
"""How old the newest entry of monthly news may be: a month, and its document late by another."""
ANNOUNCED = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
"""As what a page announces a format."""


def barred_reader(seen: Observations, _now: datetime) -> Faults:
    """Readers are let in, whatever they are called."""
    for name, outcome in seen.readers.items():
        if isinstance(outcome, Answer) and outcome.status not in (200, 304) and _is_served(seen, outcome.address):
            yield Fault(outcome.address, f"{name} is answered with {outcome.status} {outcome.reason}".rstrip())


def _is_served(seen: Observations, address: str) -> bool:
    return any(answer.address == address for _, answer in seen.served())


def barred_robot(seen: Observations, _now: datetime) -> Faults:
    """Some readers heed `robots.txt` (RFC 9309)."""
    rules = RobotFileParser()
    rules.parse(seen.robots.splitlines())
    for address, _ in seen.heads():
        barred = [name for name in ("*", *READERS) if not rules.can_fetch(name, address)]
        if barred:
            yield Fault(address, f"robots.txt keeps out {'everyone' if '*' in barred else ', '.join(barred)}")


def poor_discovery(seen: Observations, _now: datetime) -> Faults:
    """A page announces its feeds: that of its own folder first, each as what it is, and each is there."""
    for page in seen.pages:
        if not page.announced:
            yield Fault(page.address, 'announces no feed: <link rel="alternate" type="application/atom+xml" href="…">')
        else:
            yield from _wrong_order(seen, page)
    for address, media in dict.fromkeys(found for page in seen.pages for found in page.announced):
        yield from _wrong_announcement(seen, Announced(address, media))


def _wrong_order(seen: Observations, page: Page) -> Faults:
    here = folder_of(page.address)
    if folder_of(page.announced[0].address) != here and any(folder_of(address) == here for address, _ in seen.heads()):
        yield Fault(page.address, f"announces {page.announced[0].address} before its own feed")


def _wrong_announcement(seen: Observations, announced: Announced) -> Faults:
    trip = seen.trips.get(announced.address)
    document = seen.documents.get(path_below(announced.address, seen.site) or "")
    if trip and isinstance(trip.end, Answer) and trip.end.status in ABSENT:
        yield Fault(announced.address, f"is announced, but answers {trip.end.status}")
    elif document and document.is_feed and announced.media not in _media_of(document):
        yield Fault(announced.address, f"is announced as {announced.media}, but is {ANNOUNCED[document.format]}")


def _media_of(document: Parsed) -> frozenset[str]:
    """As what a page may announce a document: what readers look for, which XML alone is not."""
    return MEDIA[document.format] - MEDIA["rss"].intersection(MEDIA["atom"])


def stale(seen: Observations, now: datetime) -> Faults:
    """There is news now and then."""
    for address, document in seen.heads():
        newest = newest_entry(document)
        if newest and now - newest > OLDEST and folder_of(address) == seen.site:
            yield Fault(address, f"its newest entry is of {newest:%Y-%m-%d}, {(now - newest).days} days ago")


def newest_entry(document: Parsed) -> datetime | None:
    """When the newest entry was published; None where there is none."""
    moments = (entry.published.moment for entry in document.entries if entry.published)
    return max(filter(None, moments), default=None)


def poor_hub(seen: Observations, _now: datetime) -> Faults:
    """A hub is asked for by everyone, over https. One on the site's own host is reached by whoever reaches the site:
    so a publication is tried out on one machine."""
    for address, document in seen.heads():
        for hub in (link for rel, link in document.links if rel == "hub"):
            if urlsplit(hub).hostname == urlsplit(seen.site).hostname:
                continue
            if not hub.startswith("https://"):
                yield Fault(address, f"names the hub {hub}, which is not https")
            elif not _is_reachable(hub):
                yield Fault(address, f"names the hub {hub}, which nobody else can reach")


def _is_reachable(address: str) -> bool:
    try:
        host = parse_place(address).host
    except ValueError:
        return False
    try:
        return is_public(host)
    except ValueError:
        return host.rpartition(".")[2] != "localhost"
