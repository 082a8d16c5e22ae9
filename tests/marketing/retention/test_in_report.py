"""What the chapter on churn is told of retention: plans of accounts in the report that its reader sees."""

from django.utils import timezone

from marketing.retention.in_report import tell
from segmentation.reports.contributions import CONTRIBUTIONS
from segmentation.runs.models import Standing


def told(reader):
    figures, said = tell(reader=reader, standings=Standing.objects.visible_to(reader), as_of=timezone.localdate())
    return {figure.name: figure.value for figure in figures}, said


def test_a_plan_under_way_is_told_to_who_sees_its_account(plan, supervisor):
    assert tell in CONTRIBUTIONS["churn"]
    assert told(supervisor) == ({"plans_open": 1, "plans_overdue": 0, "plans_kept": 0, "plans_left": 0}, ())
    assert tell(reader=supervisor, standings=Standing.objects.none(), as_of=timezone.localdate()) == ((), ())
