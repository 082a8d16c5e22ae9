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
    """200 while PostgreSQL answers; 503 when it does not. Without the cache we are slower but at work, and say so under `missing`."""
    try:
        _database()
    except Exception as error:
        return JsonResponse({"ready": False, "failing": {"database": type(error).__name__}}, status=503)
    return JsonResponse({"ready": True, "failing": {}, "missing": [] if cache.answers() else ["cache"]})


def metrics(request):
    if not request.user.has_perm("crm.view_jobs"):
        raise PermissionDenied
    return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _database():
    with connection.cursor() as cursor:
        cursor.execute("select 1")
