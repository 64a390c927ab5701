"""One best assignment between two sides (the Hungarian method with shortest augmenting paths)."""

from __future__ import annotations

from collections.abc import Sequence


def best_assignment(gains: Sequence[Sequence[float]]) -> list[int | None]:
    """For each row the column it is given so that the sum of gains is greatest; None where the gain would be
    zero or less. `gains` is a matrix of any shape; O(rows² · columns)."""
    if not gains or not gains[0]:
        return [None] * len(gains)
    rows, columns = len(gains), len(gains[0])
    # A private column of gain 0 for each row: to stay without a mate is always possible.
    costs = [[-gain for gain in row] + [0.0] * rows for row in gains]
    width = columns + rows
    potential_row, potential_column = [0.0] * (rows + 1), [0.0] * (width + 1)
    mate = [0] * (width + 1)  # mate[column] is its row; both count from 1, 0 is none
    for row in range(1, rows + 1):
        _augment(costs, row, mate, potential_row, potential_column)
    found: list[int | None] = [None] * rows
    for column in range(1, columns + 1):
        row = mate[column]
        if row and gains[row - 1][column - 1] > 0:
            found[row - 1] = column - 1
    return found


def _augment(
    costs: Sequence[Sequence[float]], row: int, mate: list[int], potential_row: list[float], potential_column: list[float]
) -> None:
    """Give `row` a column by the cheapest chain of exchanges."""
    width = len(mate) - 1
    mate[0] = row
    column = 0
    least = [float("inf")] * (width + 1)
    came_from = [0] * (width + 1)
    used: list[int] = []
    free = set(range(1, width + 1))
    while mate[column]:
        used.append(column)
        free.discard(column)
        current = mate[column]
        for other in free:
            cost = costs[current - 1][other - 1] - potential_row[current] - potential_column[other]
            if cost < least[other]:
                least[other], came_from[other] = cost, column
        following = min(free, key=lambda other: (least[other], other))
        delta = least[following]
        for other in used:
            potential_row[mate[other]] += delta
            potential_column[other] -= delta
        for other in free:
            least[other] -= delta
        column = following
    while column:
        mate[column] = mate[came_from[column]]
        column = came_from[column]
