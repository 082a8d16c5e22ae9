"""The clockwork of green channels."""

from celery import shared_task
from django.utils import timezone

from crm.service_levels import services


@shared_task
def expire():
    return services.expire(at=timezone.now())
