"""The tasks of this wing, where Celery looks for them."""

from segmentation.churn import tasks as churn
from segmentation.reports import tasks as reports
from segmentation.runs import tasks as runs
from segmentation.segments import tasks as segments
from segmentation.studio import tasks as studio

__all__ = [
    "churn",
    "reports",
    "runs",
    "segments",
    "studio",
]
