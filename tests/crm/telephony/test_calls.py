"""What a telephone system tells, who may tell it, and what opens on whose screen."""

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from crm.people.errors import Refused
from crm.telephony import services
from crm.telephony.models import Call, Line
from crm.telephony.phones import digits_of, local_part
from crm.tickets.models import Ticket

pytestmark = pytest.mark.django_db
PHONE = "0571 8899 2210"


@pytest.fixture
def known(make_account):
    return make_account(phone=PHONE)


def test_a_known_number_finds_its_account_and_rings_at_the_agents_screen(tell, line, known, agent):
    answer = tell(caller="057188992210")
    assert answer.status_code == 201
    assert answer.json() == {"id": Call.objects.get().pk, "outcome": "known", "matches": 1, "agent_known": True, "state": "ringing"}
    call = Call.objects.get()
    assert (call.account, call.agent) == (known, agent)


def test_the_answer_tells_the_telephone_system_nothing_about_people(tell, line, known):
    assert known.customer.name not in tell(caller=PHONE).content.decode()


def test_a_number_written_with_several_accounts_is_a_choice(tell, line, make_account, sign_in, agent, known):
    other = make_account(phone=PHONE)
    assert tell(caller=PHONE).json()["outcome"] == "several"
    call, client = Call.objects.get(), sign_in(agent)
    assert call.account is None
    assert client.post(reverse("crm:call-pop", args=[call.pk])).json() == {"opens": reverse("crm:call", args=[call.pk])}
    page = client.get(reverse("crm:call", args=[call.pk])).content.decode()
    assert known.number in page and other.number in page
    chosen = client.post(reverse("crm:call-choose", args=[call.pk]), {"account": other.pk})
    assert chosen["Location"] == reverse("crm:account-detail", args=[other.pk])
    call.refresh_from_db()
    assert call.account == other


def test_an_unknown_number_opens_a_new_ticket_with_the_phone_in_it(tell, line, sign_in, agent):
    tell(caller="139 0000 1111")
    call, client = Call.objects.get(), sign_in(agent)
    opens = client.post(reverse("crm:call-pop", args=[call.pk])).json()["opens"]
    page = client.get(opens).content.decode()
    assert 'value="139 0000 1111"' in page and str(call.ticket_key) in page


def test_the_ticket_logged_with_the_form_belongs_to_the_call(tell, line, sign_in, agent):
    tell(caller="13900001111")
    call, client = Call.objects.get(), sign_in(agent)
    form = {"kind": "complaint", "matter": "outage", "severity": "normal", "channel": "phone", "caller_phone": call.phone, "text": "Dark"}
    client.post(reverse("crm:ticket-new"), form | {"idempotency_key": str(call.ticket_key)})
    ticket = Ticket.objects.get()
    assert f"#{ticket.pk}" in client.get(reverse("crm:call", args=[call.pk])).content.decode()
    second = client.get(reverse("crm:call-ticket", args=[call.pk])).content.decode()
    assert str(call.ticket_key) not in second  # another matter of the same call is a ticket of its own


def test_only_one_tab_opens_a_call(tell, line, known, sign_in, agent):
    tell(caller=PHONE)
    client, address = sign_in(agent), reverse("crm:call-pop", args=[Call.objects.get().pk])
    assert [bool(client.post(address).json()["opens"]) for _tab in range(3)] == [True, False, False]


def test_the_same_message_again_changes_nothing_and_later_ones_move_the_call_on(tell, line, known):
    assert [tell(caller=PHONE).status_code for _again in range(2)] == [201, 200]
    assert tell(caller=PHONE, state="answered").json()["state"] == "answered"
    assert tell(caller=PHONE, state="ended").json()["state"] == "ended"
    assert tell(caller=PHONE, state="ringing").json()["state"] == "ended"  # told late: a call never goes back
    call = Call.objects.get()
    assert call.talked_seconds is not None


def test_a_call_put_through_rings_at_the_other_screen(tell, line, known, manager, administrator):
    services.give_line(code="8002", person=manager, by=administrator)
    tell(caller=PHONE)
    tell(caller=PHONE, agent="8002")
    assert Call.objects.get().agent == manager


