"""Times of publication and change: whole seconds, distinct over all entries, never taken back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone

UTC = timezone.utc
SECOND = timedelta(seconds=1)
FIRST_YEAR, LAST_YEAR = 1971, 2999
NOON = time(12, tzinfo=UTC)
"""A back issue is dated at noon of its day, which is that day in nearly every time zone."""


class Instants:
    """The instants that are taken; gives out free ones."""

    def __init__(self, taken: set[datetime]) -> None:
        self._taken = set(taken)
        self._below: dict[datetime, datetime] = {}

    def take_before(self, wanted: datetime) -> datetime:
        """The latest free instant that is not after `wanted`."""
        moment = self._below.get(wanted, wanted)
        while moment in self._taken:
            moment -= SECOND
        self._taken.add(moment)
        self._below[wanted] = moment - SECOND  # nothing between is free any more, nor becomes so
        return moment

    def take_run(self, end: datetime, count: int, *, after: datetime | None) -> list[datetime]:
        """`count` free instants, latest first: the last ones up to `end` that are later than `after`,
        and where these are too few the next ones to come."""
        run: list[datetime] = []
        moment = end
        while len(run) < count and (after is None or moment > after):
            if moment not in self._taken:
                run.append(moment)
            moment -= SECOND
        moment = end if after is None else max(end, after)
        while len(run) < count:
            moment += SECOND
            if moment not in self._taken:
                run.append(moment)
        self._taken.update(run)
        return sorted(run, reverse=True)


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
