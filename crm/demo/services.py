"""Make a synthetic utility: one transaction, columns not objects, everything labelled synthetic."""

import time

from django.db import connection, transaction

from crm.accounts.models import Account, MeteringPoint
from crm.audit import services as audit
from crm.billing.models import Bill, Payment
from crm.customers.models import Contact, Customer
from crm.demo import customers, money, reference, relations, sources, staff, stars, supply, tickets
from crm.demo.loading import keys_set_aside
from crm.engagement.models import Engagement
from crm.people.errors import Refused
from crm.people.models import Unit

LOCK = 7_031_974  # an advisory lock of PostgreSQL: two at once would make two utilities


class AccountsExist(Refused):
    """Synthetic accounts are never added to accounts that are there."""


@transaction.atomic
def create(*, plan, say=lambda line: None):
    """Fill an empty database with the utility `plan` asks for; returns rows by step.

    Nothing is left of a run that fails or is killed half-way: run it again. Raises `AccountsExist`, and `Refused` while another runs.
    """
    _alone()
    _with_room_to_sort()
    steps = Steps(say)
    plans = reference.create()
    with steps("people") as step:
        organisation = staff.create(plan)
        step.rows = len(organisation.station_ids)
    with steps("accounts") as step, keys_set_aside(Account, Customer, Contact, MeteringPoint):
        accounts = supply.draw(plan, organisation)
        accounts.stars = stars.cast(plan, accounts, organisation.known_manager)
        holders = customers.create(plan, accounts)
        supply.write(plan, organisation, accounts, holders, reference.plan_of(accounts, plans))
        step.rows = len(accounts.ids)
    with steps("bills and payments") as step, keys_set_aside(Bill, Payment):
        bills, payments = money.create(plan, accounts)
        step.rows = bills + payments
    with steps("green channels, visits") as step, keys_set_aside(Engagement):
        channels, step.rows = relations.create(plan, organisation, accounts)
    with steps("tickets") as step:
        step.rows = tickets.create(plan, organisation, accounts, holders, channels)
    _analyze()
    audit.record(by=None, did=sources.MADE, on=Unit.objects.first(), accounts=plan.accounts, months=plan.months, seed=plan.seed)
    return steps.rows


def _alone():
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise Refused("Another create_demo is running on this database. Wait for it to end.")
    if Account.objects.exists():
        raise AccountsExist("There are accounts in this database already; synthetic ones are never added to them.")


def _with_room_to_sort():
    """Indexes over millions of rows are built once, here; the server's usual share is meant for many at a time."""
    with connection.cursor() as cursor:
        cursor.execute("set local maintenance_work_mem = '512MB'")


def tidy(*, say=lambda line: None):
    """After `create` is committed: rows that are there for good are marked so now, not by an autovacuum in the middle of the first day."""
    with Steps(say)("tidying up"), connection.cursor() as cursor:
        cursor.execute(
            "vacuum (analyze) crm_account, crm_customer, crm_contact, crm_meteringpoint, crm_ticket, crm_ticketnote, crm_engagement"
        )
        cursor.execute("vacuum (analyze) crm_bill, crm_payment")


def _analyze():
    """The planner learns the sizes now, not when the next autovacuum comes by: the first pages are quick."""
    with connection.cursor() as cursor:
        cursor.execute("analyze crm_account, crm_customer, crm_contact, crm_ticket, crm_engagement")


class Steps:
    """Says after each step what it wrote and how fast."""

    def __init__(self, say):
        self.say, self.rows, self.name = say, {}, ""

    def __call__(self, name):
        return Step(self, name)


class Step:
    def __init__(self, steps, name):
        self.steps, self.name, self.rows = steps, name, 0

    def __enter__(self):
        self.began = time.perf_counter()
        return self

    def __exit__(self, failed, *_):
        if failed is None:
            seconds = time.perf_counter() - self.began
            self.steps.rows[self.name] = self.rows
            pace = f"  {self.rows / seconds:>10,.0f} rows/s" if self.rows else ""
            self.steps.say(f"{self.name:<24}{self.rows:>11,} rows  {seconds:>6.1f} s{pace}")
