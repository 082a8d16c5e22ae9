"""What is noted of tasks, and what a person may do about those that failed."""

import datetime as dt

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.jobs.models import TaskFailure, TaskMark
from crm.jobs.rules import signature_of, without_rows
from crm.people.errors import AlreadyDone

KEEP_FOR = dt.timedelta(days=30)
LONGEST_TRACEBACK = 20_000


def note_success(*, task, arguments, took_seconds, at) -> None:
    """The task worked; what stood against these arguments is thereby settled. Two statements."""
    mark = TaskMark(task=task, worked_at=at, took_seconds=took_seconds)
    TaskMark.objects.bulk_create([mark], update_conflicts=True, unique_fields=["task"], update_fields=["worked_at", "took_seconds"])
    TaskFailure.objects.unresolved().filter(signature=signature_of(task, arguments)).update(resolved_at=at)


@transaction.atomic
def note_failure(*, task, arguments, error, traceback, at) -> TaskFailure:
    """The same task failing again with the same arguments is one row that counts."""
    signature, error = signature_of(task, arguments), without_rows(error)[:300]
    told = {
        "error": error,
        "traceback": without_rows(traceback)[-LONGEST_TRACEBACK:],
        "at": at,
        "retry_asked_at": None,
        "retry_sent_at": None,
    }
    failure, is_new = TaskFailure.objects.select_for_update().get_or_create(
        signature=signature, resolved_at=None, defaults={"task": task, "arguments": arguments, "first_at": at} | told
    )
    if not is_new:
        TaskFailure.objects.filter(pk=failure.pk).update(times=F("times") + 1, **told)
        failure.refresh_from_db()
    return failure


@transaction.atomic
def retry(*, failure, by, at) -> TaskFailure:
    """Ask for another try. The wish is a row: it is sent when the broker answers, once. Asked before, or settled: `AlreadyDone`."""
    if not TaskFailure.objects.unresolved().filter(pk=failure.pk, retry_asked_at=None).update(retry_asked_at=at, retry_asked_by=by):
        failure.refresh_from_db()
        settled = _("This failure is settled: the task has worked since.")
        raise AlreadyDone(settled if failure.resolved_at else _("Another try is already asked for."))
    record(by=by, did="asked for a retry", on=failure, task=failure.task)
    failure.refresh_from_db()
    return failure


@transaction.atomic
def put_away(*, failure, by, at) -> TaskFailure:
    """It needs no retry: taken off the page."""
    if not TaskFailure.objects.unresolved().filter(pk=failure.pk).update(resolved_at=at):
        raise AlreadyDone(_("This failure is settled: the task has worked since."))
    record(by=by, did="put away a failure", on=failure, task=failure.task)
    failure.refresh_from_db()
    return failure


def to_retry() -> list:
    """Retries asked for and not yet sent: `[(pk, task, arguments)]`."""
    asked = TaskFailure.objects.unresolved().filter(retry_sent_at=None).exclude(retry_asked_at=None)
    return list(asked.order_by("pk").values_list("pk", "task", "arguments")[:100])


def claim_retry(*, pk, at) -> bool:
    """True for the one who sends it."""
    return bool(TaskFailure.objects.filter(pk=pk, retry_sent_at=None).update(retry_sent_at=at))


def unclaim_retry(*, pk) -> None:
    """The broker did not take it: the next sweep tries."""
    TaskFailure.objects.filter(pk=pk).update(retry_sent_at=None)


def forget(*, at) -> int:
    """Failures settled, or not heard of, for a month."""
    long_ago = at - KEEP_FOR
    return TaskFailure.objects.filter(Q(resolved_at__lt=long_ago) | Q(at__lt=long_ago)).delete()[0]
