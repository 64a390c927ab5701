"""Rules for the times of a feed and its entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from operator import attrgetter

from feedgen_kusama.check.findings import Fault, Faults
from feedgen_kusama.check.parsed import Parsed, Time


def _times(document: Parsed) -> Iterable[tuple[str | None, Time]]:
    found = [(None, document.updated)]
    found += [(entry.name, time) for entry in document.entries for time in (entry.published, entry.updated)]  # type: ignore[misc]
    return ((name, time) for name, time in found if time)


def invalid_date(document: Parsed, _now: datetime) -> Faults:
    """Readers that cannot read a time take their own."""
    form = "Sat, 30 Nov 2024 12:00:00 +0000" if document.format == "rss" else "2024-11-30T12:00:00Z"
    for name, time in _times(document):
        if time.moment is None:
            yield Fault(name, f"{time.text!r} is no time: write it as {form}")


def future_date(document: Parsed, now: datetime) -> Faults:
    """No time is after the check."""
    for name, time in _times(document):
        if time.moment and time.moment > now:
            yield Fault(name, f"{time.text} lies in the future: readers keep it on top until then; look at the clock")


def _moments(document: Parsed, field: str) -> Sequence[tuple[str, datetime]]:
    times = ((entry.name, attrgetter(field)(entry)) for entry in document.entries)
    return [(name, time.moment) for name, time in times if time and time.moment]


def repeated_date(document: Parsed, _now: datetime) -> Faults:
    """Readers sort by time: equal times lose the order."""
    for field in ("published", "updated"):
        seen: dict[datetime, str] = {}
        for name, moment in _moments(document, field):
            if moment in seen:
                yield Fault(name, f"{field} at the same time as {seen[moment]!r}: keep them a second apart")
            seen[moment] = name


def wrong_order(document: Parsed, _now: datetime) -> Faults:
    """Entries stand the newest first: many readers keep the order of the file."""
    for (_, before), (name, moment) in pairwise(_moments(document, "published")):
        if moment > before:
            yield Fault(name, "stands behind an older entry: put the newest first")


def wrong_update(document: Parsed, _now: datetime) -> Faults:
    """RSS gives no entry's update: there the feed's must only not be older than its newest entry."""
    moments = [moment for field in ("published", "updated") for _, moment in _moments(document, field)]
    if not moments or not document.updated or not document.updated.moment:
        return
    newest, said = max(moments), document.updated.moment
    if said < newest or (said > newest and document.format == "atom"):
        yield Fault(None, f"updated {said.isoformat()}, but its newest entry {newest.isoformat()}: give it that time")
