from django.db import migrations
from django.utils import timezone

from segmentation.policies.seeds import seed


def publish_defaults(apps, schema_editor):
    seed(policies=apps.get_model("segmentation", "Policy"), at=timezone.now())


class Migration(migrations.Migration):
    """The engine's default policies as version 1. They stay when the migration is taken back: runs name them."""

    dependencies = [("segmentation", "0001_squashed_0030_links_to_reports")]
    operations = [migrations.RunPython(publish_defaults, migrations.RunPython.noop)]
