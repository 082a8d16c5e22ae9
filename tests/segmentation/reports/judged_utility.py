"""A small utility with everything a report tells of, committed once for a module: two branches, bills with bands and parts, debts, payments
by channel, tickets with and without promises, and two published runs."""

import datetime as dt

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from crm.people.models import Unit, User
from segmentation.runs import services
from tests.segmentation.billed import bill_accounts

OCTOBER, NOVEMBER = dt.date(2026, 10, 31), dt.date(2026, 11, 22)
ACCOUNTS = 90


def build(folder, *, money=True):
    """Call with the database open; gives `{"settings", "people", "units"}`. `settings.disable()` and `leftovers.clear()` afterwards."""
    settings = override_settings(LAKE_URL=(folder / "lake").as_uri(), VAR_DIR=folder)
    settings.enable()
    root = Unit.objects.create(code="33401", name="杭州供电公司", name_en="Hangzhou Power Supply")
    east = Unit.objects.create(code="3340101", name="城东供电分公司", name_en="East Branch", parent=root)
    west = Unit.objects.create(code="3340102", name="滨江供电分公司", name_en="Riverside Branch", parent=root, kind="rural")
    people = {
        name: User.objects.create(username=name, role=role, unit=unit, full_name=name)
        for name, role, unit in (("ada", "analyst", None), ("boss", "supervisor", east), ("root", "administrator", None))
    }
    bill_accounts(accounts=ACCOUNTS, months=30, unit_id=east.pk, paid=money)
    with connection.cursor() as db:
        db.execute("update crm_account set unit_id = %s where id %% 3 = 0", [west.pk])
        db.execute("update crm_account set pv_kw = 50 where id % 9 = 0")
        db.execute("update crm_account set opened_on = '2026-03-01' where id % 30 = 1")
        db.execute("update crm_customer set industry = 'C1300' where id % 2 = 0")
        if money:
            _money(db)
            _tickets(db)
        else:
            db.execute("update crm_bill set energy_charge = null, total = null, due_on = null, peak_kwh = null, max_demand_kw = null")
    _judge(OCTOBER)
    with connection.cursor() as db:  # some fall back and some rise, so that tiers move
        db.execute("update crm_bill set kwh = kwh * 0.2 where period = '2026-10-01' and account_id % 5 = 0")
        db.execute("update crm_bill set kwh = kwh * 9 where period = '2026-10-01' and account_id % 5 = 1")
        db.execute("insert into crm_dirtymonth (\"table\", period) values ('bills', '2026-10-01') on conflict do nothing")
    _judge(NOVEMBER)
    return {"settings": settings, "people": people, "units": {"east": east, "west": west}}


def _judge(day):
    run = services.recompute_here(as_of=day, by=None, clock=timezone.now)
    assert run.state == "published", run.error


def _money(db):
    db.execute(
        """update crm_bill set sharp_kwh = kwh * 0.1, flat_kwh = kwh * 0.3, valley_kwh = kwh * 0.15, deep_valley_kwh = kwh * 0.05,
            basic_charge = kwh * 0.08, adjustment = kwh * (case when account_id % 4 = 0 then 0.03 else -0.01 end), funds = kwh * 0.02"""
    )
    db.execute("delete from crm_payment where account_id % 7 = 0 and period >= '2026-06-01'")
    db.execute("update crm_payment set channel = (array['bank', 'app', 'counter'])[1 + (account_id % 3)::int]")


def _tickets(db):
    db.execute(
        """insert into crm_ticket (account_id, kind, category, topic, severity, title, text, channel, caller_name, caller_phone, state, opened_at,
            answer_due_at, answered_at, closed_at, reopened_count, satisfaction, root_cause)
        select id, case when id % 2 = 0 then 'complaint' else 'enquiry' end, 'outage', '', 'normal', 'T', '', (array['phone', 'app'])[1 + (id % 2)::int], '', '',
            case when id % 11 = 0 then 'working' else 'closed' end, o, o + interval '5 days',
            case when id % 11 = 0 then null else o + interval '1 hour' * (12 + id * 7 % 200) end,
            case when id % 11 = 0 then null else o + interval '12 days' end, (id % 6 = 0)::int, case when id % 3 = 0 then 3 + id % 3 else 5 end,
            case when id % 4 = 0 then 'equipment' else 'overload' end
        from crm_account, lateral (select timestamptz '2026-11-01 10:00+08' - interval '1 day' * (id * 13 % 500) as o) t"""
    )
