"""An id in, one service out, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from segmentation.churn import services


@shared_task(name="segmentation.churn.tasks.train")
def train(model_id: int):
    services.claim_and_train(model_id=model_id, clock=timezone.now)


@shared_task(name="segmentation.churn.tasks.sweep", ignore_result=True)
def sweep():
    model_id = services.sweep(at=timezone.now())
    if model_id is not None:
        train.apply_async([model_id], expires=60)
