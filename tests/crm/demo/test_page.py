import pytest
from django.urls import reverse

from crm.demo import services
from tests.crm.demo.conftest import a_plan

pytestmark = pytest.mark.django_db
PAGE = "crm:data-sources"


@pytest.mark.parametrize("who", ["manager", "agent", "supervisor", "analyst", "administrator"])
def test_every_role_may_read_where_the_data_comes_from(request, sign_in, who):
    assert sign_in(request.getfixturevalue(who)).get(reverse(PAGE)).status_code == 200


def test_it_tells_seed_and_size_of_what_is_made_up(sign_in, analyst):
    services.create(plan=a_plan(accounts=150, months=3, seed=11))
    page = sign_in(analyst).get(reverse(PAGE)).content.decode()
    assert "150 accounts with 3 months" in page
    assert "seed 11" in page
    assert "CC BY 4.0" in page


def test_real_and_made_up_accounts_are_counted_apart_and_only_those_one_may_see(sign_in, manager, make_account, west):
    make_account(is_synthetic=True)
    make_account()
    make_account(unit=west, manager=None)
    response = sign_in(manager).get(reverse(PAGE))
    assert (response.context["synthetic"].number, response.context["real"].number) == (1, 1)


@pytest.mark.parametrize("size", [2, 40])
def test_the_page_costs_the_same_at_any_size(sign_in, analyst, make_account, django_assert_max_num_queries, size):
    for _ in range(size):
        make_account(is_synthetic=True)
    client = sign_in(analyst)
    with django_assert_max_num_queries(10):
        client.get(reverse(PAGE))
