"""One question by a signed link: asked once, answered once, and nobody reads more than they knew."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from crm.engagement.models import Engagement
from crm.people.errors import AlreadyDone
from crm.satisfaction import senders, services
from crm.satisfaction.links import address_of, survey_of, token_of
from crm.satisfaction.models import Survey
from crm.tickets import services as tickets
from crm.tickets.models import Ticket
from tests.crm.moments import moment

HOUR = dt.timedelta(hours=1)
NOON = moment("2026-11-23 12:00")
sent_to: list = []


def gateway(to, text, subject):
    sent_to.append((to, text))


def broken(to, text, subject):
    raise senders.NotSent("no line")


@pytest.fixture(autouse=True)
def _senders(settings):
    sent_to.clear()
    settings.SURVEY_SENDERS = {"sms": f"{__name__}.gateway", "mail": f"{__name__}.gateway"}
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def closed(log, agent, manager, monday):
    def do(**more):
        ticket = log(**({"caller": tickets.Caller(name="李先生", phone="13800001111")} | more))
        tickets.answer(ticket=ticket, text="Done.", by=agent, at=monday)
        return tickets.close(ticket=ticket, by=agent, at=monday + HOUR)

    return do


@pytest.fixture
def asked(closed):
    def do(**more):
        closed(**more)
        services.ask_about_closed(at=NOON)
        services.send_due(at=NOON)
        return Survey.objects.latest("pk")

    return do


def test_who_called_gets_one_link_after_closing(asked):
    survey = asked()
    assert survey.state == "sent"
    ((to, text),) = sent_to
    assert to == "13800001111"
    assert address_of(survey.pk) in text
    assert services.ask_about_closed(at=NOON) == 0
    assert services.send_due(at=NOON + HOUR) == 0


def test_nobody_is_asked_about_merged_or_told_tickets_nor_without_a_number(closed, log, agent, account, monday):
    closed(kind="praise")
    told = log(caller=tickets.Caller(phone="13800001112"))
    tickets.answer(ticket=told, text="Done.", by=agent, at=monday)
    tickets.close(ticket=told, satisfaction=5, by=agent, at=monday)
    closed(caller=tickets.Caller())
    assert services.ask_about_closed(at=NOON) == 1
    assert Survey.objects.get().state == "nowhere"


def test_a_gateway_that_fails_is_tried_again_and_given_up_in_the_end(closed, settings):
    settings.SURVEY_SENDERS = {"sms": f"{__name__}.broken", "mail": f"{__name__}.broken"}
    closed()
    services.ask_about_closed(at=NOON)
    at = NOON
    for _attempt in range(6):
        services.send_due(at=at)
        at += dt.timedelta(hours=13)
    survey = Survey.objects.get()
    assert (survey.state, survey.attempts) == ("failed", 5)


def test_the_customer_answers_without_signing_in_and_the_ticket_knows(client, asked):
    survey = asked()
    url = reverse("crm:survey", args=[token_of(survey.pk)])
    page = client.get(url).content.decode()
    assert f"#{survey.ticket_id}" in page
    for secret in ("李先生", "13800001111", survey.ticket.title, survey.ticket.account.number):
        assert secret not in page
    assert client.post(url, {}).status_code == 422
    assert client.post(url, {"score": "9"}).status_code == 422
    assert client.post(url, {"score": "4", "comment": "<b>Quick</b>"}).status_code == 200
    ticket = Ticket.objects.get(pk=survey.ticket_id)
    assert ticket.satisfaction == 4
    assert ticket.notes.get(what="rated").text == "4 / 5\n<b>Quick</b>"
    assert Engagement.objects.count() == 0


def test_a_replayed_link_is_told_that_it_was_answered(client, asked):
    survey = asked()
    url = reverse("crm:survey", args=[token_of(survey.pk)])
    client.post(url, {"score": "5"})
    again = client.post(url, {"score": "1"})
    assert again.status_code == 409
    assert "Already answered" in again.content.decode()
    assert client.get(url).status_code == 200
    survey.refresh_from_db()
    assert survey.score == 5
    with pytest.raises(AlreadyDone):
        services.answer(survey=survey, score=1, at=NOON)


@pytest.mark.parametrize("token", ["1-forged", "x", "1-", "zz-AAAA", "1" * 60, "0" * 8 + "-AAAAAAAAAAAAAAAA", "１-x"])
def test_a_forged_link_leads_nowhere(client, db, token):
    response = client.get(reverse("crm:survey", args=[token]))
    assert response.status_code == 404
    assert "This link leads nowhere" in response.content.decode()
    assert survey_of(token) is None


def test_a_neighbours_number_with_my_seal_leads_nowhere(client, asked):
    token = token_of(asked().pk)
    number, seal = token.split("-", 1)
    assert client.get(reverse("crm:survey", args=[f"{int(number, 16) + 1:x}-{seal}"])).status_code == 404


def test_guessing_is_slowed_down(client, db):
    answers = [client.get(reverse("crm:survey", args=[f"{number:x}-AAAAAAAAAAAAAAAA"])).status_code for number in range(14)]
    assert answers[0] == 404
    assert answers[-1] == 429


def test_a_link_runs_out(client, asked):
    survey = asked()
    with time_machine.travel(NOON + dt.timedelta(days=15), tick=False):
        response = client.get(reverse("crm:survey", args=[token_of(survey.pk)]))
    assert response.status_code == 410
    assert "The time to answer is over" in response.content.decode()


def test_dissatisfied_opens_one_task_on_the_desk_of_who_looks_after_the_account(client, asked, manager):
    survey = asked()
    url = reverse("crm:survey", args=[token_of(survey.pk)])
    for score in ("1", "2"):
        client.post(url, {"score": score, "comment": "Nobody called."})
    task = Engagement.objects.get()
    assert (task.kind, task.by, task.notes) == ("task", manager, "Nobody called.")
    survey.refresh_from_db()
    assert survey.follow_up == task


def test_dissatisfied_without_an_account_opens_one_ticket(client, asked):
    survey = asked(account=None)
    client.post(reverse("crm:survey", args=[token_of(survey.pk)]), {"score": "1"})
    survey.refresh_from_db()
    again = survey.follow_up_ticket
    assert (again.kind, again.caller_phone) == ("service", "13800001111")
    assert again.route_at is not None


def test_what_was_said_is_read_on_the_list_by_unit_and_by_the_api(sign_in, asked, supervisor, cost_of, east):
    survey = asked()
    services.answer(survey=survey, score=2, comment="Slow", at=NOON)
    client = sign_in(supervisor)
    page = client.get(reverse("crm:survey-list")).content.decode()
    assert "Slow" in page
    figures = client.get(reverse("api:survey-figures")).json()
    assert (figures["asked"], figures["answered"], figures["dissatisfied"], figures["average"]) == (1, 1, 1, 2.0)
    assert figures["units"][0]["unit"] == east.code
    assert "Slow" in client.get(reverse("crm:ticket-survey", args=[survey.ticket_id])).content.decode()
    assert "Slow" in client.get(reverse("crm:account-surveys", args=[survey.ticket.account_id])).content.decode()
    few = cost_of(reverse("crm:survey-list"))
    for _number in range(4):
        services.answer(survey=asked(), score=4, comment="Fine", at=NOON)
    assert cost_of(reverse("crm:survey-list")) == few
