"""One or two levels of approval by value, the rules behind them, and the reminder of renewal."""

import datetime as dt
from dataclasses import replace

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import AuditEntry
from crm.engagement.models import Engagement
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels import services as service_levels
from crm.service_levels.models import Entitlement
from marketing.green_channel import services
from marketing.green_channel.models import ChannelRule, Proposal
from segmentation.runs.models import Standing


@pytest.fixture
def second(make_user, province):
    """A supervisor of the unit above Boss's."""
    return make_user("director", "supervisor", province)


@pytest.fixture
def worth(account, manager, terms, now):
    """`worth(yuan)`: a proposal for an account billed so much in a year."""

    def propose(yuan, **more):
        Standing.objects.create(account=account, tier="diamond", revenue_12m_fen=yuan * 100)
        return services.propose(account=account, terms=replace(terms, **more), by=manager, at=now)

    return propose


@pytest.mark.parametrize(("yuan", "levels"), [(9_999_999, 1), (10_000_000, 2)])
def test_from_a_value_on_two_must_agree(worth, yuan, levels):
    assert worth(yuan).levels_needed == levels


def test_an_account_whose_value_is_not_known_needs_one(proposal):
    assert proposal.levels_needed == 1


def test_the_first_yes_hands_it_on_and_the_second_grants(worth, supervisor, second, now):
    proposal = worth(20_000_000)
    assert services.approve(proposal=proposal, by=supervisor, at=now, note="Agreed") is None
    proposal.refresh_from_db()
    assert (proposal.state, proposal.first_by, Entitlement.objects.count()) == (Proposal.State.ENDORSED, supervisor, 0)
    assert list(Proposal.objects.waiting_for(second)) == [proposal]
    assert not Proposal.objects.waiting_for(supervisor).exists()
    entitlement = services.approve(proposal=proposal, by=second, at=now)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.entitlement, proposal.decided_by) == (Proposal.State.APPROVED, entitlement, second)
    assert {"endorsed green channel", "approved green channel"} <= set(AuditEntry.objects.values_list("did", flat=True))


def test_the_second_level_is_another_person_and_not_of_a_unit_below(worth, supervisor, second, now):
    proposal = worth(20_000_000)
    services.approve(proposal=proposal, by=second, at=now)
    for person in (second, supervisor):
        with pytest.raises(Refused, match="somebody else, of the same unit or of one above") as refused:
            services.approve(proposal=proposal, by=person, at=now)
        assert refused.value.code == "second_level"
        assert not Proposal.objects.waiting_for(person).exists()


def test_the_second_level_may_refuse_and_the_manager_may_withdraw_meanwhile(worth, supervisor, second, manager, now):
    proposal = worth(20_000_000)
    services.approve(proposal=proposal, by=supervisor, at=now)
    services.refuse(proposal=proposal, by=second, at=now, reason="Arrears")
    with pytest.raises(AlreadyDone):
        services.withdraw(proposal=proposal, by=manager, at=now)
    assert Proposal.objects.get().state == Proposal.State.REFUSED


def test_one_waiting_for_the_second_level_still_bars_another_and_lapses_in_time(worth, account, supervisor, manager, terms, now):
    proposal = worth(20_000_000)
    services.approve(proposal=proposal, by=supervisor, at=now)
    with pytest.raises(AlreadyDone):
        services.propose(account=account, terms=terms, by=manager, at=now)
    assert services.lapse(at=now + dt.timedelta(days=15)) == 1


def test_quotas_and_line_go_from_the_proposal_to_the_entitlement(worth, supervisor, now):
    proposal = worth(1, services=["short_clock", "energy_advice"], quotas={"energy_advice": 4}, dedicated_line="95598-8")
    entitlement = services.approve(proposal=proposal, by=supervisor, at=now)
    assert (entitlement.dedicated_line, entitlement.quotas.get().allowed) == ("95598-8", 4)


def test_new_rules_hold_from_their_day_and_leave_old_proposals_alone(worth, administrator, now):
    proposal, today = worth(2_000_000), now.date()
    told = {"decide_within_days": 5, "remind_days_before": 60, "source": "Notice 3", "mark": "1", "on": today, "by": administrator}
    services.set_rule(valid_from=today + dt.timedelta(days=1), two_levels_from_yuan=1_000_000, **told)
    rules = [ChannelRule.objects.on(today + dt.timedelta(days=days)) for days in (0, 1)]
    assert [rule.two_levels_from_yuan for rule in rules] == [10_000_000, 1_000_000]
    proposal.refresh_from_db()
    assert proposal.levels_needed == 1
    with pytest.raises(AlreadyDone):
        services.set_rule(valid_from=today + dt.timedelta(days=1), two_levels_from_yuan=None, **told)
    with pytest.raises(Refused, match="today or a later day"):
        services.set_rule(valid_from=today - dt.timedelta(days=1), two_levels_from_yuan=None, **told)


def test_an_administrator_enters_rules_on_the_page_and_others_only_read_them(sign_in, administrator, supervisor):
    url = reverse("marketing:channel-rules")
    told = {"valid_from": timezone.localdate().isoformat(), "two_levels_from_yuan": "", "decide_within_days": 7, "remind_days_before": 45}
    assert sign_in(supervisor).get(url).status_code == 200
    assert sign_in(supervisor).post(url, told | {"source": "S", "mark": "M"}).status_code == 403
    assert sign_in(administrator).post(url, told | {"source": "", "mark": "M"}).status_code == 422
    assert sign_in(administrator).post(url, told | {"source": "S", "mark": "M"}).status_code == 302
    assert ChannelRule.objects.on(timezone.localdate()).two_levels_from_yuan is None


@pytest.fixture
def ending(account, level, supervisor, now):
    """`ending(days)`: a green channel of Anna's account that ends in so many days."""

    def grant(days):
        starts, ends = now.date() - dt.timedelta(days=300), now.date() + dt.timedelta(days=days)
        return service_levels.grant(account=account, level=level, starts_on=starts, ends_on=ends, by=supervisor, at=now)

    return grant


def test_the_manager_is_reminded_of_a_renewal_once_however_often_it_is_swept(ending, manager, now):
    entitlement = ending(20)
    assert [services.remind(at=now) for _ in range(2)] == [1, 0]
    task = Engagement.objects.get()
    assert (task.account, task.by, task.planned_on) == (entitlement.account, manager, now.date())
    assert str(entitlement.ends_on) in task.subject
    assert AuditEntry.objects.filter(did="reminded").count() == 1


@pytest.mark.parametrize("days", [31, -1])
def test_one_that_ends_later_or_has_ended_is_not_reminded_of(ending, now, days):
    ending(days)
    assert services.remind(at=now) == 0


def test_one_that_is_already_renewed_is_not_reminded_of(ending, account, level, supervisor, now):
    first = ending(20)
    follows = first.ends_on + dt.timedelta(days=1)
    service_levels.grant(account=account, level=level, starts_on=follows, ends_on=follows, by=supervisor, at=now)
    assert services.remind(at=now) == 0


def test_the_form_of_a_renewal_begins_the_day_after_with_the_same_terms(ending, sign_in, manager, account):
    entitlement = ending(20)
    page = sign_in(manager).get(reverse("marketing:propose", args=[account.pk]), {"renew": entitlement.pk})
    initial = page.context["form"].initial
    assert (initial["starts_on"], initial["services"]) == (entitlement.ends_on + dt.timedelta(days=1), entitlement.services)
