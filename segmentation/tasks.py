"""The tasks of this wing, where Celery looks for them."""

from segmentation.runs import tasks as runs

__all__ = ["runs"]
