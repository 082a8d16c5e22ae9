"""Which accounts a report is about: those the reader sees, in the unit asked for, by the filters of the portfolio."""

from django.shortcuts import get_object_or_404

from crm.people.models import Unit
from segmentation.portfolio.filters import StandingFilter
from segmentation.runs.models import Standing


def scope_of(request):
    """The unit asked for if in reach, else the reader's own; None is the whole utility. 404 for a unit out of reach."""
    code = request.GET.get("unit_code", "")
    if code:
        return get_object_or_404(Unit.objects.within_reach_of(request.user), code=code)
    return request.user.unit if request.user.bound_to_unit else None


def standings_of(request):
    """(standings, unit or None)"""
    scope = scope_of(request)
    found = StandingFilter(request.GET, Standing.objects.visible_to(request.user), request=request).qs
    return (found.filter(account__unit__in=Unit.objects.under(scope)) if scope else found), scope