def nothing_stored():
    return not Call.objects.exists()


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ({"secret": "whsec_" + "A" * 44}, "signature does not fit"),
        ({"ago": dt.timedelta(minutes=6)}, "more than five minutes"),
        ({"ago": dt.timedelta(minutes=-6)}, "more than five minutes"),
        ({"headers": {"webhook-signature": ""}}, "Send webhook-id"),
        ({"headers": {"webhook-signature": "v1,nonsense"}}, "signature does not fit"),
        ({"headers": {"webhook-timestamp": "now"}}, "not a number of seconds"),
        ({"headers": {"webhook-id": "m2"}}, "signature does not fit"),
        ({"headers": {"X-Integration": "other"}}, "signature does not fit"),
        ({"headers": {"X-Integration": ""}}, "Send X-Integration"),
    ],
)
def test_a_forged_or_old_request_is_told_why_and_not_kept(tell, line, known, lie, told):
    answer = tell(caller=PHONE, **lie)
    assert answer.status_code == 401 and told in answer.json()["detail"]
    assert answer["WWW-Authenticate"] == "Signature" and nothing_stored()


def test_a_body_changed_on_the_way_is_refused(client, tell, pbx, line):
    from django.utils import timezone

    from crm.webhooks import signing

    now = int(timezone.now().timestamp())
    seal = signing.sign(pbx.secrets(timezone.now())[0], message_id="m", timestamp=now, body=b'{"call_id": "a", "caller": "1"}')
    sent = {"X-Integration": "pbx", "webhook-id": "m", "webhook-timestamp": str(now), "webhook-signature": seal}
    answer = client.post("/api/v1/cti/calls", '{"call_id": "a", "caller": "2"}', content_type="application/json", headers=sent)
    assert answer.status_code == 401 and nothing_stored()


def test_a_system_shut_out_is_refused_and_a_renewed_secret_opens_beside_the_old_one_for_a_day(tell, pbx, line, administrator):
    from django.utils import timezone

    old = pbx.secrets(timezone.now())[0]
    services.renew_secret(integration=pbx, by=administrator, at=timezone.now())
    assert tell(call_id="new").status_code == 201 and tell(call_id="old", secret=old).status_code == 201
    services.renew_secret(integration=pbx, by=administrator, at=timezone.now() - dt.timedelta(hours=25))
    assert tell(call_id="later", secret=old).status_code == 401
    services.set_active(integration=pbx, active=False, by=administrator)
    assert tell(call_id="out").status_code == 401


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"caller": "<script>"}, "caller"), ({"caller": "1" * 31}, "caller"), ({"call_id": ""}, "call_id"), ({"state": "sung"}, "state"), ({"at": "soon"}, "at")],
)  # fmt: skip
def test_a_malformed_call_names_the_field(tell, line, wrong, field):
    answer = tell(**wrong)
    assert answer.status_code == 400 and set(answer.json()) == {field} and nothing_stored()


@pytest.mark.parametrize("body", ["", "[]", "not json", '"text"', "null"])
def test_a_body_that_is_no_call_is_a_clear_400(tell, line, body):
    assert tell(body=body).status_code == 400 and nothing_stored()


def test_a_hidden_number_and_a_line_of_nobody_are_kept_as_such(tell):
    answer = tell(caller="anonymous", agent="9999").json()
    assert (answer["outcome"], answer["agent_known"]) == ("unknown", False)


@pytest.mark.parametrize(
    ("written", "digits"),
    [
        ("+86 138-1234-5678", "13812345678"), ("0086 13812345678", "13812345678"), ("8613812345678", "13812345678"), ("013812345678", "13812345678"),
        ("0571 8899 2210", "057188992210"), ("+86 571 8899 2210", "057188992210"), ("95598", "95598"), ("anonymous", ""), ("", ""),
    ],
)  # fmt: skip
def test_numbers_are_compared_however_they_are_written(written, digits):
    assert digits_of(written) == digits


def test_a_landline_is_also_known_without_its_area_code(make_account):
    account = make_account(phone="88992210")
    assert local_part("057188992210") == "88992210" and local_part("01088992210") == "88992210" and local_part("13812345678") == ""
    assert services.accounts_of(phone="0571-8899 2210") == [account]
    assert services.accounts_of(phone="8899221") == []  # part of a number is another number


