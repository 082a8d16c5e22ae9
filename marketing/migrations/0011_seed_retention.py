from django.db import migrations

from marketing.retention.seed import PLAYBOOKS, RIVALS


def seed(apps, schema_editor):
    Playbook, Step, Rival = (apps.get_model("marketing", name) for name in ("Playbook", "Step", "Rival"))
    if not Playbook.objects.exists():
        for name, name_en, outcome, band, tier, steps in PLAYBOOKS:
            playbook = Playbook.objects.create(name=name, name_en=name_en, outcome=outcome, band=band, tier=tier)
            for position, (kind, subject, subject_en, doer, within_days, cost) in enumerate(steps, start=1):
                Step.objects.create(
                    playbook=playbook, position=position, kind=kind, subject=subject, subject_en=subject_en, doer=doer,
                    within_days=within_days, cost_yuan=cost,
                )  # fmt: skip
    for kind, name, name_en in RIVALS:
        Rival.objects.get_or_create(kind=kind, name=name, defaults={"name_en": name_en})


class Migration(migrations.Migration):
    """What to do about accounts that may leave, and who they leave for, to be changed by the utility."""

    dependencies = [("marketing", "0003_seed_rules")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
