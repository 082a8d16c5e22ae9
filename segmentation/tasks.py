"""The tasks of this wing, where Celery looks for them."""

from segmentation.churn import tasks as churn
from segmentation.runs import tasks as runs

__all__ = ["churn", "runs"]
