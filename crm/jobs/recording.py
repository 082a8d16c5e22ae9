"""What every task leaves behind: when it was asked for, when it last worked, when it last failed. Losing it loses nothing."""

import time

from celery.contrib.django.task import DjangoTask


class RecordedTask(DjangoTask):
    """The task class of the whole Celery app."""

    def apply_async(self, args=None, kwargs=None, *more, headers=None, **options):
        return super().apply_async(args, kwargs, *more, headers={"asked_at": time.time(), **(headers or {})}, **options)

    def on_success(self, retval, task_id, args, kwargs):
        remember(self.name, "worked")

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        remember(self.name, "failed", type(exc).__name__)


def remember(task, how, error=""):
    from django.core.cache import cache

    cache.set(f"job:{how}:{task}", {"at": time.time(), "error": error}, timeout=None)


def recalled(tasks):
    """{task: {"worked": …, "failed": …}} of the given task names, in one read."""
    from django.core.cache import cache

    found = cache.get_many([f"job:{how}:{task}" for task in tasks for how in ("worked", "failed")])
    return {task: {how: found.get(f"job:{how}:{task}") for how in ("worked", "failed")} for task in tasks}
