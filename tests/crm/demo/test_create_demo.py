"""The two commands, run as a person runs them."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from crm.accounts.models import Account
from crm.billing.models import Bill
from crm.customers.models import Customer
from crm.demo import services, sign_ins, tickets
from crm.people.models import User
from tests.crm.demo.conftest import a_plan

pytestmark = pytest.mark.django_db


def test_it_says_what_it_makes_and_how_fast():
    said = StringIO()
    call_command("create_demo", accounts=150, months=3, stdout=said)
    assert Account.objects.count() == 150
    for words in ("accounts", "bills and payments", "tickets", "rows/s", "synthetic"):
        assert words in said.getvalue()


def test_where_accounts_are_it_refuses_and_changes_nothing(account):
    with pytest.raises(CommandError, match="accounts in this database already"):
        call_command("create_demo", accounts=150, months=3)
    assert Account.objects.get() == account


def test_a_run_that_fails_half_way_leaves_nothing(monkeypatch):
    def fail(*_):
        raise OSError("the power failed")

    monkeypatch.setattr(tickets, "create", fail)
    with pytest.raises(OSError, match="power"):
        services.create(plan=a_plan(accounts=150, months=3))
    assert (Account.objects.count(), Customer.objects.count(), User.objects.count(), Bill.objects.count()) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"accounts": 10}, "between 100"),
        ({"months": 0}, "between 1 and 120"),
        ({"until": "2999-01"}, "not billed yet"),
        ({"until": "May"}, "YYYY-MM"),
    ],
)
def test_a_wish_it_cannot_grant_is_answered_by_name(wrong, says):
    with pytest.raises(CommandError, match=says):
        call_command("create_demo", *[f"--{name}={value}" for name, value in wrong.items()])


def test_sign_ins_are_told_as_json_in_a_demonstration(demo_mode, client):
    services.create(plan=a_plan(accounts=150, months=3))
    said = StringIO()
    call_command("demo_sign_ins", json=True, stdout=said)
    entries = json.loads(said.getvalue())
    assert [entry["role"] for entry in entries] == ["manager", "agent", "supervisor", "analyst", "administrator"]
    for entry in entries:
        assert client.login(username=entry["login"], password=entry["password"])
        assert entry["name"]


def test_sign_ins_are_told_to_nobody_outside_a_demonstration():
    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("demo_sign_ins")


def test_a_new_secret_key_renews_the_known_passwords(demo_mode, settings):
    services.create(plan=a_plan(accounts=150, months=3))
    settings.SECRET_KEY = "another installation's secret, long enough to be one"
    assert not User.objects.get(username="agent").check_password(sign_ins.demo_password())
    call_command("demo_sign_ins", stdout=StringIO())
    assert User.objects.get(username="agent").check_password(sign_ins.demo_password())


def test_the_sign_in_page_offers_them_in_a_demonstration_only(client, settings):
    services.create(plan=a_plan(accounts=150, months=3))
    assert b"data-sign-in" not in client.get(reverse("account_login")).content
    settings.DEMO = True
    page = client.get(reverse("account_login")).content.decode()
    assert page.count("data-sign-in=") == 5
