"""The complaint desk and the page of a ticket, as people of each role meet them."""

import json
import re
import uuid

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from crm.tickets import services
from crm.tickets.models import State, Ticket
from crm.tickets.services import Caller
from tests.crm.moments import moment

HTMX = {"HX-Request": "true"}
MONDAY = moment("2026-11-23 10:40")


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(MONDAY, tick=False):
        yield


def filled(account=None, **more):
    told = {
        "kind": "complaint", "matter": "outage/notice", "severity": "normal", "channel": "phone", "text": "停电未通知。冷库受损",
        "caller_name": "", "caller_phone": "", "idempotency_key": str(uuid.uuid4()), "account": account.pk if account else "",
    }  # fmt: skip
    return told | more


def post_new(client, data, **more):
    return client.post(reverse("crm:ticket-new"), data, **more)


def test_an_agent_logs_a_complaint_and_the_form_is_ready_for_the_next_caller(sign_in, agent, account, manager):
    response = post_new(sign_in(agent), filled(account), headers=HTMX)
    ticket = Ticket.objects.get()
    assert response.status_code == 200
    assert json.loads(response["HX-Trigger"])["tickets-changed"] == ticket.pk
    assert (ticket.title, ticket.category, ticket.topic, ticket.assignee) == ("停电未通知", "outage", "notice", manager)
    assert "冷库受损" not in response.content.decode()
    assert "autofocus" in response.content.decode()


def test_posting_twice_logs_one_ticket(sign_in, agent, account):
    client, data = sign_in(agent), filled(account)
    post_new(client, data, headers=HTMX)
    assert post_new(client, data).status_code == 302
    assert Ticket.objects.count() == 1


