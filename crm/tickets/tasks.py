"""The clockwork of tickets."""

from celery import shared_task
from django.utils import timezone

from crm.tickets import sweeps


@shared_task
def mark_breaches():
    """Every minute: due times that had to wait for a calendar, then breaches."""
    now = timezone.now()
    sweeps.set_missing_dues(at=now)
    return sweeps.mark_breaches(at=now)
