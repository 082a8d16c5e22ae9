"""My desk: the page a manager opens in the morning and closes at night."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.people.masking import reader_of
from marketing.desk import agenda
from segmentation.runs.models import Run


@require_GET
@permission_required("crm.view_desk", raise_exception=True)
def desk(request):
    now = timezone.localtime()
    context = {**agenda.of_today(user=request.user), "now": now, "reader": reader_of(request), "run": Run.objects.in_force()}
    return render(request, "marketing/desk/desk.html", context)


@require_GET
@permission_required("crm.view_desk", raise_exception=True)
def ahead(request):
    """The cards below, in a panel of their own: the clocks need not wait for them."""
    today = timezone.localdate()
    context = {**agenda.ahead(user=request.user, today=today), "today": today, "reader": reader_of(request)}
    return render(request, "marketing/desk/ahead.html", context)
