"""Whether who is in which group can be read now, and since when it holds: for whatever keeps lists of members."""

import datetime as dt

from django.db.models import Max

from segmentation.groups.models import Grouping, GroupingRequest

PATIENCE = dt.timedelta(minutes=15)  # grouping takes seconds to minutes; what lasts longer has failed and is not waited for


def in_flux(*, run, at: dt.datetime) -> bool:
    """The groups of the run in force are being sought, or found but not yet in force: who asks now may hear those before."""
    if GroupingRequest.objects.filter(state=GroupingRequest.State.WAITING, asked_at__gt=at - PATIENCE).exists():
        return True
    found = Grouping.objects.filter(run=run.restores_id or run.pk, in_force=False).exclude(state=Grouping.State.BROKE)
    return bool(run.finished_at) and at - run.finished_at < PATIENCE and found.exists()


def sought_anew_at() -> dt.datetime | None:
    """When accounts were last grouped because somebody asked, outside a recompute."""
    return GroupingRequest.objects.filter(state=GroupingRequest.State.DONE).aggregate(last=Max("finished_at"))["last"]
