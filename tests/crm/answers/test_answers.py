"""Canned answers: their variables, two languages, macros."""

import pytest
from django.urls import reverse

from crm.answers import services
from crm.answers.models import CannedAnswer
from crm.answers.rules import fill, unknown_variables
from crm.people.errors import Refused
from crm.people.masking import Reader
from crm.tickets.models import State, Ticket
from tests.crm.moments import log, monday  # noqa: F401

URL = "/api/v1/canned-answers/"


@pytest.fixture
def macro(db):
    return CannedAnswer.objects.create(
        name="办结", name_en="Settle", text="{customer}您好，工单#{number}已办结。", text_en="Dear {customer}, #{number} is settled.", verbs=["answer", "close"]
    )  # fmt: skip


def test_variables_are_filled_and_values_are_not_read_again():
    assert fill("{customer} #{number} {nothing}", {"customer": "{number}", "number": "7"}) == "{number} #7 {nothing}"
    assert unknown_variables("Dear {costumer}, {number} {}") == ["costumer", ""]


def test_an_answer_is_filled_in_the_language_asked_for(log, macro, agent):  # noqa: F811
    ticket = log()
    told = {"answer": macro, "ticket": ticket, "reader": Reader(agent), "by": agent}
    assert services.filled(language="zh-hans", **told) == f"华鑫精密铸造有限公司您好，工单#{ticket.pk}已办结。"
    assert services.filled(language="en", **told) == f"Dear Huaxin Precision Casting, #{ticket.pk} is settled."


def test_a_masked_customer_is_addressed_without_a_name(log, make_account, macro, agent, analyst):  # noqa: F811
    ticket = log(account=make_account(name="李小明", name_en="", kind="person"))
    assert services.filled(answer=macro, ticket=ticket, reader=Reader(agent), language="en", by=agent).startswith("Dear customer,")


def test_a_macro_makes_its_moves_or_none(log, macro, agent, monday):  # noqa: F811
    ticket = log()
    with pytest.raises(Refused) as refused:
        services.run(answer=macro, ticket=ticket, text="Done.", words={}, by=agent, at=monday)
    assert refused.value.code == "cause_required"


def test_after_a_refused_move_of_a_macro_nothing_has_happened(sign_in, manager, log, macro):  # noqa: F811
    ticket, client = log(), sign_in(manager)
    run = f"{URL}{macro.pk}/run/"
    assert client.post(run, {"ticket": ticket.pk}, content_type="application/json").json()["code"] == "cause_required"
    assert Ticket.objects.get().state == State.NEW
    done = client.post(run, {"ticket": ticket.pk, "root_cause": "advice", "language": "en"}, content_type="application/json").json()
    assert done["state"] == "closed"
    assert [note["text"] for note in done["notes"] if note["moved_to"] == "answered"] == [
        f"Dear Huaxin Precision Casting, #{ticket.pk} is settled."
    ]


def test_a_macro_is_run_from_the_tickets_page_with_the_text_as_changed(sign_in, manager, log, macro):  # noqa: F811
    ticket, client = log(kind="enquiry"), sign_in(manager)
    panel = client.get(reverse("crm:answer-panel", args=[ticket.pk]), {"language": "en"}).content.decode()
    assert f"Dear Huaxin Precision Casting, #{ticket.pk} is settled." in panel
    client.post(reverse("crm:answer-run", args=[ticket.pk, macro.pk]), {"text": "Settled by phone."})
    ticket.refresh_from_db()
    assert (ticket.state, ticket.notes.get(moved_to="answered").text) == (State.CLOSED, "Settled by phone.")


def test_an_answer_with_a_variable_nothing_fills_is_refused(sign_in, supervisor, macro):
    client = sign_in(supervisor)
    page = client.post(reverse("crm:answer-edit", args=[macro.pk]), {"name": "x", "text": "Dear {costumer}", "position": 1})
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["text"])
    assert "text" in client.post(f"{URL}{macro.pk}/change/", {"text": "{costumer}"}, content_type="application/json").json()


def test_a_supervisor_adds_and_takes_off_answers_by_page_and_api(sign_in, supervisor, log):  # noqa: F811
    client = sign_in(supervisor)
    client.post(reverse("crm:answer-new"), {"name": "谢谢", "text": "谢谢{customer}", "verbs": ["note"], "position": 5, "is_active": "on"})
    row = CannedAnswer.objects.get(name="谢谢")
    assert row.verbs == ["note"]
    client.post(f"{URL}{row.pk}/change/", {"is_active": False}, content_type="application/json")
    assert row not in CannedAnswer.objects.offered_for(log())
    assert (
        client.get(f"{URL}{row.pk}/filled/", {"ticket": Ticket.objects.get().pk, "language": "en"}).json()["text"].startswith("谢谢Huaxin")
    )
