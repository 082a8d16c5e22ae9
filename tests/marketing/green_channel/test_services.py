"""From a manager's proposal to an entitlement that stands."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.urls import reverse

from crm.audit.models import AuditEntry
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels.models import Entitlement
from marketing.green_channel import services
from marketing.green_channel.models import Proposal
from marketing.green_channel.rules import SEED, end_of
from segmentation.runs.models import Standing


def test_an_approved_proposal_becomes_an_entitlement_and_both_deeds_are_in_the_audit(proposal, supervisor, now):
    entitlement = services.approve(proposal=proposal, by=supervisor, at=now)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.entitlement, proposal.decided_by) == (Proposal.State.APPROVED, entitlement, supervisor)
    assert list(Entitlement.objects.in_force(now.date())) == [entitlement]
    assert {"proposed green channel", "approved green channel"} <= set(
        AuditEntry.objects.about(proposal.account).values_list("did", flat=True)
    )


def test_a_refusal_needs_its_reason_and_grants_nothing(proposal, supervisor, now):
    with pytest.raises(Refused):
        services.refuse(proposal=proposal, by=supervisor, at=now, reason="  ")
    services.refuse(proposal=proposal, by=supervisor, at=now, reason="Too small")
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decision_reason, Entitlement.objects.count()) == (Proposal.State.REFUSED, "Too small", 0)


def test_a_manager_cannot_propose_for_a_colleagues_account(account, colleague, terms, now):
    with pytest.raises(Refused, match="look after"):
        services.propose(account=account, terms=terms, by=colleague, at=now)


def test_one_account_has_one_open_proposal(proposal, manager, terms, now):
    with pytest.raises(AlreadyDone):
        services.propose(account=proposal.account, terms=terms, by=manager, at=now)


def test_an_account_with_a_green_channel_gets_no_second_one_for_the_same_days(proposal, manager, supervisor, terms, now):
    services.approve(proposal=proposal, by=supervisor, at=now)
    with pytest.raises(Refused, match="already has"):
        services.propose(account=proposal.account, terms=terms, by=manager, at=now)


def test_nobody_decides_their_own_proposal(account, supervisor, terms, now):
    own = services.propose(account=account, terms=terms, by=supervisor, at=now)
    with pytest.raises(Refused, match="own proposal"):
        services.approve(proposal=own, by=supervisor, at=now)


def test_an_undecided_proposal_lapses_after_its_limit_and_only_once(proposal, now):
    limit = dt.timedelta(days=SEED["decide_within_days"])
    assert services.lapse(at=now + limit - dt.timedelta(minutes=1)) == 0
    assert services.lapse(at=now + limit + dt.timedelta(minutes=1)) == 1
    assert services.lapse(at=now + limit + dt.timedelta(minutes=2)) == 0


def test_in_bulk_one_refusal_does_not_stop_the_others(proposal, make_account, manager, terms, now):
    other = make_account()
    made, refused = services.propose_many(accounts=[proposal.account, other], terms=terms, by=manager, at=now)
    assert [each.account for each in made] == [other]
    assert [account for account, _why in refused] == [proposal.account]


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [("2026-11-22", 12, "2027-11-21"), ("2026-01-31", 1, "2026-02-27"), ("2027-12-01", 1, "2027-12-31"), ("2028-01-31", 1, "2028-02-28")],
)
def test_a_period_of_whole_months_ends_the_day_before(start, months, end):
    assert end_of(dt.date.fromisoformat(start), months) == dt.date.fromisoformat(end)


@pytest.mark.django_db(transaction=True)
def test_of_two_supervisors_at_the_same_moment_one_decides_and_the_other_is_told(proposal, supervisor, make_user, county, now):
    second = make_user("boss2", "supervisor", county)
    outcomes = []
    gate = threading.Barrier(2)

    def decide(person):
        gate.wait()
        try:
            outcomes.append(services.approve(proposal=proposal, by=person, at=now).pk)
        except AlreadyDone as refusal:
            outcomes.append(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[person]) for person in (supervisor, second)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(isinstance(outcome, AlreadyDone) for outcome in outcomes) == [False, True]
    assert Entitlement.objects.count() == 1


ALLOWED = {"manager": 403, "colleague": 403, "stranger": 403, "supervisor": 302, "agent": 403, "analyst": 403, "administrator": 403}


@pytest.mark.parametrize(("who", "status"), ALLOWED.items())
def test_only_a_supervisor_in_reach_approves(request, sign_in, proposal, who, status):
    client = sign_in(request.getfixturevalue(who))
    assert client.post(reverse("marketing:proposal-approve", args=[proposal.pk])).status_code == status


def test_a_supervisor_of_another_branch_does_not_even_see_it(sign_in, make_user, west, proposal):
    client = sign_in(make_user("far", "supervisor", west))
    assert client.post(reverse("marketing:proposal-approve", args=[proposal.pk])).status_code == 404
    assert client.get("/api/v1/proposals/").json()["results"] == []


def test_refusing_without_a_reason_shows_the_form_again_with_the_field_named(sign_in, supervisor, proposal):
    response = sign_in(supervisor).post(reverse("marketing:proposal-refuse", args=[proposal.pk]), {"reason": ""})
    assert response.status_code == 422
    assert "Say why" in response.content.decode()


def test_the_api_proposes_approves_once_and_answers_409_to_a_second_decision(client, sign_in, account, manager, supervisor, level, now):
    body = {
        "account": account.pk,
        "level": level.pk,
        "services": ["short_clock"],
        "starts_on": str(now.date()),
        "months": 12,
        "reason": "Key",
    }
    made = sign_in(manager).post("/api/v1/proposals/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    sign_in(supervisor)
    assert client.post(f"/api/v1/proposals/{made.json()['id']}/approve/").json()["state"] == "approved"
    assert client.post(f"/api/v1/proposals/{made.json()['id']}/approve/").status_code == 409


@pytest.mark.parametrize("rows", [2, 30])
def test_the_list_costs_the_same_at_any_size(rows, sign_in, supervisor, manager, make_account, terms, now, django_assert_max_num_queries):
    for _ in range(rows):
        services.propose(account=make_account(), terms=terms, by=manager, at=now)
    client = sign_in(supervisor)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("marketing:proposal-list")).status_code == 200


def test_select_all_in_this_filter_takes_every_account_of_the_filter_that_one_looks_after(sign_in, manager, colleague, make_account):
    gold, also_gold = make_account(), make_account()
    for account, tier in ((gold, "gold"), (also_gold, "gold"), (make_account(), "silver"), (make_account(manager=colleague), "gold")):
        Standing.objects.create(account=account, tier=tier)
    response = sign_in(manager).post(reverse("marketing:propose-bulk") + "?tier=gold", {"everything": "1", "ids": [str(gold.pk)]})
    assert response.context["accounts"] == [gold, also_gold]
