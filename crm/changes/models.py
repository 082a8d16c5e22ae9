"""The dirty-month ledger: which months of which table changed since the lake last mirrored them."""

from django.db import models


class DirtyMonth(models.Model):
    """One row per change, written in the transaction of the change. Append-only, so that a hundred writers never wait for one another;
    the lake deletes what it has mirrored."""

    table = models.CharField(max_length=30)
    period = models.DateField(help_text="First day of the month; 1970-01-01 for a table without months")

    class Meta:
        indexes = [models.Index(fields=["table", "period"], name="dirty_month_lookup")]

    def __str__(self):
        return f"{self.table} {self.period:%Y-%m}"
