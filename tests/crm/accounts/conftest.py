"""An account with a life: bills, payments, tickets, visits."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from crm.billing.models import Bill, Payment
from crm.billing.year import month_back
from crm.engagement.models import Engagement
from crm.tickets.models import Ticket

LAST = dt.date(2026, 10, 1)


@pytest.fixture
def bill():
    """`bill(account, period, kwh=…)`: one month's bill, bands and money filled in."""

    def make(account, period=LAST, kwh=100_000, **more):
        kwh = Decimal(kwh)
        values = {
            "sharp_kwh": kwh / 10,
            "peak_kwh": kwh / 2,
            "flat_kwh": kwh / 5,
            "valley_kwh": kwh / 5,
            "max_demand_kw": 500,
            "power_factor": Decimal("0.85"),
            "basic_charge": Decimal(10000),
            "energy_charge": kwh * Decimal("0.6"),
            "adjustment": Decimal(1750),
            "funds": Decimal(2000),
            "total": Decimal(13750) + kwh * Decimal("0.6"),
            "issued_on": period + dt.timedelta(35),
            "due_on": period + dt.timedelta(50),
        }
        return Bill.objects.create(account=account, period=period, kwh=kwh, **(values | more))

    return make


@pytest.fixture
def lived_in(bill, manager):
    """`lived_in(account, months)`: months of bills paid on time, a ticket and a visit for each of them."""

    def make(account, months=24):
        for back in range(months):
            made = bill(account, month_back(LAST, back))
            Payment.objects.create(
                account=account, receipt=f"R{account.pk}-{back}", paid_on=made.due_on, amount=made.total, period=made.period
            )
            moment = timezone.make_aware(dt.datetime(made.period.year, made.period.month, 9, 10, 30))
            Ticket.objects.create(
                account=account,
                category="supply_quality",
                title=f"Voltage dip {back}",
                opened_at=moment,
                answer_due_at=moment,
                logged_by=manager,
            )
            Engagement.objects.create(account=account, subject=f"Visit {back}", happened_on=made.period + dt.timedelta(3), by=manager)
        return account

    return make
