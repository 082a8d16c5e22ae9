"""`manage.py create_demo_retention`: plans, trials and losses for a synthetic utility that has been judged."""

import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from marketing.retention import demo


class Command(BaseCommand):
    requires_system_checks = []
    help = "Made-up retention plans, a finished and a running trial, and losses; nothing where there are some or nothing has been judged."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *, seed, **options):
        if not demo.only_synthetic():
            raise CommandError("There are accounts in this database that are not synthetic; plans and losses are never made up for them.")
        began = time.perf_counter()
        made = demo.create(at=timezone.localtime(), seed=seed)
        told = ", ".join(f"{number:,} {what}" for what, number in made.items())
        self.stdout.write(f"retention: {told} in {time.perf_counter() - began:.1f} s")
