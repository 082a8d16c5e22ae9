"""Filters are declared once and shared; what a reader may choose from is not."""

from django.test import RequestFactory

from segmentation.portfolio.filters import StandingFilter
from segmentation.runs.models import Standing


def units_offered(user):
    request = RequestFactory().get("/portfolio/")
    request.user = user
    field = StandingFilter(request.GET, Standing.objects.visible_to(user), request=request).filters["unit"].field
    return {unit.code for unit in field.queryset}


def test_two_readers_at_once_choose_each_from_their_own_units(supervisor, analyst, county, east, west):
    assert west.code not in units_offered(supervisor)
    assert {county.code, west.code} <= units_offered(analyst)
    assert west.code not in units_offered(supervisor)


def test_what_one_request_puts_into_its_filter_is_not_in_the_next(analyst):
    request = RequestFactory().get("/portfolio/")
    request.user = analyst
    found = StandingFilter(request.GET, Standing.objects.visible_to(analyst), request=request)
    found.filters["group"].extra["choices"] = [("1", "Mine")]
    assert StandingFilter.base_filters["group"].extra["choices"] != [("1", "Mine")]
