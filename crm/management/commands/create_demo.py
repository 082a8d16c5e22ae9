"""`manage.py create_demo`: an empty database becomes a synthetic utility."""

import argparse
import datetime as dt
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from crm.demo import services
from crm.demo.plan import Plan, last_billed_month
from crm.people.errors import Refused


class Command(BaseCommand):
    requires_system_checks = []
    help = "Fill an empty database with a synthetic utility, from units and people to bills, payments, tickets and green channels."

    def add_arguments(self, parser):
        parser.add_argument("--accounts", type=int, default=20_000, help="supply accounts (default 20000)")
        parser.add_argument("--months", type=int, default=36, help="bills of each account (default 36)")
        parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same utility (default 7)")
        parser.add_argument("--until", type=_month, help="last billed month, YYYY-MM (default: the last one whose bills are out)")

    def handle(self, *, accounts, months, seed, until, **options):
        if not 100 <= accounts <= 20_000_000:
            raise CommandError("--accounts must lie between 100 and 20,000,000.")
        if not 1 <= months <= 120:
            raise CommandError("--months must lie between 1 and 120.")
        now = timezone.localtime()
        latest = last_billed_month(now.date())
        if until and until > latest:
            raise CommandError(f"--until must not lie after {latest:%Y-%m}: later months are not billed yet.")
        plan = Plan(accounts=accounts, months=months, seed=seed, until=until or latest, now=now)
        began = time.perf_counter()
        try:
            rows = services.create(plan=plan, say=self.stdout.write)
            if not connection.in_atomic_block:
                services.tidy(say=self.stdout.write)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        seconds = time.perf_counter() - began
        self.stdout.write(f"{sum(rows.values()):,} rows in {seconds:.1f} s. All of it is synthetic and labelled so.")


def _month(text):
    try:
        return dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise argparse.ArgumentTypeError(f"a month is written YYYY-MM, not {text!r}") from None
