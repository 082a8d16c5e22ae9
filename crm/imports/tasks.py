"""The bells of imports. The row is the truth: a lost bell is rung again by `sweep`."""

from celery import shared_task
from django.utils import timezone

from crm.imports import services


@shared_task(queue="heavy")
def check(batch_id):
    services.check(batch_id=batch_id)


@shared_task(queue="heavy")
def load(batch_id):
    services.load(batch_id=batch_id)


@shared_task
def sweep():
    to_check, to_load = services.waiting(at=timezone.now())
    for batch_id in to_check:
        check.delay(batch_id)
    for batch_id in to_load:
        load.delay(batch_id)
