"""Green channels: granted, kept apart, taken back, run out; and which clock a ticket gets."""

import datetime as dt
from types import SimpleNamespace

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from crm.audit.models import AuditEntry
from crm.changes.models import DirtyMonth
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels import services
from crm.service_levels.models import Entitlement
from crm.service_levels.rules import Case, choose_policy
from tests.crm.moments import moment

NOW = moment("2026-11-23 09:00")
YEAR = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 12, 31)}


@pytest.fixture
def grant(account, green, supervisor):
    def do(**more):
        return services.grant(**({"account": account, "level": green, "by": supervisor, "at": NOW} | YEAR | more))

    return do


def test_a_grant_stands_with_its_services_in_audit_and_ledger(grant, account, green):
    entitlement = grant()
    assert entitlement.services == green.services
    assert AuditEntry.objects.about(account).get().did == "granted"
    assert DirtyMonth.objects.get().table == "entitlements"


@pytest.mark.parametrize("days", [YEAR, {"starts_on": dt.date(2026, 12, 31), "ends_on": dt.date(2027, 12, 30)}])
def test_an_overlapping_grant_is_refused_and_told_what_stands(grant, days):
    grant()
    with pytest.raises(Refused, match="“Green channel” from 2026-01-01 to 2026-12-31") as refused:
        grant(**days)
    assert refused.value.code == "overlaps"
    assert Entitlement.objects.count() == 1


def test_a_grant_may_follow_on_the_day_after(grant):
    grant()
    assert grant(starts_on=dt.date(2027, 1, 1), ends_on=dt.date(2027, 12, 31)).pk


@pytest.mark.parametrize(("more", "code"), [({"ends_on": dt.date(2025, 1, 1)}, "invalid"), ({"services": ["free_coffee"]}, "invalid")])
def test_a_grant_that_makes_no_sense_is_refused(grant, more, code):
    with pytest.raises(Refused) as refused:
        grant(**more)
    assert refused.value.code == code


def test_a_closed_account_gets_none(grant, make_account):
    with pytest.raises(Refused, match="closed"):
        grant(account=make_account(status="closed", closed_on=dt.date(2026, 1, 1)))


def test_a_revoked_green_channel_is_over_and_a_new_one_may_stand(grant, supervisor):
    entitlement = grant()
    services.revoke(entitlement=entitlement, reason="Arrears", by=supervisor, at=NOW)
    assert not Entitlement.objects.in_force(NOW.date())
    assert grant().pk
    with pytest.raises(AlreadyDone, match="Boss"):
        services.revoke(entitlement=entitlement, reason="Again", by=supervisor, at=NOW)


def test_it_ends_by_its_dates_and_the_end_is_noted_once(grant, account):
    entitlement = grant(ends_on=dt.date(2026, 11, 22))
    assert not Entitlement.objects.in_force(dt.date(2026, 11, 23))
    assert (services.expire(at=NOW), services.expire(at=NOW)) == (1, 0)
    assert AuditEntry.objects.about(account).filter(did="expired").count() == 1
    with pytest.raises(AlreadyDone, match="ended on 2026-11-22"):
        services.revoke(entitlement=entitlement, reason="Late", by=entitlement.granted_by, at=NOW)


def test_the_last_day_is_still_in_force(grant):
    grant(ends_on=dt.date(2026, 11, 23))
    assert Entitlement.objects.in_force(dt.date(2026, 11, 23)).count() == 1
    assert services.expire(at=NOW) == 0


def test_those_that_end_soon_can_be_asked_for(grant):
    grant()
    assert Entitlement.objects.ending_within(dt.date(2026, 12, 5), days=30).count() == 1
    assert Entitlement.objects.ending_within(dt.date(2026, 11, 5), days=30).count() == 0


@pytest.mark.parametrize(
    ("role", "status"), [("supervisor", 200), ("manager", 403), ("agent", 403), ("analyst", 403), ("administrator", 403), ("stranger", 404)]
)
def test_who_may_revoke_through_the_api(role, status, request, client, grant):
    client.force_login(request.getfixturevalue(role))
    url = reverse("api:entitlement-revoke", args=[grant(ends_on=dt.date(2030, 1, 1)).pk])
    assert client.post(url, {"reason": "Arrears"}, content_type="application/json").status_code == status


def policy(kind="", category="", severity="", level=None, since=dt.date(2020, 1, 1), until=None, tier="", unit_kind=""):
    return SimpleNamespace(
        ticket_kind=kind, category=category, severity=severity, level_id=level, tier=tier, unit_kind=unit_kind, valid_from=since,
        valid_to=until,
    )  # fmt: skip


CASE = Case(kind="complaint", category="outage", severity="major", level_id=7, on=dt.date(2026, 11, 23))


@pytest.mark.parametrize(
    ("stronger", "weaker", "why"),
    [
        (policy(level=7), policy(kind="complaint", category="outage", severity="major"), ("level",)),
        (policy(severity="major"), policy(kind="complaint", category="outage"), ("severity",)),
        (policy(kind="complaint", category="outage"), policy(category="outage"), ("category", "kind")),
        (policy(kind="complaint"), policy(), ("kind",)),
        (policy(since=dt.date(2026, 1, 1)), policy(), ()),
    ],
)
def test_the_more_specific_policy_wins_and_says_why(stronger, weaker, why):
    assert choose_policy([weaker, stronger], CASE) == (stronger, why)
    assert choose_policy([stronger, weaker], CASE) == (stronger, why)


@pytest.mark.parametrize(
    "other", [policy(level=8), policy(since=dt.date(2026, 12, 1)), policy(until=dt.date(2026, 11, 22)), policy(kind="fault")]
)
def test_a_policy_for_other_cases_or_other_days_is_not_chosen(other):
    assert choose_policy([other], CASE) == (None, ())


policies = st.builds(
    policy, kind=st.sampled_from(["", "complaint"]), category=st.sampled_from(["", "outage"]), severity=st.sampled_from(["", "major"]),
    level=st.sampled_from([None, 7]), since=st.dates(dt.date(2020, 1, 1), dt.date(2026, 11, 23)),
)  # fmt: skip


@given(st.lists(policies, min_size=1))
def test_the_choice_does_not_depend_on_the_order(found):
    def told(one):
        return (one.ticket_kind, one.category, one.severity, one.level_id, one.valid_from)

    assert told(choose_policy(found, CASE)[0]) == told(choose_policy(found[::-1], CASE)[0])
