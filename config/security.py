"""What every answer carries, and the one door that needs no key."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

# Everything else asks for a sign-in; a new route is closed until it is named here. The API answers 401 for itself.
OPEN_PREFIXES = ("/auth/", "/static/", "/i18n/", "/healthz", "/readyz", "/api/", "/rate/")


class SecurityHeaders:
    """Content-Security-Policy from `SECURE_CSP` (the name Django 6 uses) and the headers Django does not set."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = "; ".join(f"{directive} {' '.join(sources)}" for directive, sources in settings.SECURE_CSP.items())

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", self.policy)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response


class ReadersLanguage:
    """The language the reader chose (cookie), else the browser's first choice among ours, else English."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class SignInRequired:
    """Nobody reads a page without signing in; an HTMX request is told to reload instead of swapping a sign-in form into a panel."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated or request.path.startswith(OPEN_PREFIXES):
            return self.get_response(request)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
