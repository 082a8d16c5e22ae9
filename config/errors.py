"""Refusals become answers: the same exception is a page for a person and JSON for a program."""

from django.http import JsonResponse
from django.shortcuts import render
from rest_framework.exceptions import APIException
from rest_framework.views import exception_handler

from crm.people.errors import Refused


class _RefusedByRule(APIException):
    status_code = 409
    default_code = "refused"


def api_exception_handler(exc, context):
    """DRF's own answers, and 409 with the reason for an action the rules refuse."""
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
        if not isinstance(exception, Refused):
            return None
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": str(exception), "code": exception.code}, status=409)
        return render(request, "refused.html", {"reason": exception}, status=409)
