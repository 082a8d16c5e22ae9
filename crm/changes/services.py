"""Tell the lake what changed."""

import datetime as dt

from crm.changes.models import DirtyMonth


def touch(*, table, periods):
    """Mark months of a lake table (`bills`, `payments`, `tickets`, `engagement`, `entitlements`) as changed. `periods`: dates in those months."""
    months = {dt.date(day.year, day.month, 1) for day in periods}
    DirtyMonth.objects.bulk_create([DirtyMonth(table=table, period=month) for month in sorted(months)])
