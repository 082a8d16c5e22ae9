"""Exports as pages: ask, follow, fetch, cancel. Everybody has their own only."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from crm.display.parts import wants_part
from crm.exports import services, tasks
from crm.exports.downloads import attached
from crm.exports.models import Export
from crm.exports.registry import kind_of
from crm.lists.keyset import Sort, honest_count, keyset_page

may_export = permission_required("crm.export", raise_exception=True)
MOVING = (Export.State.WAITING, Export.State.WRITING)


def _own(request, pk):
    return get_object_or_404(Export.objects.visible_to(request.user), pk=pk)


@require_GET
@may_export
@vary_on_headers("HX-Request")
def export_list(request):
    mine = Export.objects.visible_to(request.user)
    page = keyset_page(mine, sort=Sort("id", descending=True), cursor=request.GET.get("cursor"))
    moving = any(export.state in MOVING for export in page)
    context = {"page": page, "count": honest_count(mine), "moving": moving, "keep_days": services.KEEP_FOR.days}
    return render(request, "crm/exports/list.html#rows" if wants_part(request) else "crm/exports/list.html", context)


@require_POST
@may_export
def export_create(request):
    """Posted by any list: `what` (a name in the registry), `query` (the list's query string), `format`.

    To HTMX it answers with a bell that polls.
    """
    export = services.ask(
        what=request.POST.get("what", ""), query=request.POST.get("query", "").lstrip("?"), format=request.POST.get("format", "xlsx"),
        owner=request.user, language=get_language(), at=timezone.now(),
    )  # fmt: skip
    tasks.write.delay_on_commit(export.pk)
    told = _("The export is being written. You will be told when it is ready; you may go on working.")
    if not wants_part(request):
        messages.info(request, told)
        return redirect("crm:export-list")
    response = render(request, "crm/exports/list.html#bell", {"export": export})
    response["HX-Trigger"] = json.dumps({"toast": {"text": told, "level": "info"}})
    return response


@require_GET
@may_export
def export_bell(request, pk):
    """Polled after asking: still going on, or ready with a toast and the link."""
    export = _own(request, pk)
    response = render(request, "crm/exports/list.html#bell", {"export": export})
    if export.state == Export.State.READY:
        told = _("The export “%(title)s” is ready.") % {"title": export.title}
        response["HX-Trigger"] = json.dumps({"toast": {"text": told, "level": "success"}})
    elif export.state == Export.State.FAILED:
        response["HX-Trigger"] = json.dumps({"toast": {"text": export.error_text, "level": "error"}})
    return response


@require_GET
@may_export
def export_download(request, pk):
    """The file as an attachment, to its owner, as long as they may still export this."""
    return file_of(_own(request, pk), request.user)


def file_of(export, user):
    kind = kind_of(export.what)
    if export.state != Export.State.READY or kind is None or not user.has_perm(kind.permission):
        raise Http404("no file")
    name = f"{export.what}-{timezone.localtime(export.asked_at):%Y-%m-%d-%H%M}.{export.format}"
    return attached(export.file, name=name)


@require_POST
@may_export
def export_cancel(request, pk):
    services.cancel(export=_own(request, pk), by=request.user, at=timezone.now())
    if wants_part(request):
        return HttpResponse(status=204, headers={"HX-Trigger": "exports-changed"})
    return redirect("crm:export-list")