def test_nothing_on_the_line_is_204_and_nothing_new_is_304(tell, line, known, sign_in, agent, django_assert_max_num_queries):
    client, address = sign_in(agent), reverse("crm:call-on-screen")
    with django_assert_max_num_queries(3):
        assert client.get(address).status_code == 204
    tell(caller=PHONE)
    first = sign_in(agent).get(address)
    assert first.status_code == 200 and known.number in first.content.decode()
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    client.post(reverse("crm:call-put-away", args=[Call.objects.get().pk]))
    assert client.get(address).status_code == 204


def test_somebody_without_a_line_is_told_to_ask_seldom(sign_in, supervisor, line, agent):
    assert sign_in(supervisor).get(reverse("crm:call-on-screen"))["X-Ask-Again-After"] == "60"
    assert "X-Ask-Again-After" not in sign_in(agent).get(reverse("crm:call-on-screen"))


def test_the_card_says_what_should_be_known_before_the_first_word(tell, line, known, sign_in, agent, supervisor):
    from django.utils import timezone

    from crm.service_levels import services as levels
    from crm.service_levels.models import ServiceLevel
    from crm.tickets import services as tickets

    today = timezone.localdate()
    levels.grant(account=known, level=ServiceLevel.objects.get(code="green"), starts_on=today, ends_on=today + dt.timedelta(days=9), by=supervisor, at=timezone.now())  # fmt: skip
    tickets.log(account=known, category="outage", text="Dark", by=agent, at=timezone.now())
    tell(caller=PHONE)
    card = sign_in(agent).get(reverse("crm:call-on-screen")).content.decode()
    assert "1 open ticket" in card and "Green channel" in card and reverse("segmentation:account-badge", args=[known.pk]) in card


def test_a_call_stands_in_the_accounts_timeline_masked_for_who_may_not_read_phones(
    tell, line, make_account, sign_in, analyst, supervisor, agent
):
    person = make_account(name="欧阳明", kind="person", phone="13812345678")
    tell(caller="13812345678")
    address = reverse("crm:account-tab", kwargs={"pk": person.pk, "tab": "timeline"})
    assert "Call from 13812345678" in sign_in(supervisor).get(address).content.decode()
    assert "13812345678" not in sign_in(analyst).get(address).content.decode()
    assert "13812345678" not in sign_in(analyst).get("/api/v1/calls/").content.decode()
    assert sign_in(agent).get("/api/v1/calls/").json()["results"][0]["phone"] == "13812345678"  # their own call


def test_calls_of_another_branch_are_not_seen(tell, line, known, sign_in, stranger):
    tell(caller=PHONE)
    client = sign_in(stranger)
    assert client.get("/api/v1/calls/").json()["results"] == []
    assert client.get(reverse("crm:call", args=[Call.objects.get().pk])).status_code == 404


def test_a_line_belongs_to_one_person_and_only_to_who_takes_calls(agent, manager, analyst, administrator, line):
    services.give_line(code="8001", person=manager, by=administrator)
    assert [(line.code, line.person) for line in Line.objects.all()] == [("8001", manager)]
    with pytest.raises(Refused, match="does not take calls"):
        services.give_line(code="8003", person=analyst, by=administrator)


def test_an_administrator_connects_a_system_and_gives_lines_on_the_page(sign_in, administrator, agent):
    client, address = sign_in(administrator), reverse("crm:telephony")
    assert "whsec_" in client.post(address, {"code": "pbx", "name": "Call centre"}).content.decode()
    assert "whsec_" not in client.get(address).content.decode()
    assert client.post(address, {"code": "pbx", "name": "Again"}).status_code == 409
    assert client.post(address, {"line_code": "8001", "person": agent.pk}).status_code == 302
    assert client.post(address, {"line_code": "no spaces", "person": agent.pk}).status_code == 422
    assert Line.objects.get().person == agent


@pytest.mark.parametrize("size", [1, 14])
def test_the_log_of_calls_costs_the_same_at_any_size(size, tell, line, known, sign_in, supervisor, django_assert_max_num_queries):
    for number in range(size):
        tell(call_id=str(number), caller=PHONE)
    client = sign_in(supervisor)
    with django_assert_max_num_queries(10):
        assert client.get(reverse("crm:call-list")).content.decode().count(PHONE) == size


def test_ringing_by_command_is_for_demonstrations_only(settings, agent):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstration"):
        call_command("ring")
