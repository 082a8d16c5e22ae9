"""My desk: the page a manager opens in the morning and closes at night."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.people.masking import reader_of
from marketing.desk.agenda import agenda
from segmentation.runs.models import Run


@require_GET
@permission_required("crm.view_desk", raise_exception=True)
def desk(request):
    now = timezone.localtime()
    context = {
        **agenda(user=request.user, at=now),
        "now": now,
        "today": now.date(),
        "reader": reader_of(request),
        "run": Run.objects.in_force(),
    }
    return render(request, "marketing/desk/desk.html", context)
