from django.db import migrations

from crm.calendar.seeds import seed as seed_calendar
from crm.service_levels.seeds import seed as seed_clocks


def seed(apps, schema_editor):
    of = lambda name: apps.get_model("crm", name)  # noqa: E731
    seed_calendar(years=of("CalendarYear"), days=of("CalendarDay"), windows=of("WorkingWindow"))
    seed_clocks(levels=of("ServiceLevel"), policies=of("ClockPolicy"))


class Migration(migrations.Migration):
    """Working days of the published years, office hours, the green channel and the first clock policies."""

    dependencies = [("crm", "0003_ticket_clock")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
