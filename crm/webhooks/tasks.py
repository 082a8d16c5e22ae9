"""The clockwork of webhooks. The rows are the truth; a sweep that is late or killed is made good by the next."""

from celery import shared_task
from django.utils import timezone

from crm.webhooks import delivering


@shared_task
def deliver():
    """Every five seconds: events to deliveries, deliveries to receivers."""
    while delivering.fan_out(at=timezone.now()) == 500:
        pass
    return delivering.deliver_due(now=timezone.now)


@shared_task
def forget():
    return delivering.forget(at=timezone.now())
