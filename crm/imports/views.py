"""Imports as pages: send a file in, see what it would do, load it, follow it, fetch what was wrong."""

import csv
import io

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from crm.display.parts import wants_part
from crm.imports import errors_file, services, showing, tasks
from crm.imports.filters import ImportFilter
from crm.imports.forms import ImportForm
from crm.imports.kinds import ALL, kind_of
from crm.imports.models import ImportBatch, ImportKind
from crm.imports.problems import FileProblem
from crm.lists.keyset import Sort, honest_count, keyset_page

may_view = permission_required("crm.view_import", raise_exception=True)
may_import = permission_required("crm.import", raise_exception=True)
SORTS = {"id": "id"}
ENVELOPE_BYTES = 64 * 1024  # what a form adds to the file it carries


@require_GET
@may_view
@vary_on_headers("HX-Request")
def import_list(request):
    part = "#rows" if wants_part(request) else ""
    return render(request, f"crm/imports/list.html{part}", _list_context(request) | {"form": ImportForm()})


def _list_context(request):
    chosen = ImportFilter(request.GET, ImportBatch.objects.visible_to(request.user).select_related("uploaded_by"))
    page = keyset_page(chosen.qs.defer("problems", "preview"), sort=Sort("id", descending=True), cursor=request.GET.get("cursor"))
    keep = {name: [(n, v) for n in ("kind", "state") if n != name for v in request.GET.getlist(n)] for name in ("kind", "state")}
    menus = [
        {"label": _("Kind"), "name": "kind", "options": ImportKind.choices, "selected": request.GET.getlist("kind"), "keep": keep["kind"]},
        {
            "label": _("State"),
            "name": "state",
            "options": ImportBatch.State.choices,
            "selected": request.GET.getlist("state"),
            "keep": keep["state"],
        },
    ]
    count = honest_count(chosen.qs)
    return {
        "page": page,
        "menus": menus,
        "count": count,
        "tones": showing.TONES,
        "narrowed": bool(request.GET.get("kind") or request.GET.get("state")),
    }


@csrf_exempt  # looked at below, once the size is known to be bearable: reading the token reads the file
@require_POST
@may_import
def import_upload(request):
    services.refuse_what_is_too_large(size_bytes=int(request.META.get("CONTENT_LENGTH") or 0) - ENVELOPE_BYTES)
    return _upload(request)


@csrf_protect
def _upload(request):
    form = ImportForm(request.POST, request.FILES)
    batch = _receive(request, form) if form.is_valid() else None
    if batch is None:
        part = "#form" if wants_part(request) else ""
        context = {"form": form} | ({} if part else _list_context(request))
        return render(request, f"crm/imports/list.html{part}", context, status=422)
    return _go(request, reverse("crm:import-detail", args=[batch.pk]))


def _receive(request, form):
    """The batch, or None with the reason on the form."""
    told = form.cleaned_data
    try:
        batch = services.receive(
            upload=told["file"], name=told["file"].name, kind=told["kind"], unit=told["unit"], all_or_nothing=told["all_or_nothing"],
            by=request.user, at=timezone.now(),
        )  # fmt: skip
    except FileProblem as problem:
        form.add_error("file", str(problem))
        return None
    tasks.check.delay_on_commit(batch.pk)
    return batch


def _go(request, url):
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if wants_part(request) else HttpResponseRedirect(url)


@require_GET
@may_view
@vary_on_headers("HX-Request")
def import_detail(request, pk):
    batch = _batch(request, pk)
    part = "#state" if wants_part(request) else ""
    return render(request, f"crm/imports/detail.html{part}", showing.described(batch, timezone.now()))


def _batch(request, pk):
    return get_object_or_404(ImportBatch.objects.visible_to(request.user).select_related("uploaded_by", "unit"), pk=pk)


@require_POST
@may_import
def import_confirm(request, pk):
    batch = _batch(request, pk)
    services.confirm(batch=batch, by=request.user)
    tasks.load.delay_on_commit(batch.pk)
    return redirect("crm:import-detail", pk)


@require_POST
@may_import
def import_discard(request, pk):
    batch = _batch(request, pk)
    services.discard(batch=batch, by=request.user)
    messages.success(request, _("%(file)s is put away; nothing of it was loaded.") % {"file": batch.file_name})
    return redirect("crm:import-list")


@require_GET
@may_view
def import_errors(request, pk):
    """Wrong rows with reasons and as they were, to be corrected and sent in again."""
    batch = _batch(request, pk)
    if not batch.failed:
        raise Http404("nothing wrong")
    response = StreamingHttpResponse(errors_file.lines(batch, kind_of(batch.kind), get_language()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}-errors.csv"'
    return response


@require_GET
@may_view
def import_formats(request):
    """Which headers and values each kind of file may have."""
    return render(request, "crm/imports/formats.html", {"kinds": [(ImportKind(name), fields) for name, fields in showing.templates()]})


@require_GET
@may_view
def import_template(request, kind):
    """An example file with headers in the reader's language."""
    if kind not in ALL or kind == ImportKind.CONSUMPTION:
        raise Http404(kind)
    wanted = not (get_language() or "").startswith("zh")
    headers = [next((header for header in each.headers[1:] if header.isascii() == wanted), each.name) for each in kind_of(kind).fields]
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows([headers, [each.example for each in kind_of(kind).fields]])
    response = HttpResponse("\ufeff" + buffer.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}-template.csv"'
    return response
