"""An id in, one service out, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from segmentation.runs import services


@shared_task(name="segmentation.runs.tasks.recompute")
def recompute(run_id: int):
    """Busy is no failure: the run stays waiting and the sweep rings again."""
    try:
        services.recompute(run_id=run_id, clock=timezone.now)
    except services.Busy:
        return


@shared_task(name="segmentation.runs.tasks.sweep", ignore_result=True)
def sweep():
    run_id = services.sweep(at=timezone.now())
    if run_id is not None:
        recompute.apply_async([run_id], expires=60)


@shared_task(name="segmentation.runs.tasks.regroup")
def regroup(request_id: int):
    """Busy is no failure: the request stays waiting and the sweep rings again."""
    try:
        services.regroup(request_id=request_id, clock=timezone.now)
    except services.Busy:
        return


@shared_task(name="segmentation.runs.tasks.sweep_groups", ignore_result=True)
def sweep_groups():
    """Requests whose bell was lost, and groups whose worker died before they were in force."""
    request_id = services.waiting_request()
    if request_id is not None:
        regroup.apply_async([request_id], expires=60)
        return
    try:
        services.settle_groups()
    except services.Busy:
        return


@shared_task(name="segmentation.runs.tasks.recompute_nightly")
def recompute_nightly():
    """As of today; skipped with a line in the log when another run is not finished."""
    at = timezone.now()
    try:
        run = services.ask(as_of=timezone.localtime(at).date(), by=None, at=at)
    except services.Refused as refusal:
        services.log.warning("nightly recompute skipped: %s", refusal)
        return
    recompute.delay(run.pk)


@shared_task(name="segmentation.runs.tasks.seat_new_accounts")
def seat_new_accounts():
    services.seat_new_accounts()
