"""The clockwork of jobs: retries that people asked for are sent when the broker takes them."""

from celery import current_app, shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from crm.jobs import services


@shared_task
def sweep():
    now = timezone.now()
    for pk, task, arguments in services.to_retry():
        send(pk, task, arguments, at=now)
    services.forget(at=now)


def send(pk, task, arguments, *, at) -> bool:
    """Send one retry; False when it was sent already, its task is no more, or the broker is away (then the sweep tries again)."""
    if task not in current_app.tasks or not services.claim_retry(pk=pk, at=at):
        return False
    try:
        current_app.tasks[task].apply_async(arguments["args"], arguments["kwargs"])
    except OperationalError:
        services.unclaim_retry(pk=pk)
        return False
    return True
