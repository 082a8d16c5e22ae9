"""Kinds, topics and causes are rows that administrators edit; tickets keep the code."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from crm.people.errors import Refused
from crm.taxonomy import labels, services
from crm.taxonomy.models import Term
from tests.crm.moments import log, monday  # noqa: F401

URL = "/api/v1/terms/"


@pytest.fixture(autouse=True)
def _fresh():
    labels.forget()
    yield
    labels.forget()


def test_a_new_kind_can_be_logged_and_filtered_at_once(sign_in, administrator, agent, account, django_capture_on_commit_callbacks):
    client = sign_in(administrator)
    with django_capture_on_commit_callbacks(execute=True):
        made = client.post(
            URL, {"aspect": "kind", "code": "heat_pump", "name": "热泵咨询", "name_en": "Heat pump"}, content_type="application/json"
        )
    assert made.status_code == 201
    client = sign_in(agent)
    body = {"account": account.pk, "kind": "heat_pump", "category": "business", "text": "热泵电价"}
    assert client.post("/api/v1/tickets/", body, content_type="application/json").json()["kind"] == "heat_pump"
    assert "Heat pump" in client.get(reverse("crm:ticket-new")).content.decode()


def test_a_topic_that_is_taken_off_is_no_longer_offered_and_stays_readable(log, supervisor, django_capture_on_commit_callbacks):  # noqa: F811
    ticket = log(topic="notice")
    term = Term.objects.get(aspect="topic", code="notice")
    with django_capture_on_commit_callbacks(execute=True):
        services.change(term=term, by=supervisor, is_active=False, name="停电告知")
    assert "outage/notice" not in dict(labels.class_choices())
    with translation.override("zh-hans"):
        assert labels.label("topic", ticket.topic, "outage") == "停电告知"


def test_what_the_rules_rest_on_is_renamed_but_not_taken_off(supervisor):
    term = Term.objects.get(aspect="kind", code="complaint")
    assert services.change(term=term, by=supervisor, name="客户投诉").name == "客户投诉"
    with pytest.raises(Refused):
        services.change(term=term, by=supervisor, is_active=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.filter(pk=term.pk).update(is_active=False)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"aspect": "class", "code": "sixth", "name": "第六类"}, "fixed"), ({"aspect": "kind", "code": "complaint", "name": "投诉"}, "code_taken"),
        ({"aspect": "kind", "code": "a_very_long_code", "name": "长"}, "too_long"),
    ],
)  # fmt: skip
def test_what_cannot_be_added_says_why(values, code, supervisor):
    with pytest.raises(Refused) as refused:
        services.add(**values, by=supervisor)
    assert refused.value.code == code


def test_the_page_adds_and_changes(sign_in, supervisor):
    client = sign_in(supervisor)
    wrong = client.post(reverse("crm:term-new"), {"place": "topic/outage", "code": "Bad Code", "name": "x", "position": 1})
    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["code"])
    client.post(reverse("crm:term-new"), {"place": "topic/outage", "code": "typhoon", "name": "台风", "position": 1})
    term = Term.objects.get(code="typhoon")
    client.post(reverse("crm:term-edit", args=[term.pk]), {"name": "台风", "name_en": "typhoon", "position": 2, "is_active": "on"})
    term.refresh_from_db()
    assert (term.under, term.name_en, term.position) == ("outage", "typhoon", 2)


def test_labels_cost_no_query_once_they_are_known(log, django_assert_num_queries):  # noqa: F811
    ticket = log()
    labels.terms()
    with django_assert_num_queries(0):
        assert ticket.get_kind_display() == "Complaint"
        assert ticket.get_category_display() == "Outage"
