"""The bells of exports. The row is the truth: a lost bell is rung again by `sweep`."""

from celery import shared_task
from django.utils import timezone

from crm.exports import services


@shared_task
def write(export_id):
    services.write(export_id=export_id)


@shared_task
def sweep():
    now = timezone.now()
    for export_id in services.waiting(at=now):
        write.delay(export_id)
    services.forget(at=now)
