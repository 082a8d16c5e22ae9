"""The door: where a role lands, which language it reads, and what it sees when a page is not for it."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST

from crm.people.roles import Role

LANDING = {
    Role.MANAGER: "marketing:desk",
    Role.AGENT: "crm:ticket-list",
    Role.SUPERVISOR: "segmentation:tier-report",
    Role.ANALYST: "segmentation:run-list",
    Role.ADMINISTRATOR: "crm:import-list",
}


def home(request):
    return redirect(LANDING.get(request.user.role, "segmentation:portfolio"))


@require_POST
def set_language(request):
    """Remember the reader's language in a cookie and return to the page they were on."""
    back = request.POST.get("next") or request.headers.get("referer") or "/"
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 86400, samesite="Lax", secure=settings.HTTPS, httponly=True
        )
    return response


def styleguide(request):
    """Every component with sample values; for those who build pages."""
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
    return render(request, "styleguide.html")


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def unreadable(request, exception=None):
    """Too much at once (413), or what no form of ours sends (400)."""
    too_large = isinstance(exception, (RequestDataTooBig, TooManyFieldsSent))
    most = filesizeformat(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return render(request, "400.html", {"too_large": too_large, "most": most}, status=413 if too_large else 400)


def missing(request, exception=None):
    return render(request, "404.html", status=404)
