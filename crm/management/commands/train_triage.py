"""Learn to read tickets from the labelled phrases of `crm.triage.corpus`, and write the weights beside it."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from crm.triage import classifier, training


class Command(BaseCommand):
    requires_system_checks = []
    help = "Trains the classifier that suggests kind, class and severity from a ticket's text; needs scikit-learn."

    def handle(self, **_options):
        done = training.train(on=timezone.localdate())
        self.stdout.write(f"{done.examples:,} examples, version {done.version}, {classifier.WEIGHTS.stat().st_size / 1024:,.0f} KiB")
        for task, share in done.accuracy.items():
            self.stdout.write(f"  {task}: {100 * share:.0f} % of phrases held back guessed right (synthetic phrases)")
