from django.db import migrations

from marketing.green_channel.rules import SEED


def seed(apps, schema_editor):
    apps.get_model("marketing", "ChannelRule").objects.get_or_create(valid_from=SEED["valid_from"], defaults=SEED)


class Migration(migrations.Migration):
    """The rules of granting every installation starts with, to be checked by the utility."""

    dependencies = [("marketing", "0001_squashed_0012_trial_segment")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
