"""Tell the lake what changed."""

import datetime as dt

from django.utils import timezone

from crm.changes.models import DirtyMonth


def touch(*, table, periods):
    """Mark months of a lake table (`bills`, `payments`, `tickets`, `engagement`, `entitlements`) as changed.

    `periods`: days or moments in those months; a moment counts in the month of the local calendar, as the lake files it.
    """
    DirtyMonth.objects.bulk_create(marks(table=table, periods=periods))


def marks(*, table, periods):
    """The rows of `touch`, not saved yet: for who writes them together with the change."""
    months = {_local_day(period).replace(day=1) for period in periods}
    return [DirtyMonth(table=table, period=month) for month in sorted(months)]


def _local_day(period):
    if isinstance(period, dt.datetime):
        return timezone.localtime(period).date() if timezone.is_aware(period) else period.date()
    return period
