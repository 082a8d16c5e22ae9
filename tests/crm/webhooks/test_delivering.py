"""From a change to the partner's door: signed, repeated, never lost, never silently doubled."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import time

import pytest
from django.db import transaction

from crm.audit.models import AuditEntry
from crm.people.errors import AlreadyDone
from crm.service_levels import services as service_levels
from crm.tickets import services as tickets
from crm.tickets import sweeps
from crm.webhooks import delivering, events, services
from crm.webhooks.models import Attempt, Delivery, Event, Subscription

SECOND = dt.timedelta(seconds=1)
pytestmark = pytest.mark.django_db


def deliver(at):
    """What the clockwork does every five seconds."""
    delivering.fan_out(at=at)
    return delivering.deliver_due(now=lambda: at)


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def test_each_change_of_a_ticket_leaves_its_event_beside_it(log, agent, manager, monday):
    ticket = log()
    tickets.start(ticket=ticket, by=agent, at=monday)
    tickets.assign(ticket=ticket, to=agent, by=manager, at=monday)
    tickets.answer(ticket=ticket, text="Power is back.", by=agent, at=monday)
    assert kinds() == ["ticket.created", "ticket.state_changed", "ticket.assigned", "ticket.state_changed"]
    assert Event.objects.latest("id").payload["state"] == "answered"


def test_a_breach_and_the_life_of_a_green_channel_are_told(log, account, green, supervisor, monday):
    ticket = log()
    sweeps.mark_breaches(at=ticket.answer_due_at + SECOND)
    granted = service_levels.grant(
        account=account, level=green, starts_on=monday.date(), ends_on=monday.date() + dt.timedelta(days=9), by=supervisor, at=monday
    )
    service_levels.revoke(entitlement=granted, reason="Moved away", by=supervisor, at=monday)
    assert kinds() == ["ticket.created", "ticket.breached", "entitlement.granted", "entitlement.revoked"]


def test_a_change_that_is_rolled_back_tells_nobody(log):
    with pytest.raises(RuntimeError), transaction.atomic():
        log()
        raise RuntimeError
    assert not Event.objects.exists()


def test_no_event_carries_words_by_people_or_facts_about_private_people(log, account):
    log(text="My phone is 13812345678, I am Ouyang Ming", caller=tickets.Caller(name="欧阳明", phone="13812345678"))
    told = json.dumps(events.message(Event.objects.get()), ensure_ascii=False)
    for secret in ("13812345678", "欧阳明", "Ouyang", account.customer.name):
        assert secret not in told
    with pytest.raises(ValueError, match="Personal data"):
        events.publish(kind="ticket.created", subject=account, payload={"caller_phone": "1"}, at=account.pk)


def test_a_partner_gets_the_event_signed_so_that_any_standard_library_checks_it(log, subscribe, partner, monday):
    subscription = subscribe()
    ticket = log()
    assert deliver(monday) == 1
    [(path, headers, body)] = partner.heard
    headers = {name.lower(): value for name, value in headers.items()}
    message = json.loads(body)
    assert (path, message["type"], message["data"]["ticket"]) == ("/hooks", "ticket.created", ticket.pk)
    assert message["id"] == headers["webhook-id"] == str(Event.objects.get().key)
    key = base64.b64decode(subscription.secrets(monday)[0].removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    assert headers["webhook-signature"] == "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert int(headers["webhook-timestamp"]) == int(monday.timestamp())


def test_after_renewing_the_secret_both_sign_for_a_day(log, subscribe, partner, administrator, monday):
    subscription = subscribe()
    before = subscription.secrets(monday)[0]
    services.renew_secret(subscription=subscription, by=administrator, at=monday)
    assert subscription.secrets(monday)[1] == before and len(subscription.secrets(monday + dt.timedelta(hours=25))) == 1
    log()
    deliver(monday)
    assert partner.heard[0][1]["webhook-signature"].count("v1,") == 2


def test_who_did_not_ask_for_a_kind_is_not_told_of_it(log, subscribe, partner, monday):
    subscribe("ticket.breached")
    log()
    assert deliver(monday) == 0 and not partner.heard


def test_what_fails_is_tried_again_later_and_later_under_the_same_id(log, subscribe, partner, monday):
    subscribe()
    log()
    partner.answers = [500, 503]
    at, waits = monday, []
    for _try in range(3):
        deliver(at)
        delivery = Delivery.objects.get()
        waits.append((delivery.due_at - at).total_seconds())
        at = delivery.due_at
    assert 9 <= waits[0] <= 11 and 27 <= waits[1] <= 33
    assert delivery.state == "delivered" and [a.status for a in delivery.attempts.all()] == [500, 503, 200]
    assert len({headers["webhook-id"] for _path, headers, _body in partner.heard}) == 1
    assert deliver(at + dt.timedelta(days=1)) == 0


def test_waiting_grows_to_an_hour_and_no_further():
    assert [int(delivering.wait_after(n).total_seconds()) for n in (1, 2, 3, 6, 7, 30)] == [10, 30, 90, 2430, 3600, 3600]


def test_after_ten_attempts_it_is_given_up_and_can_be_replayed(log, subscribe, partner, administrator, monday, monkeypatch):
    monkeypatch.setattr(delivering, "GIVE_UP_AFTER", 99)
    subscribe()
    log()
    partner.answers = [500] * 10
    at = monday
    for _try in range(10):
        deliver(at)
        at += dt.timedelta(hours=2)
    delivery = Delivery.objects.get()
    assert delivery.state == "failed" and delivery.attempts_made == 10
    services.replay(delivery=delivery, by=administrator, at=at)
    with pytest.raises(AlreadyDone):
        services.replay(delivery=delivery, by=administrator, at=at)
    deliver(at)
    delivery.refresh_from_db()
    assert delivery.state == "delivered" and delivery.attempts.count() == 11
    assert len({headers["webhook-id"] for _path, headers, _body in partner.heard}) == 1


def test_an_address_that_keeps_failing_is_disabled_with_notice_and_served_again_when_started(
    log, subscribe, partner, administrator, monday, monkeypatch
):
    monkeypatch.setattr(delivering, "GIVE_UP_AFTER", 3)
    subscription = subscribe()
    log()
    partner.answers = [404] * 3
    at = monday
    for _try in range(4):
        deliver(at)
        at += dt.timedelta(hours=2)
    subscription.refresh_from_db()
    assert (subscription.state, len(partner.heard)) == ("disabled", 3)
    assert AuditEntry.objects.filter(did="gave up webhook").exists()
    log(text="Another matter, while it is disabled")
    deliver(at)
    assert len(partner.heard) == 3
    services.resume(subscription=subscription, by=administrator, at=at)
    deliver(at)
    assert len(partner.heard) == 5 and not Delivery.objects.exclude(state="delivered").exists()


def test_a_sender_killed_on_the_way_neither_loses_nor_hides_the_attempt(log, subscribe, partner, monday):
    subscribe()
    log()
    delivering.fan_out(at=monday)
    [ready] = delivering.claim(at=monday)
    delivering.send(ready)  # it arrived, but the sender dies before it can note so
    assert deliver(monday + 30 * SECOND) == 0  # still claimed
    assert deliver(monday + 61 * SECOND) == 1
    delivery = Delivery.objects.get()
    assert delivery.state == "delivered" and [a.error for a in delivery.attempts.all()] == ["lost", ""]
    assert [headers["webhook-id"] for _path, headers, _body in partner.heard] == [str(delivery.event.key)] * 2


def test_a_slow_sender_that_was_taken_over_changes_nothing_afterwards(log, subscribe, partner, monday):
    subscribe()
    log()
    delivering.fan_out(at=monday)
    [slow] = delivering.claim(at=monday)
    deliver(monday + 61 * SECOND)
    delivering.close(slow, delivering.Outcome(500, 60_000), at=monday + 62 * SECOND)
    assert Delivery.objects.get().state == "delivered"


@pytest.mark.parametrize("status", [301, 302, 307])
def test_redirects_are_not_followed(status, log, subscribe, partner, monday):
    subscribe()
    log()
    partner.answers = [status]
    deliver(monday)
    assert [path for path, _headers, _body in partner.heard] == ["/hooks"]
    assert Attempt.objects.get().error == "redirect"


def test_a_receiver_that_drips_its_answer_is_cut_off(log, subscribe, partner, monday, monkeypatch):
    from crm.webhooks import sending

    def drip(handler):
        try:
            for _byte in range(100):
                handler.wfile.write(b"H")
                time.sleep(0.02)
        except OSError:
            pass

    monkeypatch.setattr(sending, "ANSWER_SECONDS", 0.3)
    subscribe()
    log()
    partner.answers = [drip]
    began = time.monotonic()
    deliver(monday)
    assert Attempt.objects.get().error == "slow" and time.monotonic() - began < 1.5


def test_a_paused_subscription_is_not_sent_to(log, subscribe, partner, administrator, monday):
    subscription = subscribe()
    services.pause(subscription=subscription, by=administrator)
    log()
    assert deliver(monday) == 0
    with pytest.raises(AlreadyDone):
        services.pause(subscription=subscription, by=administrator)
    assert Subscription.objects.get().state == "paused"


def test_old_events_go_after_thirty_days_but_not_those_still_awaited(log, subscribe, partner, monday):
    log()
    deliver(monday)
    subscribe(at=monday)
    log(text="Second")
    delivering.fan_out(at=monday)
    delivering.forget(at=monday + dt.timedelta(days=31))
    assert Event.objects.count() == 1
