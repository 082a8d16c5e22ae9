"""What the lake holds, as PostgreSQL knows it."""

import datetime as dt

from django.db import models

WHOLE = dt.date(1970, 1, 1)
"""The period of a table that has no months; the same mark as in `crm.changes`."""


class LakeMonth(models.Model):
    """A month that stands in the lake, in a file of its own or in its year's. Committed only after the file, so a file listed here was
    written whole; readers read these files and no others."""

    table = models.CharField(max_length=30)
    period = models.DateField(help_text="First day of the month; 1970-01-01 for a table without months")
    rows = models.PositiveBigIntegerField()
    written_at = models.DateTimeField()
    in_year_file = models.BooleanField(default=False, help_text="A closed year is one file, sorted by account over all its months")
    bytes = models.PositiveBigIntegerField(null=True, help_text="Of the file; null where the storage looks after its files itself")
    checksum = models.BigIntegerField(null=True, help_text="CRC-32 of the file")
    mark = models.CharField(
        max_length=200, blank=True, default="", help_text="Of the rows read for a table without months: it changes when any of them does"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "period"], name="one_lake_file_per_table_and_month")]

    def __str__(self):
        return f"{self.table} {self.period:%Y-%m}"
