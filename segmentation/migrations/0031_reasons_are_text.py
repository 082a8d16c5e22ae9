"""Reasons and headline of a standing as the text the engine wrote: one pass over the table, which is locked meanwhile.

A run writes a twentieth of the table each night: it is tidied after that, so that lists go on counting in indexes alone.
"""

from django.db import migrations, models

TO_TEXT = """
alter table segmentation_standing
alter headline type text using case when headline = '{}' then '' else headline::text end,
alter reasons type text using case when reasons = '{}' then '' else reasons::text end;
alter table segmentation_standing set (autovacuum_vacuum_scale_factor = 0.02)
"""
TO_JSON = """
alter table segmentation_standing
alter headline type jsonb using coalesce(nullif(headline, ''), '{}')::jsonb,
alter reasons type jsonb using coalesce(nullif(reasons, ''), '{}')::jsonb;
alter table segmentation_standing reset (autovacuum_vacuum_scale_factor)
"""
HEADLINE = "The headline of `reasons` alone, empty when there is nothing; words by segmentation.engine.explain"
REASONS = "JSON; see segmentation.engine.explain"


class Migration(migrations.Migration):
    dependencies = [("segmentation", "0012_policy_rules")]

    operations = [
        migrations.RunSQL(
            TO_TEXT,
            TO_JSON,
            state_operations=[
                migrations.AlterField(
                    "standing",
                    "headline",
                    models.TextField(blank=True, default="", help_text=HEADLINE, verbose_name="what to know"),
                ),
                migrations.AlterField(
                    "standing",
                    "reasons",
                    models.TextField(blank=True, default="", help_text=REASONS, verbose_name="reasons"),
                ),
            ],
        )
    ]
