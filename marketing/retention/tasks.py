from celery import shared_task
from django.utils import timezone

from marketing.retention.models import Trial
from marketing.retention.services import trials


@shared_task
def draw():
    """Lots for accounts that came to be at risk, before anybody calls them."""
    trial = Trial.objects.running()
    return trials.draw(trial=trial, at=timezone.localtime()) if trial else 0


@shared_task
def settle():
    """What became of accounts whose horizon has passed; in stretches, until none is left."""
    settled, today = 0, timezone.localdate()
    while found := trials.settle(on=today):
        settled += found
    return settled
