"""The tasks of this wing, where Celery looks for them."""

from segmentation.runs import tasks as runs
from segmentation.studio import tasks as studio

__all__ = ["runs", "studio"]
