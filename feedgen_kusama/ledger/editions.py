"""Whole months as entries: their identity is the month, their words those of all its stories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from feedgen_kusama.ledger.clock import Instants
from feedgen_kusama.ledger.records import Record, digest_stories
from feedgen_kusama.model import EDITIONS


def reconcile_editions(
    records: Sequence[Record],
    stories: Iterable[Record],
    headlines: Mapping[str, str],
    now: datetime,
    authority: str,
    *,
    settled: Collection[str] = (),
) -> tuple[Record, ...]:
    """The records of all editions, from their old ones and the records of all stories.

    An edition is published when its newest story first was, and updated when the words of its
    stories change, or one is added or removed. One without stories is retracted. The `settled` stay as they are.
    """
    known = {record.edition: record for record in records}
    months: dict[str, list[Record]] = defaultdict(list)
    for story in stories:
        if story.retracted is None and story.edition not in settled:
            months[story.edition].append(story)
    instants = Instants({time for r in records for time in (r.published, r.updated)})
    found = []
    for edition in sorted({*known, *months}, reverse=True):
        old = known.get(edition)
        if old is not None and edition in settled:
            found.append(old)
        elif edition in months:
            found.append(_continue(old, _new(edition, months[edition], headlines.get(edition, ""), authority), now, instants))
        elif old is not None:
            found.append(old if old.retracted else msgspec.structs.replace(old, retracted=now))
    return tuple(found)


def _new(edition: str, stories: Sequence[Record], headline: str, authority: str) -> Record:
    """The record of an edition published for the first time."""
    ordered = sorted(stories, key=lambda record: (record.source, record.position))
    published = max(record.published for record in ordered)
    return Record(
        edition=edition,
        slug="",
        id=f"tag:{authority}:{EDITIONS}/{edition}",
        title=headline,
        topic=EDITIONS,
        published=published,
        updated=max(record.updated for record in ordered),
        digest=digest_stories(record.digest for record in ordered),
        source="",
        position=0,
        text="",
    )


def _continue(old: Record | None, new: Record, now: datetime, instants: Instants) -> Record:
    if old is None:
        published = instants.take_before(new.published)
        return msgspec.structs.replace(new, published=published, updated=published)
    if old.is_forgotten:
        published = instants.take_before(new.published)
        updated = published if new.updated <= published else instants.take_run(new.updated, 1, after=published)[0]
        return msgspec.structs.replace(new, id=old.id, published=published, updated=updated)
    if old.digest in (new.digest, ""):  # rebuilt from what was published, an edition does not know its stories' words
        return msgspec.structs.replace(old, title=new.title, digest=new.digest, retracted=None)
    updated = instants.take_run(max(now, new.updated), 1, after=old.updated)[0]
    return msgspec.structs.replace(old, title=new.title, digest=new.digest, updated=updated, retracted=None)
