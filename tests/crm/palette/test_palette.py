"""One box for things, places and deeds, in both languages and pinyin, as far as one may."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from config.shell import RAIL
from crm.palette.registry import ACTIONS, PAGES, keys_of
from crm.palette.services import offer, recent_of
from crm.people.masking import Reader
from crm.people.roles import PERMISSIONS
from crm.tickets.models import Ticket

pytestmark = pytest.mark.django_db


def labels(user, text, kind=None, **more):
    groups = offer(text=text, reader=Reader(user), **more)
    return [str(item["label"]) for group in groups if kind in (None, group.kind) for item in group.items]


@pytest.mark.parametrize("text", ["complaints", "Compl", "投诉", "tousu", "tsgd", "TOUSU"])
def test_a_page_is_found_in_both_languages_pinyin_and_initials(agent, text):
    assert "Complaints" in labels(agent, text, "page")
    with override("zh-hans"):
        assert "投诉工单" in labels(agent, text, "page")


@pytest.mark.parametrize("text", ["new tick", "新建工单", "xinjian", "xjgd", "nt"])
def test_an_action_is_found_likewise(agent, text):
    assert "New ticket" in labels(agent, text, "action")


def test_what_a_role_may_not_open_is_not_offered(agent, analyst, administrator):
    assert "Jobs" not in labels(agent, "jobs") and "Jobs" in labels(analyst, "jobs")
    assert "New ticket" not in labels(analyst, "new ticket") and "New webhook" in labels(administrator, "new webhook")
    assert "People" not in labels(agent, "")


def test_accounts_customers_and_tickets_are_found_by_number_name_and_pinyin(manager, make_account):
    first = make_account(name="华鑫精密铸造有限公司")
    make_account(customer=first.customer)
    ticket = Ticket.objects.create(account=first, category="outage", title="Dark since noon", opened_at=timezone.now())
    for text in ("hxjm", "华鑫", "huaxin"):
        assert len(labels(manager, text, "account")) == 2 and labels(manager, text, "customer") == ["Huaxin Precision Casting"]
    assert labels(manager, first.number, "account") and "Dark since noon" in labels(manager, f"#{ticket.pk}", "ticket")[0]


def test_rights_come_first(stranger, analyst, make_account):
    account = make_account(name="欧阳明", name_en="Ming Ouyang", kind="person", phone="13812345678")
    assert labels(stranger, account.number, "account") == [] and labels(analyst, "13812345678", "account") == []
    assert "Ming Ouyang" not in labels(analyst, account.number, "account")
    assert labels(stranger, "", "recent", recent=[("account", account.pk)]) == []


def test_a_word_that_begins_a_places_name_comes_before_customers_and_anything_else_after(manager, make_account):
    make_account(name="Portmann Works", name_en="Portmann Works", number="3304010001")
    assert offer(text="port", reader=Reader(manager))[0].kind == "page"
    assert offer(text="330401", reader=Reader(manager))[0].kind == "account"


def test_recent_things_are_shown_as_the_reader_may_see_them_in_the_order_they_were_opened(agent, make_account):
    first, second = make_account(), make_account(name="欧阳明", name_en="Ming Ouyang", kind="person")
    assert labels(agent, "", "recent", recent=[("account", second.pk), ("account", first.pk)]) == ["M*", "Huaxin Precision Casting"]


@pytest.mark.parametrize(
    ("text", "read"),
    [("account:1,ticket:2", [("account", 1), ("ticket", 2)]), ("user:1,account:x,account:,account:-1,;drop", []), ("", []), ("account:7,account:7", [("account", 7)])],
)  # fmt: skip
def test_what_a_browser_remembers_is_read_with_suspicion(text, read):
    assert recent_of(text=text) == read


def test_every_page_of_the_rail_is_a_place_and_every_permission_exists():
    assert set(PAGES) == {name for _group, entries in RAIL for name, *_rest in entries}
    known = set().union(*PERMISSIONS.values())
    assert {place.permission for place in [*ACTIONS.values(), *PAGES.values()]} - {""} <= known
    assert all(keys_of(place)[0] and not keys_of(place)[1].isascii() for place in ACTIONS.values())


@pytest.mark.parametrize("size", [1, 12])
def test_it_costs_the_same_however_much_is_found(size, manager, make_account, django_assert_max_num_queries):
    for _number in range(size):
        make_account(name="恒通纺织有限公司")
    reader = Reader(manager)
    with django_assert_max_num_queries(4):
        offer(text="恒通", reader=reader)


def test_page_and_api_offer_the_same(sign_in, agent, make_account):
    account = make_account()
    client = sign_in(agent)
    page = client.get(reverse("crm:palette"), {"q": account.number}).content.decode()
    told = client.get("/api/v1/palette/", {"q": account.number}).json()
    assert f'data-recent="account:{account.pk}"' in page and told[0]["url"] == reverse("crm:account-detail", args=[account.pk])
    assert client.get("/api/v1/palette/").json()[-1]["group"] == "page"


@pytest.mark.parametrize("text", ["%", "_", "'; drop", "\\", "a" * 500, "\x00", "#"])
def test_anything_may_be_typed(sign_in, agent, text):
    assert sign_in(agent).get(reverse("crm:palette"), {"q": text}).status_code == 200
