"""Pages after a cursor: each row once, there and back, whatever the sort, and by ranges of the index."""

import pytest

from crm.lists.keyset import Sort, honest_count, keyset_page, neighbours
from segmentation.runs.models import Standing

SORTS = {"value": "value_score", "revenue": "revenue_12m_fen", "id": "account_id"}


@pytest.fixture
def standings(make_account):
    rows = []
    for n in range(23):
        row = Standing(account=make_account(), value_score=None if n % 5 == 0 else n % 4, revenue_12m_fen=n // 3)
        row.save()
        rows.append(row)
    return Standing.objects.all()


def walk(standings, sort, size=4):
    pages, cursor = [keyset_page(standings, sort=sort, size=size)], None
    while cursor := pages[-1].next_cursor:
        pages.append(keyset_page(standings, sort=sort, cursor=cursor, size=size))
    return pages


@pytest.mark.parametrize("asked", ["-value", "value", "-revenue", "revenue", "-id", "id"])
@pytest.mark.parametrize("default", ["-value", "value"])
def test_a_walk_meets_every_row_once_in_order_with_the_empty_last_and_comes_back_the_same_way(standings, asked, default):
    sort = Sort.parse(asked, SORTS, default, tie="account_id")
    pages = walk(standings, sort)
    rows = [row for page in pages for row in page]
    assert len({row.pk for row in rows}) == len(rows) == 23
    values = [getattr(row, sort.field) for row in rows]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == sorted(known, reverse=sort.descending)
    back = keyset_page(standings, sort=sort, cursor=pages[-1].previous_cursor, size=4)
    assert [row.pk for row in back] == [row.pk for row in pages[-2]]


@pytest.mark.parametrize("asked", ["-value", "value"])
def test_neighbours_are_the_rows_beside_it_in_the_list(standings, asked):
    sort = Sort.parse(asked, SORTS, "-value", tie="account_id")
    rows = [row for page in walk(standings, sort) for row in page]
    for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False):
        assert neighbours(standings, sort=sort, row=row) == (before and before.pk, after and after.pk)


def test_a_page_deep_in_the_list_asks_for_a_range_not_for_a_choice_of_two(standings, django_assert_max_num_queries, connection_queries):
    sort = Sort.parse("-value", SORTS, "-value", tie="account_id")
    cursor = keyset_page(standings, sort=sort, size=4).next_cursor
    with connection_queries() as asked:
        keyset_page(standings, sort=sort, cursor=cursor, size=4)
    assert 1 <= len(asked) <= 3
    assert not any(" OR " in query["sql"] for query in asked)


def test_the_last_page_knows_how_many_there_are_without_counting(standings, django_assert_num_queries):
    page = keyset_page(standings, sort=Sort("account_id", tie="account_id"), size=50)
    with django_assert_num_queries(0):
        assert honest_count(standings, page).number == 23


def test_few_rows_are_counted_without_asking_the_planner(standings, django_assert_num_queries):
    page = keyset_page(standings, sort=Sort("account_id", tie="account_id"), size=5)
    with django_assert_num_queries(1):
        assert honest_count(standings, page, few=True).number == 23


@pytest.fixture
def connection_queries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)
