"""Colleagues, units and one's own page: who sees and changes whom."""

import pytest
from django.urls import reverse
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from crm.audit.models import AuditEntry
from crm.people.models import User

READERS = [("manager", 403), ("agent", 403), ("analyst", 403), ("supervisor", 200), ("administrator", 200)]


@pytest.mark.parametrize(("who", "status"), READERS)
@pytest.mark.parametrize("name", ["people-list", "unit-list"])
def test_who_reads_the_list_of_people_and_units(request, sign_in, who, status, name):
    assert sign_in(request.getfixturevalue(who)).get(reverse(f"crm:{name}")).status_code == status


def test_a_supervisor_sees_the_own_subtree_and_an_administrator_everyone(sign_in, supervisor, administrator, manager, stranger):
    own = sign_in(supervisor).get(reverse("crm:people-list")).content.decode()
    assert manager.username in own and "<small>zoe</small>" not in own
    assert "<small>zoe</small>" in sign_in(administrator).get(reverse("crm:people-list")).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [({"role": "manager"}, 2), ({"unit": "334010101"}, 1), ({"q": "zoe"}, 1), ({"active": "false"}, 0), ({"role": "agent"}, 0)],
)
def test_people_are_filtered_alike_on_the_page_and_through_the_api(sign_in, administrator, manager, stranger, query, found):
    client = sign_in(administrator)
    assert len(client.get("/api/v1/people/", query).json()["results"]) == found
    assert len(client.get(reverse("crm:people-list"), query).context["rows"].rows) == found


def test_the_list_costs_the_same_at_two_sizes(sign_in, administrator, make_user, east, cost_of):
    counts = []
    sign_in(administrator)
    for size in (2, 30):
        for number in range(size):
            make_user(f"m{size}-{number}", "manager", east)
        counts.append(cost_of(reverse("crm:people-list")))
    assert counts[0] == counts[1]


def values(person, **more):
    base = {
        "full_name": person.full_name,
        "full_name_en": "",
        "title": "",
        "phone": "",
        "role": person.role,
        "unit": person.unit_id or "",
        "is_active": "on",
    }
    return {key: value for key, value in (base | more).items() if value is not None}


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 403), ("agent", 403), ("analyst", 403), ("supervisor", 403), ("administrator", 302)]
)
def test_who_changes_people(request, sign_in, colleague, who, status):
    url = reverse("crm:person-edit", args=[colleague.pk])
    assert sign_in(request.getfixturevalue(who)).post(url, values(colleague, title="班长")).status_code == status


def test_a_change_of_role_is_noted_with_before_and_after(sign_in, administrator, colleague, supervisor):
    sign_in(administrator).post(reverse("crm:person-edit", args=[colleague.pk]), values(colleague, role="agent", unit="", phone="12345678"))
    colleague.refresh_from_db()
    assert (colleague.role, colleague.unit) == ("agent", None)
    entry = AuditEntry.objects.get(did="changed")
    assert entry.details["changes"]["role"] == ["manager", "agent"] and "phone" not in entry.details["changes"]
    client = sign_in(administrator)
    detail = client.get(reverse("crm:audit-detail", args=[entry.pk])).content.decode()
    assert "Customer manager" in detail and "Call-centre agent" in detail


def test_a_manager_without_a_unit_is_refused_by_name_of_the_field(sign_in, administrator, colleague):
    answer = sign_in(administrator).post(reverse("crm:person-edit", args=[colleague.pk]), values(colleague, unit=""))
    assert answer.status_code == 422 and "works for a unit" in answer.content.decode()


def test_nobody_locks_the_utility_out(sign_in, administrator, make_user):
    client = sign_in(administrator)
    url = reverse("crm:person-edit", args=[administrator.pk])
    assert client.post(url, values(administrator, is_active=None)).status_code == 409
    assert client.post(url, values(administrator, role="agent")).status_code == 409
    other = make_user("second", "administrator")
    assert client.post(reverse("crm:person-edit", args=[other.pk]), values(other, is_active=None)).status_code == 302
    assert User.objects.filter(role="administrator", is_active=True).get() == administrator


@pytest.mark.parametrize("who", ["manager", "agent", "analyst", "supervisor", "administrator"])
def test_everyone_has_a_page_and_a_token_shown_once(request, sign_in, who):
    user = request.getfixturevalue(who)
    client = sign_in(user)
    assert client.get(reverse("crm:me")).status_code == 200
    shown = client.post(reverse("crm:token-new")).content.decode()
    key = Token.objects.get(user=user).key
    assert key in shown and key not in client.get(reverse("crm:me")).content.decode()
    program = APIClient(headers={"Authorization": f"Token {key}"})
    assert program.get("/api/v1/people/me/").json()["username"] == user.username
    client.post(reverse("crm:token-new"))
    assert program.get("/api/v1/people/me/").status_code in (401, 403)
    client.post(reverse("crm:token-remove"))
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 403), ("agent", 403), ("analyst", 403), ("supervisor", 200), ("administrator", 200)]
)
def test_who_reads_people_through_the_api(request, sign_in, who, status):
    client = sign_in(request.getfixturevalue(who))
    assert client.get("/api/v1/people/").status_code == status
    assert client.get("/api/v1/units/").status_code == 200
