"""What a scatter is made of and what a sankey comes to as a table."""

from dataclasses import dataclass

from segmentation.reports.document import Chart


@dataclass(frozen=True)
class Point:
    name: str
    x: float
    y: float
    size: float | None = None


def points_of(chart: Chart) -> dict[str, list[Point]]:
    """`{key of the colour: points}`; each series of a scatter is one point (x, y, size) under its name. A point that lacks a coordinate is left out."""
    groups: dict[str, list[Point]] = {}
    for series in chart.series:
        x, y, size = (*series.values, None, None, None)[:3]
        if x is not None and y is not None:
            groups.setdefault(series.key, []).append(Point(series.label, x, y, size))
    return groups


def axes_of(chart: Chart) -> tuple[str, str, str]:
    """What a scatter's axes and the size of its points are called."""
    across, up, size = (*chart.categories, "", "", "")[:3]
    return across, up, size


def unfolded(chart: Chart):
    """A sankey's origins and goals, in the order of its categories or as they come, and `{(from, to): value}`."""
    order = {name: place for place, name in enumerate(chart.categories)}
    sources, targets = (
        tuple(sorted(dict.fromkeys(flow[side] for flow in chart.flows), key=lambda name: order.get(str(name), len(order))))
        for side in (0, 1)
    )
    matrix: dict = {}
    for source, target, value in chart.flows:
        matrix[(source, target)] = matrix.get((source, target), 0) + value
    return sources, targets, matrix
