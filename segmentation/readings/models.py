"""Which files of readings stand in the lake."""

from django.db import models


class ReadingsFile(models.Model):
    """One file of a month. Committed only after it was written whole; readers read these files and no others. Its number is its key: where
    two files hold the same day of an account, the higher number is right."""

    period = models.DateField(help_text="First day of the month")
    days = models.PositiveBigIntegerField(help_text="Rows: days of an account in one direction")
    batch_id = models.BigIntegerField(null=True, help_text="The import it came by; null where files were folded into one")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["period", "pk"]
        indexes = [models.Index(fields=["period"], name="readings_file_by_month")]

    def __str__(self):
        return f"readings {self.period:%Y-%m} {self.pk}"
