"""From a run's figures to a large customer: candidates, the watch list, a promotion another decides."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import AuditEntry
from crm.people.errors import AlreadyDone, Refused
from crm.tickets.models import Ticket
from marketing.development import finding, services
from marketing.development.models import Candidate, LargeCustomer, Prospect
from marketing.development.rules import SIGNS, strength
from marketing.development.words import evidence_in_words
from tests.segmentation.conftest import run, stand  # noqa: F401
from tests.segmentation.segments.conftest import NOW, _own_lake, judge  # noqa: F401

STRONG = {
    "tier": "silver", "category": "general_commercial", "usage_state": "active", "potential_score": 80.0, "current_score": 40.0, "growth": 0.4,
    "recent_ratio": 1.3, "capacity_use": 0.9, "max_demand_kw": 567.0, "kwh_12m": 140.0, "kwh_prev_12m": 100.0, "revenue_12m_fen": 10_000_00,
}  # fmt: skip
NOT_ONE = {
    "gold already": {"tier": "gold"}, "low potential": {"potential_score": 59.0}, "growth unknown": {"growth": None},
    "falling lately": {"recent_ratio": 0.9}, "a household": {"category": "residential"}, "stopped": {"usage_state": "stopped"},
}  # fmt: skip


@pytest.fixture
def utility(transactional_db, make_account, stand, judge):  # noqa: F811
    """One candidate with an open service request, six accounts that each miss one condition, and a dozen of its industry."""
    strong = make_account(name="立新制造", name_en="Lixin")
    others = {name: make_account() for name in NOT_ONE}
    industry = [make_account() for _ in range(9)]
    for account in (strong, *industry):
        account.customer.industry = "C3311"
        account.customer.save()
    Ticket.objects.create(
        account=strong, kind="service", category="service", title="增容", opened_at=dt.datetime(2026, 10, 1, tzinfo=dt.UTC)
    )
    judge(
        {strong: STRONG} | {others[name]: STRONG | miss for name, miss in NOT_ONE.items()}
        | {account: {"tier": "standard", "category": "general_commercial", "kwh_12m": 104.0, "kwh_prev_12m": 100.0} for account in industry}
    )  # fmt: skip
    for account in (strong, *others.values(), *industry):
        stand(account)
    return strong


@pytest.fixture
def prospect(account, manager, stand):  # noqa: F811
    stand(account)
    return services.watch(account=account, by=manager, at=NOW)


def test_a_candidate_is_found_with_its_evidence_and_who_misses_one_condition_is_not(utility):
    assert finding.refresh(at=NOW) == 1
    assert finding.refresh(at=NOW) is None  # this run has been asked
    found = Candidate.objects.get()
    assert found.account == utility
    evidence = found.evidence
    assert (evidence["requests_12m"], evidence["requests_open"], evidence["industry"]) == (1, 1, "C33")
    assert evidence["industry_growth"] == pytest.approx((140 + 9 * 104) / 1000 - 1)
    assert evidence["contract_kva"] == 630
    assert found.strength == strength(evidence) == pytest.approx(24 + 20 + 10 + 7.5 + 7.6)
    said = dict(evidence_in_words(evidence))
    assert said["Highest demand"] == "567 kW of 630 kVA contracted: 90\u00a0% used"
    assert "1 in 12 months" in said["Service requests"]


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: sign.name)
def test_a_sign_is_worth_nothing_at_its_low_end_all_at_its_high_and_never_more(sign):
    middle = (sign.low + sign.high) / 2
    assert [sign.worth(value) for value in (None, sign.low, middle, sign.high, sign.high * 9)] == [
        0,
        0,
        pytest.approx(sign.points / 2),
        sign.points,
        sign.points,
    ]


def test_the_signs_add_up_to_a_hundred():
    assert sum(sign.points for sign in SIGNS) == 100


def test_one_develops_proposes_and_another_approves(prospect, account, manager, supervisor, sign_in):
    services.move(prospect=prospect, to="contacted", by=manager, at=NOW)
    services.move(prospect=prospect, to="developing", by=manager, at=NOW)
    services.plan(prospect=prospect, next_action="Visit the works", next_on=dt.date(2026, 12, 1), by=manager)
    services.note(prospect=prospect, text="They order a second line", by=manager, at=NOW)
    assert "Visit the works" in sign_in(manager).get(reverse("marketing:desk-ahead")).content.decode()
    services.propose(prospect=prospect, reason="Second line in March", by=manager, at=NOW)
    assert "Waits for your decision" in sign_in(supervisor).get(reverse("marketing:desk-ahead")).content.decode()
    large = services.approve(prospect=prospect, by=supervisor, at=timezone.localtime(NOW))
    prospect.refresh_from_db()
    assert (prospect.state, large.account, large.prospect) == ("promoted", account, prospect)
    assert "Second line in March" in large.source
    with pytest.raises(AlreadyDone):
        services.approve(prospect=prospect, by=supervisor, at=NOW)
    client = sign_in(manager)
    page = client.get(reverse("segmentation:portfolio"), {"among": "large_customer"})
    assert [row.account for row in page.context["page"]] == [account]
    assert "Large customer" in page.content.decode()
    assert "Large customer" in client.get(reverse("marketing:development-panel", args=[account.pk])).content.decode()
    timeline = client.get(f"/api/v1/accounts/{account.pk}/timeline/").json()["results"]
    assert any("approved it as a large customer" in event["title"] for event in timeline)
    services.end(large=large, reason="Moved away", by=supervisor, at=timezone.localtime())
    assert not LargeCustomer.objects.standing().exists()
    done = list(AuditEntry.objects.filter(subject_kind="marketing.prospect").order_by("id").values_list("did", flat=True))
    assert done == [f"{verb} a prospect" for verb in ("watched", "moved", "moved", "planned for", "noted on", "proposed", "promoted")]


def test_what_the_rules_do_not_allow_is_refused_with_the_reason(prospect, account, manager, colleague, supervisor):
    with pytest.raises(AlreadyDone, match="on the watch list already"):
        services.watch(account=account, by=manager, at=NOW)
    with pytest.raises(Refused, match="Only who looks after"):
        services.move(prospect=prospect, to="contacted", by=colleague, at=NOW)
    with pytest.raises(Refused, match="cannot go to"):
        services.move(prospect=prospect, to="promoted", by=manager, at=NOW)
    with pytest.raises(Refused, match="Say why"):
        services.drop(prospect=prospect, reason=" ", by=manager, at=NOW)
    services.propose(prospect=prospect, reason="Grows", by=supervisor, at=NOW)
    with pytest.raises(Refused, match="own proposal"):
        services.approve(prospect=prospect, by=supervisor, at=NOW)


def test_a_refusal_sends_it_back_to_work_and_a_dropped_one_may_be_taken_up_again(prospect, account, manager, supervisor):
    services.propose(prospect=prospect, reason="Grows", by=manager, at=NOW)
    services.refuse(prospect=prospect, reason="Wait for the permit", by=supervisor, at=NOW)
    prospect.refresh_from_db()
    assert (prospect.state, prospect.decision_reason) == ("developing", "Wait for the permit")
    services.drop(prospect=prospect, reason="Project stopped", by=manager, at=NOW)
    assert services.watch(account=account, by=manager, at=NOW).pk != prospect.pk


def test_the_pages_do_what_the_buttons_say(sign_in, manager, supervisor, account, stand):  # noqa: F811
    stand(account)
    client = sign_in(manager)
    made = client.post(reverse("marketing:prospect-watch", args=[account.pk]))
    prospect = Prospect.objects.get()
    assert made.url == reverse("marketing:prospect-detail", args=[prospect.pk])
    deeds = {
        "move": {"to": "contacted"}, "plan": {"next_action": "Call", "next_on": "2026-12-01", "owner": manager.pk}, "note": {"text": "Asked"},
        "propose": {"propose-reason": "Grows"},
    }  # fmt: skip
    assert client.post(reverse("marketing:prospect-propose", args=[prospect.pk]), {}).status_code == 422
    for verb, data in deeds.items():
        assert client.post(reverse(f"marketing:prospect-{verb}", args=[prospect.pk]), data).status_code == 302, verb
    client = sign_in(supervisor)
    assert client.post(reverse("marketing:prospect-refuse", args=[prospect.pk]), {}).status_code == 422
    assert client.post(reverse("marketing:prospect-approve", args=[prospect.pk]), {"decide-reason": "Yes"}).status_code == 302
    assert LargeCustomer.objects.get().prospect == prospect


@pytest.mark.parametrize("rows", [2, 30])
def test_the_lists_cost_the_same_at_any_size(rows, sign_in, manager, make_account, stand, run, django_assert_max_num_queries):  # noqa: F811
    for n in range(rows):
        watched, large, candidate = (make_account() for _ in range(3))
        for account in (watched, large, candidate):
            stand(account)
        Prospect.objects.create(account=watched, owner=manager, added_by=manager, added_at=NOW)
        LargeCustomer.objects.create(account=large, starts_on=dt.date(2026, 1, 1), source="List", entered_by=manager)
        Candidate.objects.create(account=candidate, run=run, strength=n, evidence={"growth": 0.2})
    client = sign_in(manager)
    for name in ("prospect-list", "candidate-list", "large-customer-list"):
        with django_assert_max_num_queries(10):
            page = client.get(reverse(f"marketing:{name}"))
        assert len(page.context["page"].rows) == rows, name


def test_a_supervisor_enters_who_has_long_been_large_and_is_told_what_is_wrong(sign_in, supervisor, manager, account, stand):  # noqa: F811
    stand(account)
    url, client = reverse("marketing:large-customer-new"), sign_in(supervisor)
    assert sign_in(manager).get(url).status_code == 403
    client = sign_in(supervisor)
    told = {"number": account.number, "starts_on": "2024-01-01", "source": "省公司2024年大客户名单"}
    to_come = client.post(url, told | {"starts_on": "2999-01-01"})
    assert (to_come.status_code, list(to_come.context["form"].errors)) == (422, ["starts_on"])
    assert list(client.post(url, told | {"number": "1"}).context["form"].errors) == ["number"]
    watched = services.watch(account=account, by=manager, at=NOW)
    assert "watch list of" in str(client.post(url, told).context["form"].errors["number"])
    services.drop(prospect=watched, reason="Large already", by=manager, at=NOW)
    page = client.post(url, told, follow=True)
    assert [large.source for large in page.context["page"]] == [told["source"]]
    assert "already" in str(client.post(url, told).context["form"].errors["number"])


def test_programs_enter_large_customers_by_the_same_rules(sign_in, supervisor, manager, account):
    url, told = "/api/v1/large-customers/", {"account": account.pk, "source": "List of 2024"}
    assert sign_in(manager).post(url, told, content_type="application/json").status_code == 403
    client = sign_in(supervisor)
    late = client.post(url, told | {"starts_on": "2999-01-01"}, content_type="application/json")
    assert (late.status_code, late.json()["code"]) == (409, "day_to_come")
    assert client.post(url, {"account": account.pk}, content_type="application/json").json() == {"source": ["This field is required."]}
    made = client.post(url, told, content_type="application/json")
    assert (made.status_code, made.json()["starts_on"]) == (201, timezone.localdate().isoformat())
    again = client.post(url, told, content_type="application/json")
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    assert client.get(url, {"standing": "true"}).json()["results"][0]["account"] == account.pk
