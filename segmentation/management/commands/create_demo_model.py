"""`manage.py create_demo_model`: a model of leaving for a synthetic utility, trained by its worker and put in force."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from segmentation.churn import demo


class Command(BaseCommand):
    requires_system_checks = []
    help = "Have the training worker learn a model of leaving from a synthetic utility, wait for it, and put it in force. The next run uses it."

    def add_arguments(self, parser):
        parser.add_argument("--wait", type=float, default=1800, metavar="SECONDS", help="give up waiting after (default 1800)")

    def handle(self, *, wait, **options):
        if not demo.only_synthetic():
            raise CommandError("There are accounts in this database that are not synthetic; no model is put in force for them unasked.")
        began = time.perf_counter()
        model = demo.ask(at=timezone.now())
        if model is None:
            raise CommandError("There is nobody to ask for a training: create_demo makes the analyst and the supervisor.")
        demo.wait_for(model, seconds=wait)
        if why := demo.put_in_force(model, at=timezone.now()):
            raise CommandError(f"Model {model.pk} is not in force: {why}")
        told, rules = model.card["any"], model.card["rules"]
        self.stdout.write(
            f"risk model {model.pk}: in force after {time.perf_counter() - began:.1f} s; {model.card['rows']:,} snapshots, AUC {told['auc']:.3f}, "
            f"average precision {told['ap']:.3f} (rules {rules['ap']:.3f})"
        )
