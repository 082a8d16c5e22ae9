"""The working calendar and the clock policies, as administrators keep them."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from crm.audit.models import AuditEntry
from crm.audit.verbs import sentence
from crm.calendar.models import CalendarDay, CalendarYear, WorkingWindow
from crm.service_levels.models import ClockPolicy


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(dt.datetime(2026, 11, 23, 2, tzinfo=dt.UTC), tick=False):
        yield


def test_a_year_that_clocks_will_need_is_called_out_until_it_is_loaded(sign_in, administrator):
    client, url = sign_in(administrator), reverse("crm:calendar")
    assert "Calendar not loaded for 2027" in client.get(url).content.decode()
    assert client.get("/api/v1/calendar-years/missing/").json() == {"years": [2027]}
    wrong = client.post(reverse("crm:calendar-load"), {"year": 2027, "days_off": "1 Jan", "source": "Notice"})
    assert (wrong.status_code, "“1” is not a date" in wrong.content.decode()) == (422, True)
    told = {"year": 2027, "days_off": "2027-01-01, 2027-02-05", "days_worked": "2027-02-20", "source": "Notice 7"}
    client.post(reverse("crm:calendar-load"), told)
    assert "Calendar not loaded for 2027" not in client.get(url).content.decode()
    assert client.get("/api/v1/calendar-years/missing/").json() == {"years": []}
    worked = set(CalendarDay.objects.of_year(2027).filter(is_working=True).values_list("day", flat=True))
    assert (dt.date(2027, 2, 5) in worked, dt.date(2027, 2, 20) in worked, len(worked)) == (False, True, 260)


def test_a_loaded_year_is_not_loaded_again(sign_in, administrator):
    response = sign_in(administrator).post(reverse("crm:calendar-load"), {"year": 2026, "source": "Notice"})
    assert response.status_code == 409


def test_a_day_outside_the_year_is_refused(sign_in, administrator):
    response = sign_in(administrator).post(reverse("crm:calendar-load"), {"year": 2027, "days_off": "2026-01-01", "source": "Notice"})
    assert (response.status_code, CalendarYear.objects.filter(pk=2027).exists()) == (409, False)


def test_a_day_is_changed_and_the_trail_says_so(sign_in, administrator):
    url = reverse("crm:calendar-day", args=[dt.date(2026, 11, 24)])
    sign_in(administrator).post(url, {"is_working": "0", "note": "Storm"})
    row = CalendarDay.objects.get(pk="2026-11-24")
    assert (row.is_working, row.note) == (False, "Storm")
    assert sentence(AuditEntry.objects.get()) == "Root changed the working day 2026-11-24"


@pytest.mark.parametrize(
    ("hours", "status"), [("09:00–12:00\n13:00-18:00", 302), ("nine to five", 422), ("13:00–18:00\n09:00–12:00", 409), ("", 422)]
)
def test_working_hours_are_a_window_a_line(sign_in, administrator, hours, status):
    assert sign_in(administrator).post(reverse("crm:calendar-hours"), {"hours": hours}).status_code == status
    assert WorkingWindow.objects.count() == 2


def test_a_revised_policy_follows_the_old_one_from_its_day(sign_in, administrator):
    old = ClockPolicy.objects.get(name_en="Complaint")
    told = {"contact_amount": 12, "contact_unit": "hour", "answer_amount": 4, "answer_unit": "working_day", "resolve_unit": "working_day"}
    told |= {"valid_from": "2027-01-01", "source": "City promise", "mark": "1"}
    url = reverse("crm:clock-policy-revise", args=[old.pk])
    assert sign_in(administrator).post(url, told).status_code == 302
    old.refresh_from_db()
    new = ClockPolicy.objects.get(source="City promise")
    assert (old.valid_to, new.valid_from, new.answer_within) == (dt.date(2026, 12, 31), dt.date(2027, 1, 1), 4)
    assert sign_in(administrator).post(url, told | {"valid_from": "2028-01-01"}).status_code == 409


@pytest.mark.parametrize("role", ["manager", "agent", "supervisor", "analyst"])
@pytest.mark.parametrize("name", ["crm:calendar", "crm:clock-policy-list"])
def test_only_administrators_keep_them(role, name, request, client):
    client.force_login(request.getfixturevalue(role))
    assert client.get(reverse(name)).status_code == 403


def test_a_program_loads_a_year_and_reads_its_days(sign_in, administrator, agent):
    told = {"year": 2027, "days_off": ["2027-01-01"], "source": "Notice"}
    assert sign_in(agent).post("/api/v1/calendar-years/", told, content_type="application/json").status_code == 403
    assert sign_in(administrator).post("/api/v1/calendar-years/", told, content_type="application/json").status_code == 201
    found = sign_in(agent).get("/api/v1/calendar-days/", {"year": 2027, "page_size": 2}).json()["results"]
    assert [(row["day"], row["is_working"]) for row in found] == [("2027-01-01", False), ("2027-01-02", False)]


@pytest.mark.parametrize("extra", [0, 40])
def test_the_list_of_policies_costs_the_same_at_any_size(extra, sign_in, administrator, django_assert_max_num_queries):
    ClockPolicy.objects.bulk_create(
        [ClockPolicy(name=f"P{n}", category=f"c{n}", contact_within=60, answer_within=1, valid_from="2026-01-01") for n in range(extra)]
    )
    client = sign_in(administrator)
    client.get(reverse("crm:clock-policy-list"))
    with django_assert_max_num_queries(5):
        client.get(reverse("crm:clock-policy-list"))
