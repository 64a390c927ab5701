"""How many stories each topic had over time: columns of months, or of longer spans where there are many. Pure.

Each topic is drawn as one path in a picture that stretches, so that it fits any width without script or style.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from feedgen_kusama.model import Edition
from feedgen_kusama.month_names import month_title

LEAST_COLUMNS, MOST_COLUMNS = 12, 72
MOST_MARKS = 5
"""Years named below the columns: as many as fit a telephone."""
MOST_PERIODS = 12
"""Numbers that stand for a row where it is read aloud."""
YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Years between two marks, and in a period."""
SPANS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
"""Months in a column: as few as MOST_COLUMNS allow."""
WORDS = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
HEIGHT = 24
GAP = 0.2
"""Between two columns, as a share of one."""


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many stories an edition has, by topic in the order of the settings."""

    edition: str
    stories: tuple[int, ...]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A topic in the chart: the path of its columns, and its stories in each period."""

    id: str
    title: str
    path: str
    total: int
    told: tuple[int, ...]


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """Rows that share one scale."""

    span: str
    """What a column stands for, in words."""
    columns: int
    first: str
    last: str
    most: int
    """Stories that the highest column stands for."""
    periods: tuple[str, ...]
    """Years, or spans of years."""
    marks: tuple[tuple[int, str], ...]
    """Years below the columns, with their place in percent of the width."""
    rows: tuple[Row, ...]


def draw_chart(topics: Sequence[tuple[str, str]], counts: Sequence[Count], language: str) -> Chart | None:
    """The chart of topics, each its id and title; `counts` in any order. None where nothing is published."""
    if not counts:
        return None
    months = {_month(count.edition): count.stories for count in counts}
    first, last = min(months), max(months)
    span = next((span for span in SPANS if last // span - first // span < MOST_COLUMNS), SPANS[-1])
    end = last - last % span + span
    start = min(first - first % span, end - LEAST_COLUMNS * span)
    sums = [_sums(months, topic, range(start, end, span)) for topic in range(len(topics))]
    most = max((max(column) for column in sums), default=0)
    years = 12 * _step(last // 12 - first // 12 + 1, MOST_PERIODS)
    told = [_sums(months, topic, range(first - first % years, last + 1, years)) for topic in range(len(topics))]
    return Chart(
        span=WORDS.get(span, f"{span // 12} years"),
        columns=(end - start) // span,
        first=_title(first, language),
        last=_title(last, language),
        most=most,
        periods=tuple(_periods(first, last, years // 12)),
        marks=tuple(_marks(start, end)),
        rows=tuple(
            Row(id=id, title=title, path=_path(sums[n], max(most, 1)), total=sum(sums[n]), told=tuple(told[n]))
            for n, (id, title) in enumerate(topics)
        ),
    )


def _month(edition: str) -> int:
    year, month = edition.split("-")
    return int(year) * 12 + int(month) - 1


def _title(month: int, language: str) -> str:
    return month_title(Edition(month // 12, month % 12 + 1), language)


def _sums(months: Mapping[int, tuple[int, ...]], topic: int, spans: range) -> list[int]:
    """A topic's stories in each span, of which the range gives the first months."""
    sums = [0] * len(spans)
    for month, stories in months.items():
        sums[(month - spans.start) // spans.step] += stories[topic]
    return sums


def _step(years: int, most: int) -> int:
    """A round number of years of which at most so many fill these."""
    return next(step for step in YEARS if -(-years // step) <= most)


def _periods(first: int, last: int, step: int) -> Iterator[str]:
    for start in range(first // 12 // step * step, last // 12 + 1, step):
        yield str(start) if step == 1 else f"{start} to {start + step - 1}"


def _path(sums: Sequence[int], most: int) -> str:
    """Columns from the bottom up, one unit wide each, as an SVG path."""
    heights = ((place, round(HEIGHT * count / most, 1)) for place, count in enumerate(sums) if count)
    return "".join(f"M{x + GAP / 2:.5g} {HEIGHT}v-{h:.3g}h{1 - GAP:.2g}v{h:.3g}z" for x, h in heights)


def _marks(start: int, end: int) -> Iterator[tuple[int, str]]:
    """Round years that begin within these months, but none too near the end; where none does, the first."""
    step = _step((end - start) // 12, MOST_MARKS)
    years = range(-(-start // 12 // step) * step, (end - 1) // 12 + 1, step)
    for year in years or [start // 12]:
        place = max((year * 12 - start) / (end - start), 0)
        if 0 <= place <= 0.92:
            yield year, f"{100 * place:.4g}%"
