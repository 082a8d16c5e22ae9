"""An id in, one service out, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from segmentation.studio import services


@shared_task(name="segmentation.studio.tasks.simulate")
def simulate(simulation_id: int):
    services.work(simulation_id=simulation_id, clock=timezone.now)


@shared_task(name="segmentation.studio.tasks.sweep", ignore_result=True)
def sweep():
    for simulation_id in services.sweep(at=timezone.now()):
        simulate.apply_async([simulation_id], expires=60)
