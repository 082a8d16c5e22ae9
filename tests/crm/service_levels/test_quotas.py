"""Counted services of a green channel: used, left, used up."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from crm.people.errors import Refused
from crm.service_levels import services
from crm.service_levels.models import Entitlement, EntitlementQuota
from crm.service_levels.words import explanation
from tests.crm.moments import moment

NOW = moment("2026-11-23 09:00")
YEAR = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 12, 31)}
SERVICES = ["short_clock", "energy_advice", "dedicated_line"]


@pytest.fixture
def grant(account, green, supervisor):
    def do(**more):
        return services.grant(**({"account": account, "level": green, "services": SERVICES, "by": supervisor, "at": NOW} | YEAR | more))

    return do


def test_tickets_use_up_the_quota_of_shorter_clocks_and_then_the_ordinary_clock_holds_and_says_so(grant, log):
    entitlement = grant(quotas={"short_clock": 2})
    names = [log().clock_policy.name_en for _ in range(3)]
    assert names == ["Green channel, complaint", "Green channel, complaint", "Complaint"]
    assert (entitlement.quotas.get().used, entitlement.uses.count()) == (2, 2)
    fourth = log()
    assert (fourth.entitlement, fourth.clock_explained["used_up"]) == (None, True)
    assert "quota of shorter clocks was used up" in explanation(fourth)[-1]


def test_a_retry_of_the_same_call_uses_the_quota_once(grant, log):
    entitlement, key = grant(quotas={"short_clock": 5}), "7a0b6a9e-2d5c-4a54-9f0a-2f3a86c1d001"
    log(idempotency_key=key)
    log(idempotency_key=key)
    assert entitlement.quotas.get().used == 1


def test_a_service_is_counted_until_its_quota_is_used_up(grant, manager):
    entitlement = grant(quotas={"energy_advice": 1})
    services.use(entitlement=entitlement, service="energy_advice", note="Furnace hall", by=manager, at=NOW)
    with pytest.raises(Refused, match="used up: 1 of 1") as refused:
        services.use(entitlement=entitlement, service="energy_advice", by=manager, at=NOW)
    assert (refused.value.code, entitlement.uses.get().note) == ("used_up", "Furnace hall")


def test_without_a_quota_a_service_is_counted_without_limit(grant, manager):
    entitlement = grant()
    for _ in range(3):
        services.use(entitlement=entitlement, service="energy_advice", by=manager, at=NOW)
    assert entitlement.uses.count() == 3


@pytest.mark.parametrize(
    ("service", "at", "code"),
    [
        ("fast_supply", NOW, "not_granted"),
        ("dedicated_line", NOW, "not_granted"),
        ("energy_advice", moment("2027-01-01 09:00"), "not_in_force"),
    ],
)
def test_what_was_not_granted_or_is_over_is_not_used(grant, manager, service, at, code):
    with pytest.raises(Refused) as refused:
        services.use(entitlement=grant(), service=service, by=manager, at=at)
    assert refused.value.code == code


@pytest.mark.parametrize("quotas", [{"fast_supply": 1}, {"dedicated_line": 1}, {"energy_advice": 0}])
def test_a_quota_that_makes_no_sense_is_refused(grant, quotas):
    with pytest.raises(Refused):
        grant(quotas=quotas)
    assert not Entitlement.objects.exists()


def test_the_database_itself_keeps_a_quota(grant):
    grant(quotas={"energy_advice": 1})
    with pytest.raises(IntegrityError, match="a_quota_is_not_exceeded"), transaction.atomic():
        EntitlementQuota.objects.update(used=2)


def test_a_program_counts_a_use_and_reads_what_is_left(grant, sign_in, manager, agent):
    entitlement = grant(ends_on=dt.date(2030, 1, 1), quotas={"energy_advice": 1})
    url = f"/api/v1/entitlements/{entitlement.pk}/"
    assert sign_in(agent).post(f"{url}use/", {"service": "energy_advice"}, content_type="application/json").status_code == 403
    client = sign_in(manager)
    assert client.post(f"{url}use/", {"service": "energy_advice"}, content_type="application/json").status_code == 201
    assert client.post(f"{url}use/", {"service": "energy_advice"}, content_type="application/json").json()["code"] == "used_up"
    assert client.get(url).json()["quotas"] == [{"service": "energy_advice", "allowed": 1, "used": 1, "left": 0}]
    assert [row["service"] for row in client.get(f"{url}uses/").json()] == ["energy_advice"]