def test_what_is_wrong_is_said_at_the_field_and_nothing_typed_is_lost(sign_in, agent):
    data = filled(matter="", text="冷库")
    response = post_new(sign_in(agent), data, headers=HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert set(re.findall(r'id="log_(\w+)_error"', page)) == {"matter", "caller_phone"}
    assert "冷库" in page
    assert data["idempotency_key"] in page
    assert Ticket.objects.count() == 0


def test_an_account_out_of_reach_cannot_be_named(sign_in, stranger, account):
    response = post_new(sign_in(stranger), filled(account), headers=HTMX)
    assert (response.status_code, Ticket.objects.count()) == (422, 0)


def test_an_unknown_caller_is_logged_by_phone(sign_in, agent):
    assert post_new(sign_in(agent), filled(caller_phone="0571 8899 2210"), headers=HTMX).status_code == 200
    assert Ticket.objects.get().account is None


@pytest.mark.parametrize("typed", ["华鑫", "huaxin", "hxjm", "huaxin precision", "8899"])
def test_an_agent_finds_the_account_as_they_type(sign_in, agent, make_account, typed):
    account = make_account(phone="057188992210")
    make_account(name="永泰冷链物流", name_en="Yongtai Cold Chain", phone="057100000000")
    page = sign_in(agent).get(reverse("crm:ticket-find-account"), {"find": typed}).content.decode()
    assert f'data-account="{account.pk}"' in page
    assert page.count('role="option"') == 1


def test_a_private_customers_name_is_masked_in_what_the_agent_finds(sign_in, agent, make_account):
    account = make_account(name="李小明", name_en="", kind="person")
    page = sign_in(agent).get(reverse("crm:ticket-find-account"), {"find": account.number}).content.decode()
    assert "李**" in page
    assert "李小明" not in page


def test_the_preview_shows_the_green_channel_the_duplicate_and_the_clock(sign_in, agent, account, green, supervisor, log):
    from crm.service_levels import services as service_levels

    standing = log(at=timezone.now(), topic="notice")
    service_levels.grant(
        account=account, level=green, starts_on=MONDAY.date(), ends_on=MONDAY.date(), by=supervisor, representative=supervisor, at=MONDAY
    )
    asked = {"account": account.pk, "kind": "complaint", "matter": "outage/notice", "severity": "normal"}
    page = sign_in(agent).get(reverse("crm:ticket-preview"), asked).content.decode()
    assert "answer within 1 working day instead of 5" in page
    assert "representative Boss" in page
    assert f"Possible duplicate: #{standing.pk}" in page
    assert "first contact 14:40 today · answer 18:00 tomorrow" in page


def test_the_preview_says_that_the_calendar_is_not_loaded(sign_in, agent, account):
    with time_machine.travel(moment("2026-12-30 09:00"), tick=False):
        page = sign_in(agent).get(reverse("crm:ticket-preview"), {"account": account.pk}).content.decode()
    assert "Calendar not loaded for 2027" in page


def test_a_second_caller_is_added_instead_of_a_second_ticket(sign_in, agent, log):
    ticket = log()
    data = {"caller_name": "Mr Wu", "caller_phone": "139", "text": "Pumps too"}
    sign_in(agent).post(reverse("crm:ticket-add-caller", args=[ticket.pk]), data, headers=HTMX)
    assert (Ticket.objects.count(), ticket.notes.last().what) == (1, "caller")


def test_a_ticket_without_a_due_time_is_called_out_on_the_desk(sign_in, agent, log):
    log(at=moment("2026-12-30 09:00"))
    page = sign_in(agent).get(reverse("crm:ticket-list")).content.decode()
    assert "Without a due time" in page
    assert "calendar not loaded" in page


def test_each_queue_holds_its_tickets_and_the_chips_count_them(sign_in, agent, supervisor, make_account, account, log, monday):
    of_manager = log(account=account, by=supervisor)
    unassigned = log(account=make_account(manager=None), by=supervisor)
    own = log(account=make_account(manager=None))
    services.answer(ticket=of_manager, text="Done", by=supervisor, at=monday)
    services.reopen(ticket=of_manager, text="Again", by=supervisor, at=monday)
    closed = log(account=account, by=supervisor)
    services.answer(ticket=closed, text="Done", by=supervisor, at=monday)
    client = sign_in(agent)
    found = {
        queue: {ticket.pk for ticket in client.get(reverse("crm:ticket-list"), {"queue": queue}).context["page"].rows}
        for queue in ("mine", "unassigned", "reopened", "open", "all")
    }
    assert found == {
        "mine": {own.pk}, "unassigned": {unassigned.pk, own.pk}, "reopened": {of_manager.pk},
        "open": {of_manager.pk, unassigned.pk, own.pk}, "all": {of_manager.pk, unassigned.pk, own.pk, closed.pk},
    }  # fmt: skip
    counts = {chip["url"].split("queue=")[1]: chip["count"] for chip in client.get(reverse("crm:ticket-list")).context["chips"]}
    assert counts == {"mine": 1, "unassigned": 2, "breaching": 0, "reopened": 1, "open": 3, "all": ""}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"category": "business"}, 1), ({"kind": "enquiry"}, 1), ({"severity": "major"}, 1), ({"q": "voltage"}, 1), ({"q": "huaxin"}, 3),
        ({"category": ["outage", "business"]}, 2), ({"opened_after": "2026-11-24"}, 0), ({"overdue": "true"}, 0),
        ({"q": "nothing like it"}, 0),
    ],
)  # fmt: skip
def test_the_list_is_narrowed_by_filters_in_the_address(sign_in, agent, log, asked, found):
    log()
    log(category="business", kind="enquiry")
    log(category="supply_quality", severity="major", text="The voltage dips")
    assert len(sign_in(agent).get(reverse("crm:ticket-list"), asked | {"queue": "open"}).context["page"]) == found


@pytest.mark.parametrize("rows", [2, 45])
def test_the_desk_costs_the_same_at_any_size(rows, sign_in, agent, make_account, log, django_assert_max_num_queries):
    accounts = [make_account() for _ in range(2)]
    for number in range(rows):
        log(account=accounts[number % 2])
    client = sign_in(agent)
    client.get(reverse("crm:ticket-list"))
    with django_assert_max_num_queries(6):  # person, rights (two), counts of the chips, rows, count
        client.get(reverse("crm:ticket-list"))


def test_a_bad_cursor_is_not_found(sign_in, agent):
    assert sign_in(agent).get(reverse("crm:ticket-list"), {"cursor": "nonsense"}).status_code == 404


