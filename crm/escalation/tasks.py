"""The clockwork of escalation."""

from celery import shared_task
from django.utils import timezone

from crm.escalation import services


@shared_task
def escalate():
    """Every minute: clocks that began or moved, then the steps that are due."""
    now = timezone.now()
    while services.watch(at=now, limit=1000) == 1000:
        pass
    return services.escalate_due(at=now)
