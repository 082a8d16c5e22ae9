from django.db import migrations

from crm.calendar.seeds import seed as seed_calendar


def seed(apps, schema_editor):
    of = lambda name: apps.get_model("crm", name)  # noqa: E731
    seed_calendar(years=of("CalendarYear"), days=of("CalendarDay"), windows=of("WorkingWindow"))


class Migration(migrations.Migration):
    """Working days of the published years and office hours; green channel and clock policies follow once their tables are complete."""

    dependencies = [("crm", "0002_partition_bills")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