def test_pages_follow_the_due_times_without_losing_a_ticket(sign_in, agent, log):
    for number in range(45):
        log(at=moment(f"2026-11-{3 + number % 18:02} 09:00"))
    log(at=moment("2026-12-30 09:00"))  # without a due time: last
    client, first = sign_in(agent), None
    seen, cursor = [], ""
    while first is None or cursor:
        first = client.get(reverse("crm:ticket-list"), {"queue": "open", "cursor": cursor})
        seen += first.context["page"].rows
        cursor = first.context["page"].next_cursor
    assert len({ticket.pk for ticket in seen}) == len(seen) == 46
    assert seen[-1].answer_due_at is None


STATUS = {
    # role: (desk, own ticket's page, its move, foreign ticket's page)
    "manager": (200, 200, 302, 404), "colleague": (200, 200, 403, 404), "stranger": (200, 404, 404, 200),
    "supervisor": (200, 200, 302, 404),
    "agent": (200, 200, 302, 200), "analyst": (200, 200, 403, 200), "administrator": (200, 200, 403, 200),
}  # fmt: skip


@pytest.mark.parametrize("role", STATUS)
def test_who_may_see_and_move_a_ticket(role, request, client, log, make_account, stranger, west):
    user = request.getfixturevalue(role)
    client.force_login(user)
    ticket, foreign = log(), log(account=make_account(unit=west, manager=stranger))
    found = (
        client.get(reverse("crm:ticket-list")).status_code,
        client.get(reverse("crm:ticket-detail", args=[ticket.pk])).status_code,
        client.post(reverse("crm:ticket-act", args=[ticket.pk, "start"])).status_code,
        client.get(reverse("crm:ticket-detail", args=[foreign.pk])).status_code,
    )
    assert found == STATUS[role]


@pytest.mark.parametrize(
    ("role", "status"), [("agent", 200), ("manager", 200), ("supervisor", 200), ("analyst", 403), ("administrator", 403)]
)
def test_who_may_log(role, status, request, client, account):
    client.force_login(request.getfixturevalue(role))
    assert client.get(reverse("crm:ticket-new"), {"account": account.pk}).status_code == status


def test_a_ticket_is_answered_on_its_page_and_a_missing_answer_is_asked_for(sign_in, manager, log):
    ticket, client = log(), sign_in(manager)
    act = reverse("crm:ticket-act", args=[ticket.pk, "answer"])
    missing = client.post(act, {"text": ""})
    assert (missing.status_code, missing.context["wrong"]["form"].errors.keys()) == (422, {"text"})
    assert client.post(act, {"text": "A list is sent."}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.state == State.ANSWERED
    assert client.post(act, {"text": "Once more."}).status_code == 409


def test_a_ticket_is_assigned_on_its_page(sign_in, manager, colleague, log):
    ticket = log()
    assert sign_in(manager).post(reverse("crm:ticket-assign", args=[ticket.pk]), {"to": colleague.pk}).status_code == 302
    ticket.refresh_from_db()
    assert ticket.assignee == colleague


def test_the_page_says_why_this_clock(sign_in, manager, log):
    page = sign_in(manager).get(reverse("crm:ticket-detail", args=[log(severity="major").pk])).content.decode()
    assert "Major complaint" in page
    assert "chosen by: severity, kind of ticket" in page


@pytest.mark.parametrize(
    ("role", "shown"),
    [("manager", "0571 8899 2210"), ("agent", "0571 8899 2210"), ("administrator", "0571 **** 2210"), ("analyst", "＊＊＊")],
)
def test_a_callers_phone_is_read_as_the_role_allows(role, shown, request, client, log):
    client.force_login(request.getfixturevalue(role))
    ticket = log(caller=Caller(name="Mr Wu", phone="0571 8899 2210"))
    page = client.get(reverse("crm:ticket-detail", args=[ticket.pk])).content.decode()
    assert shown in page
    assert ("0571 8899 2210" in page) == (shown == "0571 8899 2210")


def test_the_form_beside_the_queue_is_kept_but_its_key_is_new_each_time_and_its_words_are_the_readers(sign_in, agent):
    client, address = sign_in(agent), reverse("crm:ticket-list")
    pages = [client.get(address).content.decode() for _ in range(3)]
    keys = [re.search(r'name="idempotency_key" value="([^"]+)"', page)[1] for page in pages]
    assert len({uuid.UUID(key) for key in keys}) == 3
    client.cookies["django_language"] = "zh-hans"
    assert "新建工单" in client.get(address).content.decode()
