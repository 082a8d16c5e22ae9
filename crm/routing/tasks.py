"""The clockwork of routing."""

from celery import shared_task
from django.utils import timezone

from crm.routing import services

BATCH = 200


@shared_task
def route():
    """Every two seconds: whatever was logged since."""
    while services.route_due(at=timezone.now(), limit=BATCH) == BATCH:
        pass


@shared_task
def gather():
    """Every few minutes: tickets nobody has."""
    return services.wait_for_routing(at=timezone.now())
