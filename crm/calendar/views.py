"""The working calendar: which days and hours the clocks run."""

import itertools

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.calendar import services
from crm.calendar.forms import DayForm, HoursForm, YearForm
from crm.calendar.models import CalendarDay, CalendarYear, WorkingWindow
from crm.calendar.seeds import NOTICES

may_edit = permission_required("crm.edit_calendar", raise_exception=True)


@require_GET
@may_edit
def calendar(request, year=None):
    """A year at a glance; years that clocks will need and that are not loaded are said loudly."""
    return render(request, "crm/calendar/year.html", _year_page(year or timezone.localdate().year))


def _year_page(year, **more):
    today = timezone.localdate()
    years, missing = list(CalendarYear.objects.order_by("-year")), CalendarYear.objects.missing_from(today)
    windows = "\n".join(str(window) for window in WorkingWindow.objects.all())
    forms = {"year_form": YearForm(initial={"year": missing[0] if missing else years[0].year + 1 if years else year}, auto_id="load-%s")}
    forms["hours_form"] = HoursForm(initial={"hours": windows}, auto_id="hours-%s")
    loaded = next((row for row in years if row.year == year), None)
    months = _months(CalendarDay.objects.of_year(year)) if loaded else []
    source = loaded.source.replace(NOTICES, _(NOTICES)) if loaded else ""
    shown = {"year": year, "loaded": loaded, "source": source, "months": months, "before": year - 1, "after": year + 1}
    return shown | {"years": years, "missing": missing, "today": today} | forms | more


def _months(days):
    """`[(first of month, [blank cells before it], [days])]`"""
    for (_year, _month), rows in itertools.groupby(days, key=lambda row: (row.day.year, row.day.month)):
        month = list(rows)
        for row in month:
            row.is_exception = row.is_working == (row.day.weekday() >= 5)
        yield month[0].day, range(month[0].day.weekday()), month


@require_http_methods(["GET", "POST"])
@may_edit
def calendar_day(request, day):
    row = get_object_or_404(CalendarDay, pk=day)
    form = DayForm(request.POST or None, initial={"is_working": "1" if row.is_working else "0", "note": row.note})
    if request.method == "POST" and form.is_valid():
        services.set_day(day=day, **form.cleaned_data, by=request.user)
        messages.success(request, _("%(day)s is changed.") % {"day": day.isoformat()})
        return redirect("crm:calendar-year", day.year)
    return render(request, "crm/calendar/day.html", {"form": form, "row": row}, status=422 if form.errors else 200)


@require_POST
@may_edit
def calendar_load(request):
    form = YearForm(request.POST, auto_id="load-%s")
    if not form.is_valid():
        return render(request, "crm/calendar/year.html", _year_page(timezone.localdate().year, year_form=form), status=422)
    services.load_year(**form.cleaned_data, by=request.user)
    year = form.cleaned_data["year"]
    messages.success(request, _("%(year)s is loaded. Tickets that waited for it get their due times within a minute.") % {"year": year})
    return redirect("crm:calendar-year", year)


@require_POST
@may_edit
def calendar_hours(request):
    form = HoursForm(request.POST, auto_id="hours-%s")
    if not form.is_valid():
        return render(request, "crm/calendar/year.html", _year_page(timezone.localdate().year, hours_form=form), status=422)
    services.set_hours(windows=form.cleaned_data["hours"], by=request.user)
    messages.success(request, _("Working hours are changed: clocks started from now on use them."))
    return redirect("crm:calendar")
