"""Old records and new drafts in; entries, new records and a plan out. Pure: `now` is an argument.

Identity: a draft is given the record it most likely continues, as one best assignment over the
edition. Time: `published` is set once, by the rules of the two clocks; `updated` moves only when
words change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property

import msgspec

from feedgen_kusama.ledger.clock import Instants, at_noon
from feedgen_kusama.ledger.matching import match
from feedgen_kusama.ledger.placed import Placed
from feedgen_kusama.ledger.plan import Change, Duplicate, Plan
from feedgen_kusama.ledger.records import Record, newest_time, reading_order
from feedgen_kusama.ledger.shelves import NOTHING, Closed, minted_in
from feedgen_kusama.model import Edition

LONGEST_SLUG = 60


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The settings that decide on identity and time."""

    authority: str
    """Who mints the tag URIs: `domain,date` (RFC 4151)."""
    news_days: int = 45


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What a reconciliation decided. `live` is in reading order; `records` holds all, retracted ones too."""

    live: tuple[Record, ...]
    records: tuple[Record, ...]
    plan: Plan


def reconcile(
    records: Sequence[Record],
    drafts: Sequence[Placed],
    now: datetime,
    rules: Rules,
    *,
    held: frozenset[str] = frozenset(),
    settled: frozenset[str] = frozenset(),
    closed: Closed = NOTHING,
) -> Outcome:
    """Decide which record each draft continues and what becomes of the rest.

    `drafts` are ordered by edition, source and place. Records whose source is in `held` (documents
    that cannot be read now) stay as they are, unless their words turn up in another document. Live records
    of `settled` editions (whose documents and records are what they were) go on as they are, without drafts; so do
    those of editions that are `closed`, which are not among the records at all, nor in the outcome but for their number.
    """
    resting = [r for r in records if r.edition in settled and r.retracted is None]
    moving = [r for r in records if r.edition not in settled or r.retracted is not None] if resting else records
    drafts, duplicates = _without_duplicates(drafts)
    waiting = {r.id for r in moving if r.source in held and r.retracted is None}
    mates = {id(placed): record for record, placed in match(moving, drafts, waiting)}
    past = _Past(records=records, closed=closed)
    pairs = _continue_or_mint(drafts, mates, past, now, rules)
    matched = {record.id for record in mates.values()}
    waiting -= matched
    when = max(now, past.newest or now)
    gone = [r for r in moving if r.id not in matched and r.id not in waiting]
    pairs += [(r, r if r.retracted else msgspec.structs.replace(r, retracted=when)) for r in gone]
    still = [*resting, *(r for r in moving if r.id in waiting)]
    return _outcome(pairs, still, duplicates, held=len(still) - len(resting), closed=closed.count)


class _Past(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All that was ever published: what was read of it, and what was not."""

    records: Sequence[Record]
    closed: Closed

    @cached_property
    def newest(self) -> datetime | None:
        """The latest instant that it proves to have passed."""
        found = (newest_time(self.records), self.closed.newest)
        return max((moment for moment in found if moment is not None), default=None)

    @property
    def is_empty(self) -> bool:
        return not self.records and not self.closed.shelves

    def instants(self) -> Instants:
        """The instants that it has taken."""
        return Instants({time for r in self.records for time in (r.published, r.updated)}, self.closed.times)

    def slugs(self) -> _Slugs:
        """The slugs that it has taken."""
        return _Slugs(self.records, self.closed.strays)


def _continue_or_mint(
    drafts: Sequence[Placed], mates: Mapping[int, Record], past: _Past, now: datetime, rules: Rules
) -> list[tuple[Record | None, Record]]:
    """Every draft's old record, if it has one, and its new one."""
    published, updated = _times(drafts, mates, past, now, rules)
    slugs = past.slugs() if published else None
    pairs: list[tuple[Record | None, Record]] = []
    for placed in drafts:
        old = mates.get(id(placed))
        if old is not None:
            first = published.get(id(placed), old.published)
            pairs.append((old, _continue(old, placed, first, updated.get(id(placed), old.updated))))
        elif slugs is not None:
            pairs.append((None, _mint(placed, slugs.mint(placed), published[id(placed)], rules)))
    return pairs


