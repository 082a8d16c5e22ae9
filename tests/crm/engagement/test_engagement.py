"""Visits and calls: logged, planned, finished; by whoever looks after the account."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.audit.models import AuditEntry
from crm.changes.models import DirtyMonth
from crm.engagement import services
from crm.engagement.models import Engagement
from crm.people.errors import AlreadyDone, Refused

TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def planned(account, manager):
    return services.plan(account=account, by=manager, kind="visit", subject="See the substation", planned_on=dt.date(2026, 11, 18))


ACTORS = [
    ("manager", 302),
    ("colleague", 403),
    ("stranger", 404),
    ("supervisor", 302),
    ("agent", 403),
    ("analyst", 403),
    ("administrator", 403),
]


@pytest.mark.parametrize(("who", "status"), [*ACTORS[:2], ("stranger", 404), *ACTORS[3:]])
@pytest.mark.parametrize("deed", ["log", "plan", "finish", "cancel"])
def test_who_may_do_it(request, sign_in, account, planned, who, status, deed):
    today = timezone.localdate().isoformat()
    values = {"kind": "visit", "subject": "x", "happened_on": today, "planned_on": today}
    pk = account.pk if deed in ("log", "plan") else planned.pk
    assert sign_in(request.getfixturevalue(who)).post(reverse(f"crm:engagement-{deed}", args=[pk]), values).status_code == status


def test_a_logged_visit_marks_the_month_for_the_lake_and_plans_what_comes_next(account, manager):
    services.log(
        account=account, by=manager, today=TODAY, kind="visit", subject="Walk through", happened_on=dt.date(2026, 11, 3),
        next_action="Send the offer", next_action_on=dt.date(2026, 12, 1), satisfaction=4,
    )  # fmt: skip
    task = Engagement.objects.planned().get()
    assert (task.kind, task.subject, task.planned_on, task.by) == ("task", "Send the offer", dt.date(2026, 12, 1), manager)
    assert list(DirtyMonth.objects.filter(table="engagement").values_list("period", flat=True)) == [dt.date(2026, 11, 1)]
    assert AuditEntry.objects.filter(account=account, did="logged").count() == 1


def test_a_planned_visit_is_finished_once(planned, manager):
    services.finish(engagement=planned, by=manager, today=TODAY, happened_on=TODAY, notes="All well")
    planned.refresh_from_db()
    assert (planned.happened_on, planned.notes) == (TODAY, "All well")
    with pytest.raises(AlreadyDone):
        services.finish(engagement=planned, by=manager, today=TODAY, happened_on=TODAY)
    with pytest.raises(AlreadyDone):
        services.cancel(engagement=planned, by=manager, at=timezone.now())
    assert AuditEntry.objects.filter(did="finished").count() == 1


def test_the_future_cannot_be_logged(account, manager):
    with pytest.raises(Refused, match="still to come"):
        services.log(account=account, by=manager, today=TODAY, kind="call", subject="x", happened_on=TODAY + dt.timedelta(1))


def test_a_form_with_a_mistake_comes_back_with_its_reason(sign_in, manager, account):
    url = reverse("crm:engagement-log", args=[account.pk])
    answer = sign_in(manager).post(
        url, {"kind": "visit", "subject": "", "happened_on": "2026-11-03", "next_action_on": "2026-12-01"}, headers={"HX-Request": "true"}
    )
    text = answer.content.decode()
    assert answer.status_code == 422 and "Say what is to be done on that day." in text and "<html" not in text


def test_the_service_tab_shows_what_is_planned_with_its_forms_and_costs_the_same_at_two_sizes(sign_in, manager, make_account, cost_of):
    client, counts = sign_in(manager), []
    for size in (1, 15):
        account = make_account()
        for number in range(size):
            services.plan(account=account, by=manager, kind="visit", subject=f"Plan {number}", planned_on=TODAY)
            services.log(account=account, by=manager, today=TODAY, kind="call", subject=f"Call {number}", happened_on=TODAY)
        url = reverse("crm:account-tab", args=[account.pk, "service"])
        text = client.get(url).content.decode()
        assert f"Plan {size - 1}" in text and "Mark as done" in text
        counts.append(cost_of(url))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("manager", 201),
        ("colleague", 403),
        ("stranger", 404),
        ("supervisor", 201),
        ("agent", 403),
        ("analyst", 403),
        ("administrator", 403),
    ],
)
def test_who_may_log_through_the_api(request, sign_in, account, who, status):
    values = {"account": account.pk, "kind": "call", "subject": "x", "happened_on": "2026-11-03"}
    client = sign_in(request.getfixturevalue(who))
    assert client.post("/api/v1/engagements/log/", values, content_type="application/json").status_code == status


def test_the_api_plans_finishes_and_says_who_was_first(sign_in, manager, account):
    client = sign_in(manager)
    post = lambda url, values: client.post(url, values, content_type="application/json")  # noqa: E731
    made = post("/api/v1/engagements/plan/", {"account": account.pk, "kind": "visit", "subject": "x", "planned_on": "2026-11-18"}).json()
    url = f"/api/v1/engagements/{made['id']}/finish/"
    assert post(url, {"happened_on": "2026-11-18"}).json()["happened_on"] == "2026-11-18"
    again = post(url, {"happened_on": "2026-11-18"})
    assert again.status_code == 409 and again.json()["code"] == "already_done"
