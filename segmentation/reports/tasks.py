"""The bells of reports. The row is the truth: a lost bell is rung again by `sweep`."""

from celery import shared_task
from django.utils import timezone

from segmentation.reports import services


@shared_task(queue="heavy")
def generate(report_id):
    services.generate(report_id=report_id)


@shared_task
def sweep():
    now = timezone.now()
    for report_id in services.waiting(at=now):
        generate.apply_async([report_id], expires=60)
    services.tell_due(at=now)
    services.forget(at=now)


@shared_task
def make_due():
    now = timezone.now()
    for report_id in services.make_due(at=now, on=timezone.localdate(now)):
        generate.ring(report_id)
