"""Stretches drawn once per process, with the token of each request."""

import re

import pytest
from django.template import RequestContext, engines
from django.test import RequestFactory
from django.utils.translation import override

from crm.templatetags import keep

TEXT = '{% load keep i18n %}{% keep "test" who %}<form>{% csrf_token %}</form>{% trans "Search" %} {{ told }}{% endkeep %}'


@pytest.fixture
def draw():
    keep._kept.clear()
    template = engines["django"].from_string(TEXT).template

    def drawn(**values):
        request = RequestFactory().get("/")
        return template.render(RequestContext(request, {"request": request} | values))

    yield drawn
    keep._kept.clear()


def test_a_stretch_is_drawn_once_for_each_of_the_values_it_names_and_each_language(draw):
    assert "first" in draw(who="anna", told="first")
    assert "first" in draw(who="anna", told="second")
    assert "second" in draw(who="boss", told="second")
    with override("zh-hans"):
        assert "搜索" in draw(who="anna", told="third")


def test_each_request_finds_its_own_token_in_a_kept_form(draw):
    tokens = [re.search('value="(.+?)"', draw(who="anna"))[1] for _ in range(2)]
    assert all(len(token) == 64 for token in tokens)
    assert tokens[0] != tokens[1]


def test_a_kept_stretch_grows_old(draw, monkeypatch):
    draw(who="anna", told="first")
    monkeypatch.setattr(keep.time, "monotonic", lambda: 10**9)
    assert "second" in draw(who="anna", told="second")
