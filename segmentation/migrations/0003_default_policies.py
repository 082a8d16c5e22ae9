"""The engine's default policies as version 1, whole, so that the page shows every number a run judges by."""
import json

from django.db import migrations
from django.utils import timezone


def publish_defaults(apps, schema_editor):
    from segmentation.engine.policy import Policy as EnginePolicy

    policies = apps.get_model("segmentation", "Policy")
    bodies = json.loads(json.dumps(EnginePolicy().to_dict()))
    for kind in ("value", "credit", "warning"):
        policies.objects.get_or_create(
            kind=kind, version=1, defaults={"body": bodies[kind], "state": "published", "published_at": timezone.now(), "note": ""}
        )


def nothing(apps, schema_editor):
    """Policies stay: runs name them."""


class Migration(migrations.Migration):
    dependencies = [("segmentation", "0002_runs_and_lake")]
    operations = [migrations.RunPython(publish_defaults, nothing)]
