"""One box finds accounts and tickets, as far as the reader may see them."""

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from crm.accounts.models import Account
from crm.accounts.search import beginning_with, matching
from crm.people.masking import Reader
from crm.search.services import find
from crm.tickets.models import Ticket


@pytest.fixture
def named(make_account, west):
    """Four accounts: two companies of Anna's station, one of another station, one private person."""
    return {
        "huaxin": make_account(
            name="华鑫精密铸造有限公司", name_en="Huaxin Precision Casting", number="3304012289", phone="0571 8899 2210"
        ),
        "jinhua": make_account(name="金华鑫材料有限公司", name_en="", number="3304019999"),
        "far": make_account(name="华鑫远方有限公司", name_en="", number="9904012289", unit=west, manager=None),
        "person": make_account(name="欧阳明", name_en="Ming Ouyang", kind="person", number="3304015555", phone="13812345678"),
    }


def numbers(user, text):
    return [account.number for account in find(text=text, reader=Reader(user)).accounts]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3304012289", "3304012289"), ("33040122", "3304012289"), ("精密铸造", "3304012289"), ("华鑫", "3304012289"), ("华", "3304012289"),
        ("huaxinjingmi", "3304012289"), ("hxjm", "3304012289"), ("hx", "3304012289"), ("precision", "3304012289"), ("Huaxin Casting", "3304012289"),
        ("057188992210", "3304012289"), ("0571 8899", "3304012289"), ("13812345678", "3304015555"), ("解放路", "3304012289"), ("欧阳", "3304015555"),
    ],
)  # fmt: skip
def test_a_manager_finds_an_account_by_number_name_pinyin_initials_phone_or_address(manager, named, text, number):
    assert number in numbers(manager, text)


def test_names_that_begin_with_what_was_typed_come_first(manager, named):
    assert numbers(manager, "华鑫") == ["3304012289", "3304019999"]


def test_accounts_out_of_reach_are_not_found(stranger, manager, named):
    assert numbers(stranger, "华鑫") == ["9904012289"]
    assert "9904012289" not in numbers(manager, "华鑫")


@pytest.mark.parametrize("text", ["13812345678", "欧阳明", "欧阳", "ouyang", "Ming Ouyang", "解放路"])
def test_an_analyst_finds_nobody_by_phone_address_or_a_private_name(analyst, agent, named, text):
    assert numbers(analyst, text) == []
    assert numbers(agent, text)


@pytest.mark.parametrize(("who", "shown"), [("manager", "欧阳明"), ("agent", "欧**"), ("administrator", "欧**"), ("analyst", "欧**")])
def test_private_names_are_masked_in_the_palette_and_the_api(request, sign_in, named, who, shown):
    client = sign_in(request.getfixturevalue(who))
    headers = {"HX-Request": "true", "Accept-Language": "zh-hans"}
    page = client.get(reverse("crm:search"), {"q": "3304015555"}, headers=headers).content.decode()
    assert shown in page and ("欧阳明" in page) == (shown == "欧阳明")
    hits = client.get("/api/v1/search/", {"q": "3304015555"}, headers={"Accept-Language": "zh-hans"}).json()
    assert [hit["label"] for hit in hits] == [shown]


def test_a_ticket_is_found_by_its_number_with_or_without_a_hash(sign_in, manager, stranger, named):
    ticket = Ticket.objects.create(account=named["huaxin"], category="outage", title="Dark since noon", opened_at=timezone.now())
    for text in (f"#{ticket.pk}", str(ticket.pk)):
        assert "Dark since noon" in sign_in(manager).get(reverse("crm:search"), {"q": text}).content.decode()
    assert find(text=f"#{ticket.pk}", reader=Reader(stranger)).tickets == []


@pytest.mark.parametrize("text", ["", "   ", "#", "#99999999999999", "%", "_" * 300, "'; drop table", "\\"])
def test_anything_may_be_typed(sign_in, agent, named, text):
    assert sign_in(agent).get(reverse("crm:search"), {"q": text}).status_code == 200


def test_search_costs_the_same_however_much_is_found(manager, make_account, django_assert_num_queries):
    make_account(name="恒通一号有限公司")
    reader = Reader(manager)
    assert manager.unit_ids  # read once for each request
    with django_assert_num_queries(2):
        find(text="恒通", reader=reader)
    for _ in range(12):
        make_account(name="恒通二号有限公司")
    with django_assert_num_queries(2):
        assert len(find(text="恒通", reader=reader).accounts) == 8


@pytest.mark.parametrize("text", ["精密铸", "华鑫", "hx", "57188"])
def test_the_trigram_indexes_answer_even_two_characters(administrator, make_account, text):
    make_account()
    sql, parameters = matching(Account.objects.order_by(), text, by_personal_data=True).values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute("set local enable_indexscan = off")
        cursor.execute(f"explain {sql}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "account_search_public" in plan and "account_search_personal" in plan


@pytest.mark.parametrize("digits", ["1", "19", "199", "9", "99", "9999999999", "0", "1000000000"])
def test_a_prefix_of_digits_finds_just_the_numbers_that_begin_so(make_account, digits):
    numbers = {
        make_account(number=number).number
        for number in ("1000000000", "1999999999", "1990000000", "2000000000", "9999999999", "9900000000", "0123456789")
    }
    found = set(Account.objects.filter(beginning_with(digits)).values_list("number", flat=True))
    assert found == {number for number in numbers if number.startswith(digits)}


@pytest.mark.parametrize("text", ["huaxni", "huaxing", "华新精密", "华鑫精秘铸造", "precison casting"])
def test_a_name_with_one_slip_is_found_where_nothing_else_is(manager, make_account, text):
    account = make_account()
    assert account in find(text=text, reader=Reader(manager)).accounts


def test_what_is_like_no_name_finds_nothing(manager, make_account):
    make_account()
    assert not find(text="qwertyzxcv", reader=Reader(manager)).accounts
