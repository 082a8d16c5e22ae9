"""The timeline merges what several topics know, in one order, page by page, without losing or repeating anything."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.accounts.timeline import SOURCES, Mark, timeline
from crm.audit.services import record
from crm.lists.keyset import BadCursor
from crm.people.masking import Reader
from crm.tickets.models import Ticket


def walk(account, user, limit, kinds=()):
    pages, cursor = [], ""
    while True:
        events, cursor = timeline(account, reader=Reader(user), cursor=cursor, limit=limit, kinds=kinds)
        pages.append(events)
        if not cursor:
            return pages


@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_pages_of_any_size_tell_everything_once_newest_first(account, manager, lived_in, limit):
    lived_in(account, 4)
    moment = dt.datetime(2026, 10, 9, 10, 30, tzinfo=dt.UTC)
    for number in range(5):  # several at the very same moment
        Ticket.objects.create(account=account, category="service", title=f"same {number}", opened_at=moment)
        record(by=manager, did="noted", on=account)
    events = [event for page in walk(account, manager, limit) for event in page]
    keys = [(event.source, event.id) for event in events]
    assert len(keys) == len(set(keys)) == 4 * 4 + 10
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)


def test_a_day_is_told_before_what_happened_later_in_it(account, manager, bill):
    day = dt.date(2026, 11, 3)
    bill(account, dt.date(2026, 10, 1), issued_on=day)
    Ticket.objects.create(account=account, category="service", title="at nine", opened_at=timezone.make_aware(dt.datetime(2026, 11, 3, 9)))
    assert [event.source for page in walk(account, manager, 1) for event in page] == ["ticket", "bill"]


def test_kinds_can_be_chosen(sign_in, manager, account, lived_in):
    lived_in(account, 2)
    text = sign_in(manager).get(reverse("crm:account-tab", args=[account.pk, "timeline"], query={"kind": "ticket"})).content.decode()
    assert "Voltage dip 0" in text and "Paid" not in text
    answer = sign_in(manager).get(f"/api/v1/accounts/{account.pk}/timeline/", {"kind": "payment"}).json()
    assert {event["source"] for event in answer["results"]} == {"payment"}


def test_older_events_are_appended_in_place(sign_in, manager, account, lived_in):
    lived_in(account, 20)
    url = reverse("crm:account-tab", args=[account.pk, "timeline"])
    first = sign_in(manager).get(url)
    cursor = first.context["following"]
    more = sign_in(manager).get(url, {"cursor": cursor}, headers={"HX-Request": "true", "HX-Target": "timeline-more"}).content.decode()
    assert more.lstrip().startswith("<li") and "<html" not in more


def test_an_upper_wing_adds_its_own_events(account, manager, monkeypatch):
    from crm.accounts.timeline import Event, Source

    told = lambda account, *, reader, mark, limit: [Event(at=timezone.now(), source="extra", id=1, title="Proposed")]  # noqa: E731
    monkeypatch.setitem(SOURCES, "extra", Source("Extra", told))
    events, _following = timeline(account, reader=Reader(manager))
    assert events[0].title == "Proposed"


@pytest.mark.parametrize("text", ["x", "bm90IGpzb24", "WzEsMiwzXQ", "!!!", "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwiYSIsMV0"])
def test_a_cursor_that_is_not_ours_is_refused(text):
    with pytest.raises(BadCursor):
        Mark.decode(text)
