"""`manage.py create_demo_model`: a model of leaving for a synthetic utility, trained and put in force."""

import datetime as dt
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from segmentation.churn import demo


class Command(BaseCommand):
    requires_system_checks = []
    help = "Train a model of leaving on a synthetic utility, up to a day, and put it in force; nothing where there is a model already."

    def add_arguments(self, parser):
        parser.add_argument("--until", type=dt.date.fromisoformat, metavar="YYYY-MM-DD", help="learn nothing that became known later (today)")

    def handle(self, *, until, **options):
        if not demo.only_synthetic():
            raise CommandError("There are accounts in this database that are not synthetic; no model is put in force for them unasked.")
        began = time.perf_counter()
        model, why = demo.create(until=until or timezone.localdate(), clock=timezone.now)
        seconds = f"in {time.perf_counter() - began:.1f} s"
        if model is None or why:
            self.stdout.write(f"risk model: none in force {seconds}: {why}")
            return
        told = model.card["any"]
        self.stdout.write(
            f"risk model {model.pk}: in force {seconds}, {model.card['rows']:,} snapshots, AUC {told['auc']:.3f}, average precision "
            f"{told['ap']:.3f} (rules {model.card['rules']['ap']:.3f})"
        )
