import uuid

from django.db import migrations

from crm.service_levels.seeds import seed as seed_clocks


def seed(apps, schema_editor):
    of = lambda name: apps.get_model("crm", name)  # noqa: E731
    seed_clocks(levels=of("ServiceLevel"), policies=of("ClockPolicy"))
    for name in ("calendar", "policies"):
        of("ClockVersion").objects.get_or_create(name=name, defaults={"token": uuid.uuid4()})


class Migration(migrations.Migration):
    """The green channel and the first clock policies; the tokens by which processes keep policies and calendar."""

    dependencies = [("crm", "0004_seed_calendar_and_clocks")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
