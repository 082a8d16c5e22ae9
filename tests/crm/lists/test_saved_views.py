"""Views of a list that people keep: their own, and those shared with everyone."""

import pytest
from django.urls import reverse

from crm.lists import services
from crm.lists.models import SavedView
from crm.people.errors import Refused

PAGE = "crm:ticket-list"


@pytest.fixture
def mine(manager):
    return services.save_view(owner=manager, page=PAGE, name="Mine", query="?state=new&cursor=abc&kind=complaint")


def test_a_view_keeps_the_filter_without_its_place_in_the_list(mine):
    assert mine.query == "state=new&kind=complaint"


def test_saving_again_under_the_same_name_replaces_it(mine, manager):
    services.save_view(owner=manager, page=PAGE, name=" Mine ", query="state=closed")
    assert SavedView.objects.get().query == "state=closed"


def test_others_see_a_view_once_it_is_shared_and_cannot_change_it(sign_in, mine, manager, colleague):
    menu = reverse("crm:saved-views") + f"?page={PAGE}"
    assert "Mine" not in sign_in(colleague).get(menu).content.decode()
    assert sign_in(colleague).post(reverse("crm:view-delete", args=[mine.pk])).status_code == 404
    sign_in(manager).post(reverse("crm:view-change", args=[mine.pk]), {"shared": "on"})
    assert "Mine" in sign_in(colleague).get(menu).content.decode()
    assert sign_in(colleague).post(reverse("crm:view-delete", args=[mine.pk])).status_code == 409
    assert SavedView.objects.exists()


@pytest.mark.parametrize("who", ["manager", "agent", "analyst", "supervisor", "administrator"])
def test_every_role_may_keep_views_from_the_menu(request, sign_in, who):
    client = sign_in(request.getfixturevalue(who))
    answer = client.post(reverse("crm:view-save"), {"page": PAGE, "name": "Open", "query": "state=new"})
    assert answer.status_code == 302 and answer.url.endswith("?state=new")
    client.post(reverse("crm:view-delete", args=[SavedView.objects.get().pk]))
    assert not SavedView.objects.exists()


def test_a_view_of_a_page_that_keeps_none_is_not_found(sign_in, manager):
    assert sign_in(manager).post(reverse("crm:view-save"), {"page": "crm:me", "name": "x"}).status_code == 404
    assert sign_in(manager).get(reverse("crm:saved-views"), {"page": "https://elsewhere"}).status_code == 404


def test_a_name_is_needed_and_not_taken(mine, manager):
    with pytest.raises(Refused, match="name"):
        services.save_view(owner=manager, page=PAGE, name="  ")
    other = services.save_view(owner=manager, page=PAGE, name="Other")
    with pytest.raises(Refused, match="already"):
        services.change_view(view=other, by=manager, name="Mine")


def test_the_menu_costs_the_same_at_two_sizes(sign_in, manager, colleague, cost_of):
    sign_in(manager)
    counts = []
    for size in (2, 20):
        for number in range(size):
            services.save_view(owner=colleague, page=PAGE, name=f"{size} {number}", shared=True)
        counts.append(cost_of(reverse("crm:saved-views", query={"page": PAGE})))
    assert counts[0] == counts[1]


def test_programs_keep_change_and_drop_views(sign_in, manager, colleague):
    client = sign_in(manager)
    made = client.post("/api/v1/saved-views/", {"page": PAGE, "name": "A", "query": "state=new"}, content_type="application/json")
    assert made.status_code == 201
    url = f"/api/v1/saved-views/{made.json()['id']}/"
    assert client.patch(url, {"shared": True, "name": "B"}, content_type="application/json").json()["name"] == "B"
    assert sign_in(colleague).patch(url, {"name": "C"}, content_type="application/json").status_code == 409
    assert sign_in(manager).delete(url).status_code == 204
