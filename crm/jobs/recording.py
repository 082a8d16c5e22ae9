"""What every task leaves behind, in the database, so that the page of jobs can answer while the broker is away."""

import datetime as dt
import functools
import json
import time

import structlog
from celery.contrib.django.task import DjangoTask
from django.db import DatabaseError, transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


class RecordedTask(DjangoTask):
    """The task class of the whole Celery app."""

    def apply_async(self, args=None, kwargs=None, *more, headers=None, **options):
        return super().apply_async(args, kwargs, *more, headers={"asked_at": time.time(), **(headers or {})}, **options)

    def ring(self, *args, **kwargs):
        """Send, or let it be: the work is a row, and its sweep finds it when the broker is back."""
        try:
            self.delay(*args, **kwargs)
        except OperationalError as error:
            log.warning("bell not rung, the sweep will find the work", task=self.name, error=str(error))

    def delay_on_commit(self, *args, **kwargs):
        """A broker that is away must not turn what is already saved into an error page."""
        transaction.on_commit(functools.partial(self.ring, *args, **kwargs))

    def before_start(self, task_id, args, kwargs):
        self.request.began_at = time.monotonic()

    def on_success(self, retval, task_id, args, kwargs):
        began = getattr(self.request, "began_at", None)
        _note("note_success", self.name, args, kwargs, took_seconds=began and time.monotonic() - began)

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        _note(
            "note_failure", self.name, args, kwargs, error=f"{type(exc).__name__}: {exc}", traceback=str(einfo.traceback if einfo else "")
        )


def _note(how, task, args, kwargs, **told):
    from crm.jobs import services  # the Celery app is made before Django's apps are

    arguments = json.loads(json.dumps({"args": list(args), "kwargs": dict(kwargs)}, default=str))
    try:
        getattr(services, how)(task=task, arguments=arguments, at=dt.datetime.now(dt.UTC), **told)
    except DatabaseError as error:  # a note is not worth the task it is about
        log.warning("what became of a task could not be noted", task=task, error=str(error))


def recalled(tasks):
    """{task: {"worked": TaskMark | None, "failed": TaskFailure | None}} of the given task names. Two queries."""
    from crm.jobs.models import TaskFailure, TaskMark

    marks = TaskMark.objects.in_bulk(list(tasks))
    failures = {failure.task: failure for failure in TaskFailure.objects.unresolved().filter(task__in=tasks).order_by("at")}
    return {task: {"worked": marks.get(task), "failed": failures.get(task)} for task in tasks}
