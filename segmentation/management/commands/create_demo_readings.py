"""`manage.py create_demo_readings`: interval readings for a synthetic utility."""

import datetime as dt
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.accounts.models import Account
from segmentation.readings import demo


class Command(BaseCommand):
    requires_system_checks = []
    help = "Made-up interval readings up to yesterday for some accounts of a synthetic utility; nothing where readings are there."

    def add_arguments(self, parser):
        parser.add_argument("--largest", type=int, default=demo.LARGEST, help="accounts with a year of readings")
        parser.add_argument("--others", type=int, default=demo.OTHERS, help="accounts with four weeks of them")
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *, largest, others, seed, **options):
        if Account.objects.filter(is_synthetic=False).exists():
            raise CommandError("There are accounts in this database that are not synthetic; readings are never made up for them.")
        began, at = time.perf_counter(), timezone.now()
        made = demo.create(at=at, until=timezone.localtime(at).date() - dt.timedelta(days=1), seed=seed, largest=largest, others=others)
        self.stdout.write(f"{made:,} interval readings in {time.perf_counter() - began:.1f} s")
