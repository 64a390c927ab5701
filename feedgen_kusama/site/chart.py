"""How many stories each topic had over time: columns of months, or of longer spans where there are many. Pure.

Each topic is drawn as one path in a picture that stretches, so that it fits any width without script or style.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from feedgen_kusama.model import Edition
from feedgen_kusama.month_names import month_title

MOST_COLUMNS = 72
MOST_YEARS = 5
"""Years named below the columns: as many as fit a telephone."""
SPANS = (1, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
"""Months in a column: as few as MOST_COLUMNS allow."""
WORDS = {1: "month", 3: "quarter", 6: "half-year", 12: "year"}
HEIGHT = 24
GAP = 0.2
"""Between two columns, as a share of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many stories an edition has, by topic in the order of the settings."""

    edition: str
    stories: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A topic in the chart: the path of its columns, and its stories by year."""

    id: str
    title: str
    path: str
    total: int
    by_year: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Rows that share one scale. `marks` are years with their place, in percent of the width."""

    span: str
    """What a column stands for, in words."""
    columns: int
    first: str
    last: str
    most: int
    """Stories that the highest column stands for."""
    years: tuple[int, ...]
    marks: tuple[tuple[int, str], ...]
    rows: tuple[Row, ...]


def draw_chart(topics: Sequence[tuple[str, str]], counts: Sequence[Count], language: str) -> Chart | None:
    """The chart of topics, each its id and title; `counts` in any order. None where nothing is published."""
    if not counts:
        return None
    months = {_month(count.edition): count.stories for count in counts}
    first, last = min(months), max(months)
    span = next((span for span in SPANS if (last - first) // span < MOST_COLUMNS), SPANS[-1])
    start = first - first % span
    columns = (last - start) // span + 1
    years = tuple(sorted({month // 12 for month in months}))
    sums = [_sums(months, topic, start, span, columns) for topic in range(len(topics))]
    most = max(max(column) for column in sums) or 1
    by_year = [_sums(months, topic, 0, 12, last // 12 + 1) for topic in range(len(topics))]
    return Chart(
        span=WORDS.get(span, f"{span // 12} years"),
        columns=columns,
        first=_title(first, language),
        last=_title(last, language),
        most=most,
        years=years,
        marks=tuple(_marks(start, span, columns)),
        rows=tuple(
            Row(id=id, title=title, path=_path(sums[n], most), total=sum(sums[n]), by_year=tuple(by_year[n][y] for y in years))
            for n, (id, title) in enumerate(topics)
        ),
    )


def _month(edition: str) -> int:
    year, month = edition.split("-")
    return int(year) * 12 + int(month) - 1


def _title(month: int, language: str) -> str:
    return month_title(Edition(month // 12, month % 12 + 1), language)


def _sums(months: dict[int, tuple[int, ...]], topic: int, start: int, span: int, columns: int) -> list[int]:
    """A topic's stories in each column."""
    sums = [0] * columns
    for month, stories in months.items():
        sums[(month - start) // span] += stories[topic]
    return sums


def _path(sums: Sequence[int], most: int) -> str:
    """Columns from the bottom up, one unit wide each, as an SVG path."""
    heights = ((place, round(HEIGHT * count / most, 1)) for place, count in enumerate(sums) if count)
    return "".join(f"M{x + GAP / 2:.5g} {HEIGHT}v-{h:.3g}h{1 - GAP:.2g}v{h:.3g}z" for x, h in heights)


def _marks(start: int, span: int, columns: int) -> Iterator[tuple[int, str]]:
    """Years that begin within the columns, or where none does the first: evenly spaced, and none too near the end."""
    end = start + span * columns
    inside = list(range(-(-start // 12), (end - 1) // 12 + 1))
    step = -(-len(inside) // MOST_YEARS)
    for year in inside[:: max(step, 1)] or [start // 12]:
        place = max((year * 12 - start) / (span * columns), 0)
        if place <= 0.9:
            yield year, f"{100 * place:.4g}%"
