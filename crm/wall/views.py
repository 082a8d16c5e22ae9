"""The supervisor's wall: what stands where, read from across the room. It asks for itself anew twice a minute."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from crm.display.parts import wants_part
from crm.people.models import Unit
from crm.people.permissions import may
from crm.wall.figures import wall_of
from crm.wall.tiles import rows_of, tiles_of


@require_GET
@may("crm.view_wall")
@vary_on_headers("HX-Request")
def wall(request):
    """`?unit=` a unit below one's own; `?screen=1` for a large screen, dark unless `theme=light`."""
    within = Unit.objects.within_reach_of(request.user)
    unit = unit_from(request.GET.get("unit", ""), within)
    found = wall_of(user=request.user, unit=unit, at=timezone.now())
    scope = found["scope"]
    context = {
        "found": found, "tiles": tiles_of(found), "unit": unit, "scope": scope, "screen": request.GET.get("screen") == "1",
        "light": request.GET.get("theme") == "light", "units": rows_of(found["units"], scope, unit="pk"),
        "people": rows_of(found["people"], scope, assignee="pk"),
    }  # fmt: skip
    if wants_part(request):
        return render(request, "crm/wall/_tiles.html", context)
    context["choices"] = within.order_by("code")[:300]
    return render(request, "crm/wall/screen.html" if context["screen"] else "crm/wall/wall.html", context)


def unit_from(text, within):
    """The unit chosen; 404 for one out of reach or none of ours."""
    if not text:
        return None
    unit = within.filter(pk=text).first() if text.isdigit() and len(text) < 10 else None
    if unit is None:
        raise Http404(text)
    return unit
