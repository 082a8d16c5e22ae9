"""What a scatter is made of and what a sankey comes to as a table."""

from segmentation.reports.document import Chart, Series


def points_of(series: Series) -> list[tuple]:
    """`[(x, y, size or None)]`; a series of plain numbers is one point. Points that lack a coordinate are left out."""
    values = series.values
    points = values if values and isinstance(values[0], (tuple, list)) else (values,)
    return [(*point[:2], point[2] if len(point) > 2 else None) for point in points if len(point) > 1 and None not in point[:2]]


def unfolded(chart: Chart):
    """A sankey's origins and goals in the order they come, and `{(from, to): value}`."""
    sources, targets = tuple(dict.fromkeys(flow[0] for flow in chart.flows)), tuple(dict.fromkeys(flow[1] for flow in chart.flows))
    matrix: dict = {}
    for source, target, value in chart.flows:
        matrix[(source, target)] = matrix.get((source, target), 0) + value
    return sources, targets, matrix
