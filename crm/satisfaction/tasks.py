"""The clockwork of surveys."""

from celery import shared_task
from django.utils import timezone

from crm.satisfaction import services


@shared_task
def ask():
    """Every minute: a survey for what was closed, and sending those that wait."""
    now = timezone.now()
    services.ask_about_closed(at=now)
    return services.send_due(at=now)
