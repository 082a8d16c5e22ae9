"""Clock policies: added, revised, ended, tried; which one wins, and what a ticket keeps of the choice."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from crm.calendar import services as calendar
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels import services
from crm.service_levels.models import ClockPolicy
from crm.service_levels.words import explanation
from crm.tickets import services as tickets
from segmentation.runs.models import Standing
from tests.crm.moments import moment

TODAY = dt.date(2026, 11, 23)
NOW = moment("2026-11-23 09:00")
TERMS = {"contact_within": 60, "answer_within": 2, "valid_from": TODAY, "source": "Notice 7", "mark": "1", "on": TODAY}


@pytest.fixture
def add(administrator):
    def do(conditions, **more):
        return services.add_policy(name="规则", name_en="Mine", conditions=conditions, by=administrator, **(TERMS | more))

    return do


def local(at):
    return timezone.localtime(at).strftime("%a %d %b %H:%M")


def test_a_second_policy_for_the_same_cases_is_refused_and_told_which_is_in_the_way(add):
    with pytest.raises(Refused, match="“Complaint”, in force from 2004-01-01, holds for exactly the same cases") as refused:
        add({"ticket_kind": "complaint"})
    assert refused.value.code == "conflict"
    add({"ticket_kind": "complaint", "category": "outage"})
    with pytest.raises(Refused):
        add({"ticket_kind": "complaint", "category": "outage"}, valid_from=dt.date(2030, 1, 1))


def test_the_database_itself_keeps_equally_specific_policies_apart(db):
    row = {"ticket_kind": "fault", "contact_within": 1, "answer_within": 1, "valid_from": TODAY}
    with pytest.raises(IntegrityError, match="one_clock_policy_for_the_same_conditions"), transaction.atomic():
        ClockPolicy.objects.create(name="Twice", **row)


@pytest.mark.parametrize(
    ("conditions", "wins"),
    [
        ({"ticket_kind": "complaint", "unit_kind": "rural"}, True),
        ({"ticket_kind": "complaint", "unit_kind": "urban"}, False),
        ({"tier": "diamond"}, True),
        ({"tier": "gold"}, False),
        ({"category": "outage"}, True),
        ({"category": "business"}, False),
        ({"severity": "major"}, False),
    ],
)
def test_the_kind_of_unit_and_the_tier_choose_the_clock_too(add, log, account, conditions, wins):
    account.unit.kind = "rural"
    account.unit.save()
    Standing.objects.create(account=account, tier="diamond")
    policy = add(conditions)
    assert (log().clock_policy == policy) is wins


def test_one_policy_counts_hours_working_hours_and_working_days_each_in_its_own_measure(add, log):
    add({"category": "outage"}, contact_within=90, answer_within=240, answer_measure="working_minutes", resolve_within=2)
    ticket = log(at=moment("2026-11-27 16:00"))
    assert [local(getattr(ticket, f"{name}_due_at")) for name in ("contact", "answer", "resolve")] == [
        "Fri 27 Nov 17:30", "Mon 30 Nov 11:00", "Tue 01 Dec 18:00",
    ]  # fmt: skip
    tickets.wait(ticket=ticket, text="photo", by=ticket.logged_by, at=moment("2026-11-27 17:00"))
    tickets.resume(ticket=ticket, by=ticket.logged_by, at=moment("2026-11-30 10:00"))
    assert [local(ticket.answer_due_at), local(ticket.resolve_due_at)] == ["Mon 30 Nov 14:00", "Wed 02 Dec 11:00"]


def test_a_revision_does_not_rewrite_what_was_promised_before_it(log, administrator):
    before = log()
    policy = ClockPolicy.objects.get(name_en="Complaint")
    services.revise_policy(policy=policy, by=administrator, **(TERMS | {"answer_within": 1, "valid_from": dt.date(2026, 11, 24)}))
    after, meanwhile = log(at=moment("2026-11-24 09:00")), log(at=moment("2026-11-23 17:00"))
    before.refresh_from_db()
    assert [local(ticket.answer_due_at) for ticket in (before, after, meanwhile)] == [
        "Mon 30 Nov 18:00",
        "Wed 25 Nov 18:00",
        "Mon 30 Nov 18:00",
    ]
    tickets.answer(ticket=before, text="Done.", by=before.logged_by, at=moment("2026-11-25 09:00"))
    tickets.reopen(ticket=before, text="Again.", by=before.logged_by, at=moment("2026-11-25 10:00"))
    assert local(before.answer_due_at) == "Wed 02 Dec 18:00"


def test_an_ended_policy_leaves_its_cases_to_a_less_specific_one(log, administrator):
    policy = ClockPolicy.objects.get(name_en="Complaint")
    services.end_policy(policy=policy, last_day=TODAY, on=TODAY, by=administrator)
    assert [log(at=NOW).clock_policy.name_en, log(at=moment("2026-11-24 09:00")).clock_policy.name_en] == ["Complaint", "Any ticket"]
    with pytest.raises(AlreadyDone):
        services.end_policy(policy=policy, last_day=TODAY, on=TODAY, by=administrator)


def test_the_policy_for_every_ticket_is_not_ended(administrator):
    with pytest.raises(Refused, match="no other does"):
        services.end_policy(policy=ClockPolicy.objects.get(name_en="Any ticket"), last_day=TODAY, on=TODAY, by=administrator)


def test_nothing_is_promised_for_days_gone_by(add):
    with pytest.raises(Refused, match="today or a later day"):
        add({"category": "outage"}, valid_from=TODAY - dt.timedelta(days=1))


def test_a_ticket_says_which_policy_holds_and_why_in_the_readers_language(log, account, green, supervisor):
    services.grant(account=account, level=green, starts_on=TODAY, ends_on=TODAY, by=supervisor, at=NOW)
    ticket = log()
    assert ticket.clock_explained["why"] == ["level", "kind"]
    ticket.refresh_from_db()
    assert explanation(ticket) == [
        "“Green channel, complaint” holds, chosen by: green channel in force, kind of ticket.",
        "It is more specific than: Green channel, Complaint, Any ticket.",
        "Without the green channel it would be “Complaint”: answer within 5 working days.",
    ]
    with override("zh-hans"):
        assert "绿色通道投诉" in explanation(ticket)[0]


def test_what_a_ticket_keeps_is_read_on_its_page_and_through_the_api(log, sign_in, agent):
    ticket, client = log(), sign_in(agent)
    assert "It is more specific than: Any ticket." in client.get(reverse("crm:ticket-detail", args=[ticket.pk])).content.decode()
    told = client.get(f"/api/v1/tickets/{ticket.pk}/").json()
    assert (told["clock_policy"], told["clock_explained"]["why"]) == ("Complaint", ["kind"])


def test_a_clock_costs_few_queries_and_an_edit_is_seen_at_once(add, account, administrator):
    def promised():
        return services.promise(account=account, kind="complaint", category="outage", severity="normal", at=NOW)

    first = promised()
    with CaptureQueriesContext(connection) as asked:
        assert promised() == first
    assert len(asked) == 2
    add({"category": "outage"})
    assert local(promised().answer_due_at) == "Wed 25 Nov 18:00"
    calendar.set_day(day=dt.date(2026, 11, 24), is_working=False, note="Storm", by=administrator)
    assert local(promised().answer_due_at) == "Thu 26 Nov 18:00"


def test_an_edit_that_was_rolled_back_is_not_kept(add, account):
    def promised():
        return services.promise(account=account, kind="complaint", category="outage", severity="normal", at=NOW).policy.name_en

    before = promised()
    try:
        with transaction.atomic():
            add({"category": "outage"})
            inside = promised()
            raise RuntimeError
    except RuntimeError:
        pass
    assert (before, inside, promised()) == ("Complaint", "Mine", "Complaint")


FORM = {
    "name": "农村停电", "name_en": "Rural outage", "category": "outage", "unit_kind": "rural", "contact_amount": 2, "contact_unit": "hour",
    "answer_amount": 1, "answer_unit": "day", "resolve_unit": "working_day", "valid_from": "2030-01-01", "source": "City promise", "mark": "1",
}  # fmt: skip


def test_an_administrator_adds_a_policy_and_a_conflict_is_told(sign_in, administrator):
    client = sign_in(administrator)
    assert client.post(reverse("crm:clock-policy-add"), FORM).status_code == 302
    policy = ClockPolicy.objects.get(name_en="Rural outage")
    assert (policy.contact_within, policy.answer_within, policy.answer_measure, policy.resolve_within) == (120, 1440, "minutes", None)
    again = client.post(reverse("crm:clock-policy-add"), FORM)
    assert again.status_code == 409
    assert "“Rural outage”" in again.content.decode()


@pytest.mark.parametrize(("field", "value"), [("contact_amount", -1), ("answer_amount", 9999), ("source", ""), ("tier", "copper")])
def test_a_wrong_field_of_a_policy_is_named(sign_in, administrator, field, value):
    response = sign_in(administrator).post(reverse("crm:clock-policy-add"), FORM | {field: value})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_a_case_is_tried_on_the_page_without_logging_anything(sign_in, administrator, account, green, supervisor):
    services.grant(account=account, level=green, starts_on=TODAY, ends_on=TODAY, by=supervisor, at=NOW)
    told = {"number": account.number, "ticket_kind": "complaint", "category": "outage", "severity": "normal", "at": "2026-11-23T09:00"}
    page = sign_in(administrator).get(reverse("crm:clock-policy-try"), told)
    found = page.context["tried"]
    assert [policy.name_en for policy, _dues, _sooner in found["candidates"]] == [
        "Green channel, complaint", "Green channel", "Complaint", "Any ticket",
    ]  # fmt: skip
    wrong = sign_in(administrator).get(reverse("crm:clock-policy-try"), told | {"number": "0000000000"})
    assert (wrong.status_code, "check the number" in wrong.content.decode()) == (422, True)


def test_a_program_adds_tries_revises_and_ends_a_policy(sign_in, administrator, agent):
    client, url = sign_in(administrator), "/api/v1/clock-policies/"
    told = {
        "name": "停电",
        "category": "outage",
        "contact_within": 30,
        "answer_within": 1,
        "valid_from": "2030-01-01",
        "source": "S",
        "mark": "V",
    }
    made = client.post(url, told, content_type="application/json")
    assert made.status_code == 201, made.content
    assert client.post(url, told, content_type="application/json").json()["code"] == "conflict"
    assert client.post(url, told | {"category": "weather"}, content_type="application/json").status_code == 400
    later = {"contact_within": 20, "answer_within": 1, "valid_from": "2031-01-01", "source": "S", "mark": "V"}
    revised = client.post(f"{url}{made.json()['id']}/revise/", later, content_type="application/json").json()
    assert (
        client.post(f"{url}{revised['id']}/end/", {"last_day": "2032-01-31"}, content_type="application/json").json()["valid_to"]
        == "2032-01-31"
    )
    asked = {"ticket_kind": "complaint", "category": "outage", "severity": "normal", "at": "2030-06-03T09:00:00+08:00"}
    tried = sign_in(agent).get(f"{url}try/", asked).json()
    assert (tried["policy"]["id"], tried["why"], tried["missing_year"]) == (made.json()["id"], ["category"], 2030)
    assert [row["name"] for row in tried["candidates"]] == ["停电", "Complaint", "Any ticket"]
    assert client.post(url, told, content_type="application/json").status_code == 403
