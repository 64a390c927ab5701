"""The chart of stories by topic: few months and many, gaps, and what is read aloud."""

from __future__ import annotations

import re

import pytest

from feedgen_kusama.site.chart import HEIGHT, LEAST_COLUMNS, MOST_COLUMNS, MOST_MARKS, MOST_PERIODS, Chart, Count, draw_chart

TOPICS = [("market", "Market"), ("outlook", "Outlook")]


def chart(first: str, months: int, *, every: int = 1) -> Chart:
    """A chart of so many months, each with one story of the one topic and up to two of the other."""
    year, month = map(int, first.split("-"))
    start = year * 12 + month - 1
    counts = [Count(edition=f"{m // 12:04d}-{m % 12 + 1:02d}", stories=(1, m % 3)) for m in range(start, start + months, every)]
    drawn = draw_chart(TOPICS, counts[::-1], "en")
    assert drawn
    return drawn


def columns(path: str) -> list[tuple[float, float]]:
    """Each column's place and height."""
    return [(float(x), float(h)) for x, h in re.findall(rf"M([\d.]+) {HEIGHT}v-([\d.]+)h", path)]


@pytest.mark.parametrize(
    ("first", "months", "span"),
    [("2024-01", 1, "month"), ("2019-11", 65, "month"), ("2010-03", 120, "quarter"), ("1985-07", 500, "year"),
     ("1500-04", 6500, "10 years")],
)  # fmt: skip
def test_columns_fit_whatever_the_number_of_months(first: str, months: int, span: str) -> None:
    drawn = chart(first, months)
    assert drawn.span == span
    assert LEAST_COLUMNS <= drawn.columns <= MOST_COLUMNS + 1
    assert len(drawn.periods) <= MOST_PERIODS + 1
    assert 1 <= len(drawn.marks) <= MOST_MARKS + 1
    for row in drawn.rows:
        assert all(0 <= x < drawn.columns and 0 < h <= HEIGHT for x, h in columns(row.path))
        assert sum(row.told) == row.total
    assert max(h for row in drawn.rows for _, h in columns(row.path)) == (HEIGHT if drawn.most else 0)


def test_a_month_without_a_document_is_a_gap() -> None:
    drawn = chart("2023-01", 24, every=6)
    assert [round(x - 0.1) for x, _ in columns(drawn.rows[0].path)] == [0, 6, 12, 18]


def test_heights_are_in_proportion_and_the_same_in_all_rows() -> None:
    counts = [Count(edition="2024-01", stories=(1, 4)), Count(edition="2024-02", stories=(2, 0))]
    drawn = draw_chart(TOPICS, counts, "en")
    assert drawn
    assert (drawn.first, drawn.last, drawn.most) == ("January 2024", "February 2024", 4)
    assert [h for _, h in columns(drawn.rows[0].path)] == [HEIGHT / 4, HEIGHT / 2]
    assert [h for _, h in columns(drawn.rows[1].path)] == [HEIGHT]


def test_years_are_marked_where_they_begin_and_round_where_there_are_many() -> None:
    assert chart("2023-07", 18).marks == ((2024, "33.33%"),)
    assert [year for year, _ in chart("1985-07", 500).marks] == [1990, 2000, 2010, 2020]


def test_of_nothing_there_is_no_chart() -> None:
    assert draw_chart(TOPICS, [], "en") is None
