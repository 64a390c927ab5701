"""Times of publication and change: whole seconds, distinct over all entries, never taken back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone

UTC = timezone.utc
SECOND = timedelta(seconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_YEAR, LAST_YEAR = 1971, 2999
NOON = time(12, tzinfo=UTC)
"""A back issue is dated at noon of its day, which is that day in nearly every time zone."""


class Instants:
    """The instants that are taken; gives out free ones. Those `beside` are in seconds."""

    def __init__(self, taken: Iterable[datetime], beside: Iterable[int] = ()) -> None:
        self._taken = set(beside)
        self._taken.update(map(to_seconds, taken))
        self._below: dict[int, int] = {}

    def take_before(self, wanted: datetime) -> datetime:
        """The latest free instant that is not after `wanted`."""
        start = to_seconds(wanted)
        moment = self._below.get(start, start)
        while moment in self._taken:
            moment -= 1
        self._taken.add(moment)
        self._below[start] = moment - 1  # nothing between is free any more, nor becomes so
        return from_seconds(moment)

    def take_run(self, end: datetime, count: int, *, after: datetime | None) -> list[datetime]:
        """`count` free instants, latest first: the last ones up to `end` that are later than `after`,
        and where these are too few the next ones to come."""
        run: list[int] = []
        moment, least = to_seconds(end), None if after is None else to_seconds(after)
        while len(run) < count and (least is None or moment > least):
            if moment not in self._taken:
                run.append(moment)
            moment -= 1
        moment = to_seconds(end if after is None else max(end, after))
        while len(run) < count:
            moment += 1
            if moment not in self._taken:
                run.append(moment)
        self._taken.update(run)
        return [from_seconds(moment) for moment in sorted(run, reverse=True)]


def to_seconds(moment: datetime) -> int:
    """A moment as whole seconds since 1970."""
    return int(moment.timestamp())


def from_seconds(seconds: int) -> datetime:
    """The moment of so many seconds since 1970."""
    return EPOCH + seconds * SECOND


def at_noon(day: date) -> datetime:
    """The instant at which a back issue of a day is dated."""
    return datetime.combine(day, NOON)


def whole_second(moment: datetime) -> datetime:
    """The moment in UTC without its fraction. Raises ValueError for a naive one, and for one that no clock shows."""
    if moment.tzinfo is None:
        raise ValueError("a time without a time zone")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"the year {moment.year}: write one from {FIRST_YEAR} to {LAST_YEAR}")
    return moment.astimezone(UTC).replace(microsecond=0)
