"""Saved views of any list: a menu that loads itself, and what is done from it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.lists import services
from crm.lists.models import SavedView
from crm.lists.pages import address_of

may_save = permission_required("crm.save_view", raise_exception=True)


@may_save
def saved_views(request):
    """The menu of one list: `?page=<url name>`; the list's own query string comes as `?now=`."""
    page, now = request.GET.get("page", ""), request.GET.get("now", "").lstrip("?")
    if not address_of(page):
        raise Http404(page)
    found = SavedView.objects.visible_to(request.user).filter(page=page).select_related("owner")
    views = [
        {"view": view, "url": address_of(page, view.query), "mine": view.owner_id == request.user.pk, "active": view.query == now}
        for view in found
    ]
    return render(request, "crm/lists/saved_views.html", {"views": views, "page": page, "now": now})


@may_save
@require_POST
def view_save(request):
    page, name, query = (request.POST.get(field, "") for field in ("page", "name", "query"))
    if not address_of(page):
        raise Http404(page)
    view = services.save_view(owner=request.user, page=page, name=name, query=query, shared=request.POST.get("shared") == "on")
    return _to_list(request, view, _("Saved as “%(name)s”.") % {"name": view.name})


@may_save
@require_POST
def view_change(request, pk):
    """Rename (`name`), share (`shared=on|off`)."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user).select_related("owner"), pk=pk)
    shared = {"on": True, "off": False}.get(request.POST.get("shared", ""))
    services.change_view(view=view, by=request.user, name=request.POST.get("name"), shared=shared)
    return _to_list(request, view, _("Saved."))


@may_save
@require_POST
def view_delete(request, pk):
    view = get_object_or_404(SavedView.objects.visible_to(request.user).select_related("owner"), pk=pk)
    services.delete_view(view=view, by=request.user)
    return _to_list(request, view, _("View deleted."))


def _to_list(request, view, text):
    messages.success(request, text)
    url = address_of(view.page, view.query) or "/"
    return HttpResponse(status=204, headers={"HX-Redirect": url}) if request.htmx else redirect(url)
