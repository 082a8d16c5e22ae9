"""Input that is wrong gets a clear answer, and nothing is lost."""

import re
import uuid

import pytest
from django.urls import reverse

from crm.tickets.models import Ticket
from crm.tickets.rules import is_phone

URL = "/api/v1/tickets/"


def form(account, **more):
    told = {
        "kind": "complaint", "matter": "outage/notice", "severity": "normal", "channel": "phone", "text": "Power lost.", "caller_name": "",
        "caller_phone": "", "idempotency_key": str(uuid.uuid4()), "account": account.pk,
    }  # fmt: skip
    return told | more


def post(client, account, **more):
    return client.post(URL, {"account": account.pk, "category": "outage", "text": "Power lost."} | more, content_type="application/json")


@pytest.mark.parametrize(
    "phone", ["0571 8899 2210", "+86 139-0571-2210", "95598", "110", "(0571) 8899.2210", "8899-2210 转 12", "8899 2210 ext 4"]
)
def test_a_phone_that_can_be_dialled_is_taken(phone):
    assert is_phone(phone)


@pytest.mark.parametrize("phone", ["call me", "139abc12345", "12", "1" * 25, "<script>", "０５７１?", "'; drop table"])
def test_a_phone_that_cannot_be_dialled_is_refused_at_its_field(phone, sign_in, agent, account):
    client = sign_in(agent)
    page = client.post(reverse("crm:ticket-new"), form(account, caller_phone=phone, text="冷库"), headers={"HX-Request": "true"})
    assert page.status_code == 422
    assert re.findall(r'id="log_(\w+)_error"', page.content.decode()) == ["caller_phone"]
    assert "冷库" in page.content.decode()
    assert list(post(client, account, caller_phone=phone).json()) == ["caller_phone"]
    assert not Ticket.objects.exists()


def test_a_second_callers_phone_is_checked_too_and_what_was_typed_stays(sign_in, agent, log):
    ticket = log()
    data = form(ticket.account, caller_phone="call me", text="Pumps too")
    page = sign_in(agent).post(reverse("crm:ticket-add-caller", args=[ticket.pk]), data, headers={"HX-Request": "true"})
    assert page.status_code == 422
    assert "Pumps too" in page.content.decode()
    assert ticket.notes.count() == 1


def test_a_note_of_ten_megabytes_is_too_much_at_once(sign_in, manager, log):
    ticket = log()
    response = sign_in(manager).post(reverse("crm:ticket-act", args=[ticket.pk, "note"]), {"text": "x" * 10 * 2**20})
    assert response.status_code == 413
    assert "At most" in response.content.decode()
    long = sign_in(manager).post(f"{URL}{ticket.pk}/note/", {"text": "x" * 10 * 2**20}, content_type="application/json")
    assert (long.status_code, long.json()["code"]) == (413, "too_large")
    assert ticket.notes.count() == 1


def test_markup_in_a_text_is_shown_as_it_was_typed(sign_in, agent, account):
    client = sign_in(agent)
    number = post(client, account, text="<script>alert(1)</script><b>power</b> lost").json()["id"]
    page = client.get(reverse("crm:ticket-detail", args=[number])).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert Ticket.objects.get().text.startswith("<script>")


def test_bytes_that_are_no_utf8_are_refused_and_not_guessed(sign_in, agent, account):
    client = sign_in(agent)
    body = f'{{"account": {account.pk}, "category": "outage", "text": "'.encode() + "冷库停电".encode("gb18030") + b'"}'
    assert client.post(URL, body, content_type="application/json").status_code == 400
    data = "&".join(f"{name}={value}" for name, value in form(account).items() if name != "text") + "&text=%c0%e4%bf%e2"
    page = client.post(reverse("crm:ticket-new"), data, content_type="application/x-www-form-urlencoded", headers={"HX-Request": "true"})
    assert (page.status_code, re.findall(r'id="log_(\w+)_error"', page.content.decode())) == (422, ["text"])
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("text", ["\x00", "\ud800", "nul \x00 inside"])
def test_characters_no_database_takes_are_refused(text, sign_in, agent, account):
    import json

    body = json.dumps({"account": account.pk, "category": "outage", "text": text})
    assert sign_in(agent).post(URL, body, content_type="application/json").status_code == 400


def test_a_complaint_is_closed_with_its_cause_and_the_unit_whose_work_it_was(sign_in, manager, log, account):
    ticket, client = log(), sign_in(manager)
    client.post(f"{URL}{ticket.pk}/answer/", {"text": "Done."}, content_type="application/json")
    close = f"{URL}{ticket.pk}/close/"
    assert client.post(close, {}, content_type="application/json").json()["code"] == "cause_required"
    assert client.post(close, {"root_cause": "weather!"}, content_type="application/json").status_code == 400
    page = client.post(reverse("crm:ticket-act", args=[ticket.pk, "close"]), {"text": ""})
    assert (page.status_code, list(page.context["wrong"]["form"].errors)) == (422, ["root_cause"])
    done = client.post(
        reverse("crm:ticket-act", args=[ticket.pk, "close"]), {"root_cause": "equipment", "responsible_unit": account.unit_id}
    )
    ticket.refresh_from_db()
    assert (done.status_code, ticket.state, ticket.root_cause, ticket.responsible_unit) == (302, "closed", "equipment", account.unit)


def test_what_the_words_suggest_is_kept_beside_what_the_agent_chose(sign_in, agent, account):
    post(sign_in(agent), account, category="business", text="家里有呼吸机，停电两小时没人来修")
    ticket = Ticket.objects.get()
    assert (ticket.category, ticket.severity) == ("business", "normal")
    assert ticket.suggested["matter"]["value"] == "outage/repair"
    assert ticket.suggested["severity"]["by"] == "rule:danger_to_life"
    offers = sign_in(agent).post(reverse("crm:ticket-suggest"), {"text": ticket.text}).content.decode()
    assert 'data-value="outage/repair"' in offers
