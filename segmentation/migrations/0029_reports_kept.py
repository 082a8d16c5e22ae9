import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("segmentation", "0022_risk_models"), ("crm", "0013_accounts_by_unit_with_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="ReportSchedule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("behaviour", "Customer behaviour report"), ("tiers", "Tier report")],
                        default="behaviour",
                        max_length=10,
                        verbose_name="report",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("pptx", "PPTX"), ("pdf", "PDF"), ("xlsx", "XLSX"), ("json", "JSON")],
                        default="pptx",
                        max_length=5,
                        verbose_name="format",
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("zh-hans", "中文")], default="en", max_length=8, verbose_name="language"),
                ),
                ("category", models.CharField(blank=True, max_length=20, verbose_name="category")),
                ("tier", models.CharField(blank=True, max_length=10, verbose_name="tier")),
                ("segment", models.CharField(blank=True, max_length=120, verbose_name="segment")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "day",
                    models.PositiveSmallIntegerField(
                        default=3,
                        help_text="1 to 28, which every month has",
                        validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(28)],
                        verbose_name="day of the month",
                    ),
                ),
                ("is_active", models.BooleanField(default=True)),
                ("made_for", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "recipients",
                    models.ManyToManyField(related_name="report_schedules", to=settings.AUTH_USER_MODEL, verbose_name="recipients"),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.unit",
                        verbose_name="unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="GeneratedReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("behaviour", "Customer behaviour report"), ("tiers", "Tier report")],
                        default="behaviour",
                        max_length=10,
                        verbose_name="report",
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[("pptx", "PPTX"), ("pdf", "PDF"), ("xlsx", "XLSX"), ("json", "JSON")],
                        default="pptx",
                        max_length=5,
                        verbose_name="format",
                    ),
                ),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("zh-hans", "中文")], default="en", max_length=8, verbose_name="language"),
                ),
                ("category", models.CharField(blank=True, max_length=20, verbose_name="category")),
                ("tier", models.CharField(blank=True, max_length=10, verbose_name="tier")),
                ("segment", models.CharField(blank=True, max_length=120, verbose_name="segment")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("asked_as_of", models.DateField(blank=True, null=True)),
                ("asked_against", models.DateField(blank=True, help_text="The day the tier report compares with", null=True)),
                ("period", models.DateField(blank=True, help_text="First day of the month the schedule made it for", null=True)),
                (
                    "others",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        help_text="Accounts of a manager's own outside that unit",
                        size=None,
                    ),
                ),
                ("plain", models.BooleanField(default=False, help_text="Holds names of private people unmasked")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("working", "Being written"),
                            ("ready", "Ready"),
                            ("failed", "Failed"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True, choices=[("counting", "Counting the figures"), ("drawing", "Drawing the chapters")], max_length=10
                    ),
                ),
                ("done", models.PositiveSmallIntegerField(default=0, help_text="Chapters drawn")),
                ("of", models.PositiveSmallIntegerField(default=0, help_text="Chapters in all")),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                ("title", models.CharField(blank=True, max_length=200)),
                ("as_of", models.DateField(blank=True, null=True, verbose_name="as of")),
                ("inputs", models.JSONField(default=dict, help_text="Run, policies, scope, code: enough to make it again")),
                ("file", models.FileField(blank=True, max_length=300, upload_to="reports/")),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("error", models.CharField(blank=True, help_text="Why not, in the language of the report", max_length=500)),
                (
                    "told_at",
                    models.DateTimeField(blank=True, help_text="When the message about a scheduled one was handed over", null=True),
                ),
                ("told_attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made for",
                    ),
                ),
                (
                    "reach",
                    models.ForeignKey(
                        blank=True,
                        help_text="The unit whose accounts it may hold; none is all",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.unit",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="segmentation.run"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="crm.unit",
                        verbose_name="unit",
                    ),
                ),
                (
                    "schedule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reports",
                        to="segmentation.reportschedule",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddConstraint(
            model_name="reportschedule",
            constraint=models.CheckConstraint(condition=models.Q(("day__gte", 1), ("day__lte", 28)), name="schedule_day_is_in_every_month"),
        ),
        migrations.AddIndex(
            model_name="generatedreport",
            index=models.Index(fields=["owner", "-id"], name="reports_of_owner"),
        ),
        migrations.AddIndex(
            model_name="generatedreport",
            index=models.Index(condition=models.Q(("state__in", ["waiting", "working"])), fields=["state"], name="reports_under_way"),
        ),
        migrations.AddConstraint(
            model_name="generatedreport",
            constraint=models.UniqueConstraint(fields=("schedule", "owner", "period"), name="one_report_a_month_and_person"),
        ),
    ]
