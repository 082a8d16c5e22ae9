"""For machines that watch us: alive, ready, and numbers."""

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest


def healthz(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


def readyz(request):
    """200 when PostgreSQL and the cache answer; 503 naming what does not."""
    checks = {"database": _database, "cache": _cache}
    failures = {}
    for name, check in checks.items():
        try:
            check()
        except Exception as error:
            failures[name] = type(error).__name__
    return JsonResponse({"ready": not failures, "failing": failures}, status=503 if failures else 200)


def metrics(request):
    if not request.user.has_perm("crm.view_jobs"):
        raise PermissionDenied
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database():
    with connection.cursor() as cursor:
        cursor.execute("select 1")


def _cache():
    cache.set("ready", 1, 5)
    if cache.get("ready") != 1:
        raise LookupError("the cache forgets")
