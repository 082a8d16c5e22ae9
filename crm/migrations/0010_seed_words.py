from django.db import migrations

from crm.answers.seeds import seed as seed_answers
from crm.taxonomy.seeds import seed as seed_terms


def forward(apps, _editor):
    seed_terms(terms=apps.get_model("crm", "Term"))
    seed_answers(answers=apps.get_model("crm", "CannedAnswer"))


class Migration(migrations.Migration):
    dependencies = [("crm", "0007_seed_clocks")]
    operations = [migrations.RunPython(forward, migrations.RunPython.noop)]
