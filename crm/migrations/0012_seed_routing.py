from django.db import migrations

from crm.escalation import seeds as chains
from crm.routing import seeds as rules


def forwards(apps, editor):
    chains.seed(chains=apps.get_model("crm", "Chain"), steps=apps.get_model("crm", "Step"))
    rules.seed(rules=apps.get_model("crm", "RoutingRule"))


class Migration(migrations.Migration):
    dependencies = [("crm", "0010_seed_words")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
