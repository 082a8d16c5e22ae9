"""People, units and accounts that tests speak of. Anna manages accounts of station East; Boss supervises the county above it."""

import datetime as dt
import itertools

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from crm.accounts.models import Account
from crm.calendar.models import CalendarDay, CalendarYear
from crm.customers.models import Customer
from crm.jobs import queues
from crm.people.models import Unit, User
from crm.people.roles import Role
from tests import leftovers, template

_numbers = itertools.count(3304012289)
PASSWORD = "a-long-Passphrase-7"


@pytest.fixture(autouse=True)
def _fresh_cache():
    yield
    cache.clear()


@pytest.fixture
def nobody_at_work(monkeypatch):
    """Where no worker runs, the page of jobs need not wait for one to answer."""
    monkeypatch.setattr(queues, "ANSWER_WITHIN_SECONDS", 0.1)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template.make()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        leftovers.remember()


@pytest.fixture
def calendar_for_today(db):
    """This year and the next are loaded whenever the test is run: for tests that go by the real clock and speak of due times."""
    this_year = timezone.localdate().year
    for year in (this_year, this_year + 1):
        if not CalendarYear.objects.filter(pk=year).exists():
            CalendarYear.objects.create(year=year, source="Made up for a test")
            first = dt.date(year, 1, 1)
            every = [first + dt.timedelta(days=n) for n in range((dt.date(year + 1, 1, 1) - first).days)]
            CalendarDay.objects.bulk_create([CalendarDay(day=day, is_working=day.weekday() < 5) for day in every])


@pytest.fixture
def province(db):
    return Unit.objects.create(code="33401", name="杭州供电公司", name_en="Hangzhou Power Supply")


@pytest.fixture
def county(province):
    return Unit.objects.create(code="3340101", name="城东供电分公司", name_en="East Branch", parent=province)


@pytest.fixture
def east(county):
    return Unit.objects.create(code="334010101", name="城东供电所", name_en="East Station", parent=county)


@pytest.fixture
def west(province):
    """A station outside the county, so outside Boss's reach."""
    branch = Unit.objects.create(code="3340102", name="滨江供电分公司", name_en="Riverside Branch", parent=province)
    return Unit.objects.create(code="334010201", name="滨江供电所", name_en="Riverside Station", parent=branch)


@pytest.fixture
def make_user(db):
    def make(username, role, unit=None, **more):
        user = User(
            username=username, role=role, unit=unit, full_name=more.pop("full_name", username), full_name_en=username.title(), **more
        )
        user.set_password(PASSWORD)
        user.save()
        return user

    return make


@pytest.fixture
def manager(make_user, east):
    return make_user("anna", Role.MANAGER, east, full_name="陈伟")


@pytest.fixture
def colleague(make_user, east):
    """Another manager of the same station."""
    return make_user("ben", Role.MANAGER, east)


@pytest.fixture
def stranger(make_user, west):
    """A manager of another station."""
    return make_user("zoe", Role.MANAGER, west)


@pytest.fixture
def supervisor(make_user, county):
    return make_user("boss", Role.SUPERVISOR, county, full_name="王主任")


@pytest.fixture
def agent(make_user):
    return make_user("lina", Role.AGENT, full_name="李娜")


@pytest.fixture
def analyst(make_user):
    return make_user("ada", Role.ANALYST)


@pytest.fixture
def administrator(make_user):
    return make_user("root", Role.ADMINISTRATOR)


@pytest.fixture
def make_customer(db):
    def make(name="华鑫精密铸造有限公司", name_en="Huaxin Precision Casting", **more):
        more.setdefault("number", f"C{next(_numbers)}")
        return Customer.objects.create(name=name, name_en=name_en, **more)

    return make


@pytest.fixture
def make_account(make_customer, east, manager):
    """An account of Anna's at station East unless told otherwise, searchable as in the product."""
    from crm.accounts import services

    def make(**more):
        customer = more.pop("customer", None) or make_customer(
            **{key: more.pop(key) for key in ("name", "name_en", "kind", "phone") if key in more}
        )
        values = {
            "number": str(next(_numbers)), "unit": east, "manager": manager, "category": Account.Category.LARGE_INDUSTRIAL,
            "voltage_kv": 10, "contract_kva": 630, "opened_on": dt.date(2015, 5, 1), "address": "杭州市上城区解放路 8 号",
        }  # fmt: skip
        account = Account.objects.create(customer=customer, **(values | more))
        services.refresh_search(accounts=Account.objects.filter(pk=account.pk))
        return account

    return make


@pytest.fixture
def account(make_account):
    return make_account()


@pytest.fixture
def sign_in(client):
    """`sign_in(user)` gives the client signed in as that user."""

    def as_user(user):
        client.force_login(user)
        return client

    return as_user
