"""The template library, rendered through Django."""

import datetime as dt

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.utils import timezone, translation

NOW = dt.datetime(2026, 11, 21, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))


class Request:
    def __init__(self, query):
        self.GET = QueryDict(query)


def render(source: str, query: str = "", **context) -> str:
    html = Template("{% load display %}" + source).render(Context({"request": Request(query), "now": NOW, **context}))
    return html.replace("\u00a0", " ")


def test_figures_follow_the_readers_language():
    assert render("{{ 18420000|kwh }}") == "18.4 GWh"
    with translation.override("zh-hans"):
        assert render("{{ 18420000|kwh }} {{ 4210000|yuan }}") == "1,842 万kWh ¥ 421 万"


def test_ago_is_relative_and_keeps_the_exact_time():
    with timezone.override(dt.timezone(dt.timedelta(hours=8))):
        html = render("{% ago at now %}", at=NOW - dt.timedelta(minutes=5))
    assert 'title="2026-11-21 08:55"' in html
    assert ">5 min ago<" in html


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (dt.timedelta(seconds=20), "just now"),
        (dt.timedelta(hours=-2), "in 2 h"),
        (dt.timedelta(days=3, hours=4), "3 d ago"),
        (dt.timedelta(days=60), "2026-09-22"),
    ],
)
def test_ago_speaks_of_the_near_and_dates_the_far(before, words):
    assert f">{words}<" in render("{% ago at now %}", at=NOW - before)


def test_due_tells_what_is_left_or_how_late():
    assert render("{% due_in at now %}", at=NOW + dt.timedelta(hours=4, minutes=52)) == "4 h 52 min"
    assert render("{% due_in at now %}", at=NOW - dt.timedelta(hours=3)) == "overdue 3 h"
    assert render("{% due_in at now %}", at=None) == "—"


def test_query_changes_one_name_and_goes_back_to_the_first_page():
    link = render("{% autoescape off %}{% query sort='-value' %}{% endautoescape %}", "tier=gold&tier=silver&cursor=abc")
    assert link == "?tier=gold&tier=silver&sort=-value"


def test_query_removes_a_name_and_keeps_a_cursor_that_is_given():
    assert render("{% autoescape off %}{% query tier=None cursor='x' %}{% endautoescape %}", "tier=gold&q=a") == "?q=a&cursor=x"


def test_query_without_takes_one_value_out_of_several():
    assert render("{% query_without 'tier' 'gold' %}", "tier=gold&tier=silver") == "?tier=silver"


def test_query_cannot_break_out_of_an_attribute():
    assert '"' not in render("<a href='{% query %}'>", 'q="><script>')


def test_sorting_turns_round_on_the_second_click():
    first = render("{% sort_header 'value' 'Value' 'num' %}", "")
    second = render("{% sort_header 'value' 'Value' 'num' %}", "sort=-value")
    assert 'href="?sort=-value"' in first and "aria-sort" not in first
    assert 'href="?sort=value"' in second and 'aria-sort="descending"' in second


def test_a_component_says_what_its_colour_says():
    high = render("{% include '_components/risk.html' with band='high' score=71 compact=True only %}")
    assert ">71<" in high and "High risk" in high
    assert "Unscored" in render("{% include '_components/tier.html' with tier='' only %}")


def test_the_pager_is_honest_about_an_estimate():
    pager = "{{% include '_components/pager.html' with first=1 last=50 total=1284 {} only %}}"
    assert "1–50 of about 1,284 (estimate)" in render(pager.format("estimated=True"))
    assert "1–50 of 1,284" in render(pager.format(""))


def test_a_sparkline_has_a_line_for_each_unbroken_stretch():
    assert render("{% include '_components/sparkline.html' with values=values only %}", values=[5, 4, None, 2, 1]).count("<polyline") == 2
