from celery import shared_task
from django.utils import timezone

from marketing.green_channel import services


@shared_task
def remind():
    """Speak of renewal in time."""
    return services.remind(at=timezone.localtime())


@shared_task
def sweep():
    """End what nobody decided."""
    services.lapse(at=timezone.now())
