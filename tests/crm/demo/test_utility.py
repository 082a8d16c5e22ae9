"""What the synthetic utility looks like: believable, consistent, and labelled."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection

from crm.accounts.models import Account
from crm.accounts.services import refresh_search
from crm.billing.models import Bill
from crm.calendar.clock import working_days_after
from crm.calendar.models import CalendarDay
from crm.changes.models import DirtyMonth
from crm.people.models import Unit, User
from crm.people.roles import Role
from crm.service_levels.models import Entitlement
from crm.tariffs.calculator import power_factor_adjustment
from crm.tickets.models import OPEN_STATES, Ticket
from tests.crm.demo.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("utility")]
TODAY = NOW.date()


def rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_every_account_is_labelled_synthetic():
    assert Account.objects.count() == 1200
    assert not Account.objects.filter(is_synthetic=False).exists()


def test_phone_numbers_and_unit_codes_are_nobodys():
    assert rows("select count(*) from crm_customer where phone !~ '^12[0-9]{9}$'") == [(0,)]
    assert rows("select count(*) from crm_contact where phone !~ '^12[0-9]{9}$'") == [(0,)]
    assert not Unit.objects.exclude(code__startswith="99").exists()


def test_a_units_code_starts_with_its_parents():
    assert rows("select count(*) from crm_unit c join crm_unit p on p.id = c.parent_id where c.code not like p.code || '__'") == [(0,)]
    assert set(rows("select distinct length(code) from crm_unit")) == {(5,), (7,), (9,), (11,)}


def test_one_known_person_per_role_and_nobody_else_can_sign_in():
    for role in Role:
        assert User.objects.filter(username=role.value, role=role).count() == 1
    others = User.objects.exclude(username__in=Role.values)
    assert others.count() > 10
    assert all(not person.has_usable_password() for person in others)


def test_the_demonstrations_manager_has_a_portfolio_and_their_supervisor_sees_it():
    manager, supervisor = User.objects.get(username="manager"), User.objects.get(username="supervisor")
    mine = Account.objects.looked_after_by(manager)
    assert mine.count() > 100
    assert mine.filter(voltage_kv__gte=10).count() > 30
    assert mine.difference(Account.objects.visible_to(supervisor)).count() == 0
    assert mine.filter(customer__name="华鑫精密铸造有限公司", contract_kva=12_600).count() == 1
    assert Ticket.objects.of(manager).count() >= 8
    assert Ticket.objects.of(manager).overdue(NOW).exists()


def test_bills_add_up_to_the_cent():
    off = rows("select count(*) from crm_bill where total <> basic_charge + energy_charge + adjustment + funds")
    bands = rows(
        "select count(*) from crm_bill where sharp_kwh is not null"
        " and kwh <> sharp_kwh + peak_kwh + flat_kwh + valley_kwh + deep_valley_kwh"
    )
    assert (off, bands) == ([(0,)], [(0,)])


def test_the_adjustment_is_what_the_calculator_says():
    bills = Bill.objects.filter(account__category="large_industrial").order_by("account_id", "period")[:300]
    for bill in bills:
        percent = power_factor_adjustment(bill.power_factor, Decimal("0.90"))
        assert abs(bill.adjustment - (bill.basic_charge + bill.energy_charge) * percent / 100) <= Decimal("0.01")


def test_homes_climb_the_yearly_ladder():
    """What 2025 costs a home is the ladder over its kWh of the year: 2,760 at 0.538, up to 4,800 at 0.588, above at 0.838."""
    years = rows(
        "select sum(b.kwh), sum(b.energy_charge) from crm_bill b join crm_account a on a.id = b.account_id"
        " where a.category = 'residential' and b.period between '2026-01-01' and '2026-10-01' group by a.id having count(*) = 10"
    )
    assert len(years) > 100
    for kwh, yuan in years:
        cost = 0.538 * float(kwh) + 0.05 * max(float(kwh) - 2760, 0) + 0.25 * max(float(kwh) - 4800, 0)
        assert float(yuan) == pytest.approx(cost, abs=0.06)


def test_no_bill_before_the_opening_or_after_the_closing():
    early = (
        "select count(*) from crm_bill b join crm_account a on a.id = b.account_id where b.period < a.opened_on or b.period > a.closed_on"
    )
    assert rows(early) == [(0,)]


def test_summer_is_hot():
    by_month = dict(
        rows(
            "select extract(month from period)::int, sum(kwh) from crm_bill b join crm_account a on a.id = b.account_id"
            " where category = 'residential' and period >= '2025-11-01' group by 1"
        )
    )
    assert by_month[8] > by_month[4] * 3 / 2


def test_who_is_late_stays_late():
    """Of the accounts late at all last year, most were late often: lateness is a habit, not a coin."""
    counts = [n for (n,) in rows(
        "select count(*) filter (where p.paid_on > b.due_on) from crm_payment p join crm_bill b using (account_id, period)"
        " where b.due_on is not null group by p.account_id"
    )]  # fmt: skip
    late = np.array(counts)
    assert 0.05 < (late >= 5).mean() < 0.30
    assert (late == 0).mean() > 0.5


def test_no_payment_lies_ahead():
    assert rows("select count(*) from crm_payment where paid_on > %s", TODAY) == [(0,)]


def test_complaints_come_before_an_account_leaves():
    """Twice the complaints, per account and year, in the half year before the end as elsewhere."""
    ((before, usual),) = rows("""
        select (select count(*)::float / (select count(*) * 0.5 from crm_account where closed_on is not null)
                from crm_ticket t join crm_account a on a.id = t.account_id
                where t.kind = 'complaint' and a.closed_on is not null and t.opened_at > a.closed_on - 183),
               (select count(*)::float / (select count(*) * 1.5 from crm_account where closed_on is null)
                from crm_ticket t join crm_account a on a.id = t.account_id where t.kind = 'complaint' and a.closed_on is null)""")
    assert before > 2 * usual


def test_outages_bring_many_callers_on_one_day():
    most = rows(
        "select count(*) from crm_ticket t join crm_account a on a.id = t.account_id where t.category = 'outage'"
        " group by a.unit_id, (t.opened_at at time zone 'Asia/Shanghai')::date order by 1 desc limit 1"
    )
    assert most[0][0] >= 4


def test_clocks_are_those_of_the_working_calendar():
    complaints = Ticket.objects.filter(kind="complaint", severity="normal", entitlement=None).order_by("id")[:200]
    calendar = CalendarDay.objects.clock()
    for ticket in complaints:
        assert ticket.clock_policy.name_en == "Complaint"
        assert ticket.answer_due_at == working_days_after(calendar, ticket.opened_at, 5)
        assert ticket.contact_due_at == ticket.opened_at + dt.timedelta(days=1)


def test_a_green_channel_shortens_the_clock():
    short = Ticket.objects.filter(kind="complaint").exclude(entitlement=None).select_related("clock_policy", "entitlement")
    assert short.exists()
    for ticket in short:
        assert ticket.clock_policy.level_id == ticket.entitlement.level_id
        assert ticket.account_id == ticket.entitlement.account_id


def test_tickets_tell_a_possible_life():
    assert rows(
        "select count(*) from crm_ticket"
        " where opened_at > %s or contacted_at < opened_at or answered_at < contacted_at or closed_at < answered_at",
        NOW,
    ) == [(0,)]
    assert rows("select count(*) from crm_ticket t join crm_account a on a.id = t.account_id where t.opened_at < a.opened_on") == [(0,)]
    assert 0 < Ticket.objects.filter(state__in=OPEN_STATES).count() < 0.2 * Ticket.objects.count()


def test_some_green_channels_stand_and_none_at_a_closed_account():
    assert Entitlement.objects.in_force(TODAY).count() >= 2
    assert not Entitlement.objects.filter(account__status="closed").exists()


def test_accounts_are_found_as_the_product_finds_them():
    texts = dict(Account.objects.values_list("pk", "search_public"))
    refresh_search(accounts=Account.objects.all())
    assert dict(Account.objects.values_list("pk", "search_public")) == texts
    assert "huaxin" in Account.objects.get(customer__name="华鑫精密铸造有限公司").search_public


def test_the_lake_is_told_of_every_month():
    assert DirtyMonth.objects.filter(table="bills").count() == 18
    assert set(DirtyMonth.objects.values_list("table", flat=True)) == {"bills", "payments", "tickets", "engagement", "entitlements"}


def test_keys_set_aside_for_speed_are_back():
    present = rows("select count(*) from pg_constraint where contype = 'f' and conrelid = 'crm_bill'::regclass and convalidated")
    assert present == [(1,)]
    assert rows("select count(*) from pg_indexes where indexname in ('payments_of_account', 'account_search_public')") == [(2,)]
