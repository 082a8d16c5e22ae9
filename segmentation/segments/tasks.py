from celery import shared_task
from django.utils import timezone

from segmentation.segments import services


@shared_task(name="segmentation.segments.tasks.refresh", ignore_result=True)
def refresh():
    """Living segments after a run was published."""
    services.refresh(at=timezone.now())
