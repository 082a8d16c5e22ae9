"""Webhooks on the page and in the API: administrators alone; the secret is told once."""

import pytest
from django.urls import reverse

from crm.webhooks import delivering
from crm.webhooks.models import Delivery, Event, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(sign_in, administrator):
    return sign_in(administrator)


def test_a_webhook_is_made_on_the_page_and_its_secret_shown_once(client):
    wanted = {"name": "Billing", "url": "https://partner.example/hooks", "kinds": ["ticket.created"]}
    page = client.post(reverse("crm:webhook-new"), wanted).content.decode()
    made = Subscription.objects.get()
    secret = made.secrets(made.created_at)[0]
    assert secret in page
    assert secret not in client.get(reverse("crm:webhook-edit", args=[made.pk])).content.decode()
    assert secret not in client.get("/api/v1/webhooks/").content.decode()
    assert made.nonce not in secret


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"url": "javascript:alert(1)"}, "This is no web address"),
        ({"url": "https://a:b@partner.example/"}, "Leave name and password out"),
        ({"kinds": ["ticket.eaten"]}, "ticket.eaten"),
        ({"kinds": []}, "required"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_on_the_page_and_in_the_api(client, wrong, told):
    wanted = {"name": "Billing", "url": "https://partner.example/hooks", "kinds": ["ticket.created"]} | wrong
    page = client.post(reverse("crm:webhook-new"), wanted)
    assert page.status_code == 422 and told in page.content.decode()
    answer = client.post("/api/v1/webhooks/", wanted, content_type="application/json")
    assert answer.status_code == 400 and set(answer.json()) == set(wrong)
    assert not Subscription.objects.exists()


def test_the_log_shows_each_attempt_and_replays_in_page_and_api(client, log, subscribe, partner, monday):
    subscription = subscribe()
    log()
    partner.answers = [500]
    delivering.fan_out(at=monday)
    delivering.deliver_due(now=lambda: monday)
    delivery = Delivery.objects.get()
    page = client.get(reverse("crm:webhook-delivery", args=[delivery.pk])).content.decode()
    assert "The receiver answered 500." in page and str(delivery.event.key) in page
    told = client.get(f"/api/v1/webhook-deliveries/{delivery.pk}/").json()
    assert told["attempts"][0]["status"] == 500 and told["message"]["type"] == "ticket.created"
    assert client.post(f"/api/v1/webhook-deliveries/{delivery.pk}/replay/").status_code == 409  # still to be tried
    Delivery.objects.update(state="failed")
    assert client.post(reverse("crm:webhook-replay", args=[delivery.pk])).status_code == 302
    assert (
        client.get(reverse("crm:webhook-log"), {"state": "waiting", "subscription": subscription.pk})
        .content.decode()
        .count("ticket.created")
        > 1
    )
    assert "Nothing with these filters" in client.get(reverse("crm:webhook-log"), {"state": "failed"}).content.decode()


def test_a_disabled_webhook_is_announced_above_the_list(client, subscribe):
    subscription = subscribe(name="Broken one")
    Subscription.objects.update(state="disabled", disabled_why="status: 404", disabled_at=subscription.created_at)
    page = client.get(reverse("crm:webhook-list")).content.decode()
    assert "“Broken one” was disabled because it failed too often in a row. Last: The receiver answered 404." in page


def test_pause_resume_test_and_new_secret_through_the_api(client, subscribe):
    address = f"/api/v1/webhooks/{subscribe().pk}"
    assert client.post(f"{address}/pause/").json()["state"] == "paused"
    assert client.post(f"{address}/pause/").status_code == 409
    assert client.post(f"{address}/resume/").json()["state"] == "active"
    assert client.post(f"{address}/renew-secret/").json()["secret"].startswith("whsec_")
    assert client.post(f"{address}/test/").status_code == 201
    changed = client.post(
        f"{address}/change/", {"name": "B", "url": "https://b.example/", "kinds": ["ticket.breached"]}, content_type="application/json"
    )
    assert changed.json()["kinds"] == ["ticket.breached"]


@pytest.mark.parametrize("size", [1, 12])
@pytest.mark.parametrize("name", ["webhook-list", "webhook-log"])
def test_lists_cost_the_same_at_any_size(name, size, client, subscribe, monday, django_assert_max_num_queries):
    subscription = subscribe()
    for number in range(size):
        event = Event.objects.create(kind="ticket.created", subject_kind="ticket", subject_id=str(number), at=monday)
        Delivery.objects.create(event=event, subscription=subscription, due_at=monday, attempts_left=1)
        subscribe(name=f"Partner {number}")
    with django_assert_max_num_queries(9):
        assert client.get(reverse(f"crm:{name}")).status_code == 200
