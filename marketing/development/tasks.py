from celery import shared_task
from django.utils import timezone

from marketing.development import finding


@shared_task(name="marketing.development.tasks.find", ignore_result=True)
def find():
    """Candidates after a run was published."""
    finding.refresh(at=timezone.now())
