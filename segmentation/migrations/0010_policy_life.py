import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import crm.service_levels.models

PERSON = dict(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)
CATEGORIES = [
    ("large_industrial", "Large industrial"), ("general_commercial", "General commercial and industrial"), ("residential", "Residential"),
    ("agricultural", "Agricultural"), ("ev_charging", "EV charging"), ("other", "Other"),
]  # fmt: skip
STATES = [("draft", "Draft"), ("simulated", "Simulated"), ("submitted", "Submitted"), ("published", "Published"), ("retired", "Retired")]


class Migration(migrations.Migration):
    """A policy is simulated, submitted and decided, and has days on which it is in force."""

    dependencies = [("segmentation", "0008_standing_by_use"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AlterModelOptions(name="policy", options={"ordering": ["kind", "account_kind", "-version"]}),
        migrations.RemoveConstraint(model_name="policy", name="one_policy_in_force_per_kind"),
        migrations.AddField(
            model_name="policy",
            name="account_kind",
            field=models.CharField(
                blank=True, choices=CATEGORIES, default="", help_text="Empty: every kind of account", max_length=20, verbose_name="kind of account"
            ),
        ),
        migrations.AlterField("policy", "state", models.CharField(choices=STATES, default="draft", max_length=10, verbose_name="state")),
        migrations.AddField("policy", "submitted_by", models.ForeignKey(**PERSON)),
        migrations.AddField("policy", "submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="submitted at")),
        migrations.AddField("policy", "decided_by", models.ForeignKey(**PERSON)),
        migrations.AddField("policy", "decision", models.CharField(blank=True, default="", max_length=300, verbose_name="reason of the decision"), False),
        migrations.AddField("policy", "valid_from", models.DateField(blank=True, null=True, verbose_name="in force from")),
        migrations.AddField("policy", "valid_until", models.DateField(blank=True, null=True, verbose_name="in force until")),
    ]
