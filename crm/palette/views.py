"""The palette behind `/` and Ctrl-K."""

from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.palette import services
from crm.people.masking import reader_of
from crm.people.permissions import may


@require_GET
@may("crm.view_account")
def palette(request):
    """Options of the palette's list box for `q`; `recent` is what this browser opened lately."""
    text = request.GET.get("q", "").strip()
    groups = services.offer(text=text, reader=reader_of(request), recent=services.recent_of(text=request.GET.get("recent", "")))
    response = render(request, "_components/palette_results.html", {"groups": groups, "query": text})
    response["Cache-Control"] = "no-store"
    return response
