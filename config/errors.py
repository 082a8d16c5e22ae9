"""Refusals become answers: the same exception is a page for a person and JSON for a program."""

from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from crm.people.errors import Refused

TOO_LONG = _("Finding this takes too long. Narrow it: choose a queue, a unit or a shorter time, or type more of the name.")

TOO_MUCH = _("Too much at once, and nothing was kept: shorten it, or add it as a file.")


class _RefusedByRule(APIException):
    status_code = 409
    default_code = "refused"


def api_exception_handler(exc, context):
    """DRF's own answers, and 409 with the reason for an action the rules refuse."""
    if _took_too_long(exc):
        return Response({"detail": str(TOO_LONG), "code": "too_long"}, status=503)
    if isinstance(exc, RequestDataTooBig):
        return Response({"detail": str(TOO_MUCH), "code": "too_large"}, status=413)
    if isinstance(exc, Refused):
        exc = _RefusedByRule({"detail": str(exc), "code": exc.code})
    return exception_handler(exc, context)


class RefusalPages:
    """An action the rules refuse (`Refused`) is shown with its reason and what to do next, never as a server error."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Refused):
            return _told(request, str(exception), exception.code, 409)
        if _took_too_long(exception):
            return _told(request, str(TOO_LONG), "too_long", 503)
        return None


def _took_too_long(exception):
    """Whether PostgreSQL gave the statement up (`STATEMENT_TIMEOUT_SECONDS`)."""
    return isinstance(exception, OperationalError) and getattr(exception.__cause__, "pgcode", "") == "57014"


def _told(request, reason, code, status):
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": reason, "code": code}, status=status)
    return render(request, "refused.html", {"reason": reason}, status=status)
