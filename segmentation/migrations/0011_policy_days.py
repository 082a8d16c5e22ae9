from django.db import migrations
from django.db.models.functions import TruncDate


def give_days(apps, schema_editor):
    """Versions published before there were days: each from the day it was published, the first of its kind from the beginning."""
    policies = apps.get_model("segmentation", "Policy").objects
    for kind in policies.values_list("kind", flat=True).distinct().order_by():
        decided = list(policies.filter(kind=kind, state__in=["published", "retired"]).annotate(day=TruncDate("published_at")).order_by("version"))
        for place, policy in enumerate(decided):
            later = decided[place + 1] if place + 1 < len(decided) else None
            policies.filter(pk=policy.pk).update(
                valid_from=policy.day if place else None, valid_until=later.day if later else None, state="retired" if later else "published"
            )


def take_days(apps, schema_editor):
    apps.get_model("segmentation", "Policy").objects.filter(state__in=["simulated", "submitted"]).update(state="draft")


def fill_what_is_new(apps, schema_editor):
    """A published version goes on judging as it did: what policies could not say then is written out as it was."""
    for policy in apps.get_model("segmentation", "Policy").objects.filter(kind="value"):
        if "floor" not in policy.body:
            policy.body |= {"floor": {}, "peers_by": "category", "weights": {}}
            policy.save(update_fields=["body"])


class Migration(migrations.Migration):
    dependencies = [("segmentation", "0003_default_policies")]
    operations = [migrations.RunPython(give_days, take_days), migrations.RunPython(fill_what_is_new, migrations.RunPython.noop)]