def _outcome(
    pairs: Sequence[tuple[Record | None, Record]],
    still: Sequence[Record],
    duplicates: Sequence[Duplicate],
    *,
    held: int,
    closed: int,
) -> Outcome:
    """The outcome of entries with an old and a new record, and of those that stay as they are (some of them held)."""
    changes = [Change.between(old, new) for old, new in pairs if old is None or new.retracted is None or not old.retracted]
    live = sorted((*still, *(new for _, new in pairs if new.retracted is None)), key=reading_order)
    plan = Plan(
        changes=tuple(change for change in changes if change.verb != "unchanged"),
        unchanged=closed + len(still) + sum(1 for change in changes if change.verb == "unchanged"),
        duplicates=tuple(duplicates),
        held=held,
    )
    return Outcome(live=tuple(live), records=(*live, *(new for _, new in pairs if new.retracted is not None)), plan=plan)


def _times(
    drafts: Sequence[Placed], mates: Mapping[int, Record], past: _Past, now: datetime, rules: Rules
) -> tuple[Mapping[int, datetime], Mapping[int, datetime]]:
    """When each draft is published that is new, or of which only a tombstone is known; and each whose words changed updated."""
    instants, newest = past.instants(), past.newest
    new = [p for p in drafts if id(p) not in mates or mates[id(p)].is_forgotten]
    changed = [p for p in drafts if id(p) in mates and mates[id(p)].digest != p.digest]
    published = _publication_times(new, now, newest, instants, rules, is_first=past.is_empty)
    updated = instants.take_run(now, len(changed), after=newest)
    return published, dict(zip(map(id, changed), updated, strict=True))


def _without_duplicates(drafts: Sequence[Placed]) -> tuple[list[Placed], list[Duplicate]]:
    """The drafts, of those with the same words in one month only the first."""
    first: dict[tuple[Edition, str], Placed] = {}
    duplicates = []
    for placed in drafts:
        kept = first.setdefault((placed.edition, placed.digest), placed)
        if kept is not placed:
            duplicates.append(Duplicate(placed=placed, kept=kept))
    return list(first.values()), duplicates


def _publication_times(
    drafts: Sequence[Placed], now: datetime, newest: datetime | None, instants: Instants, rules: Rules, *, is_first: bool
) -> Mapping[int, datetime]:
    """When each new draft is published: news at the time of this build, a back issue at its document's date."""
    reading = sorted(drafts, key=lambda p: (p.edition, p.source, p.position))
    reading.sort(key=lambda p: p.edition, reverse=True)  # stable: the latest edition first, each in reading order
    is_news = {id(p): not is_first and _is_news(p.date, now, rules) for p in reading}
    news = [p for p in reading if is_news[id(p)]]
    times = dict(zip(map(id, news), instants.take_run(now, len(news), after=newest), strict=True))
    for placed in reading:
        if not is_news[id(placed)]:
            times[id(placed)] = instants.take_before(min(at_noon(placed.date), now))
    return times


def _is_news(day: date, now: datetime, rules: Rules) -> bool:
    return day >= (now - timedelta(days=rules.news_days)).date()


def _continue(old: Record, placed: Placed, published: datetime, updated: datetime) -> Record:
    return msgspec.structs.replace(
        old,
        edition=str(placed.edition),
        title=placed.title,
        topic=placed.topic,
        source=placed.source,
        position=placed.position,
        text=placed.text,
        digest=placed.digest,
        published=published,
        updated=updated,
        look=placed.look,
        retracted=None,
    )


def _mint(placed: Placed, slug: str, published: datetime, rules: Rules) -> Record:
    return Record(
        edition=str(placed.edition),
        slug=slug,
        id=f"tag:{rules.authority}:{placed.edition}/{slug}",
        title=placed.title,
        topic=placed.topic,
        published=published,
        updated=published,
        digest=placed.digest,
        source=placed.source,
        position=placed.position,
        text=placed.text,
        look=placed.look,
    )


class _Slugs:
    """Gives out slugs, each once an edition for ever."""

    def __init__(self, records: Iterable[Record], strays: Iterable[tuple[str, str]]) -> None:
        self._taken: dict[str, set[str]] = defaultdict(set)
        for record in records:
            self._taken[record.edition].add(record.slug)
            self._taken[minted_in(record)].add(record.slug)
        for edition, slug in strays:
            self._taken[edition].add(slug)

    def mint(self, placed: Placed) -> str:
        taken = self._taken[str(placed.edition)]
        from slugify import slugify  # only a new entry needs it

        stem = slugify(placed.title, max_length=LONGEST_SLUG, word_boundary=True) or "story"
        slug, number = stem, 1
        while slug in taken:
            number += 1
            slug = f"{stem}-{number}"
        taken.add(slug)
        return slug
