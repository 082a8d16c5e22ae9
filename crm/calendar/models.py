"""The working calendar, editable: which days are worked, in which hours."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.calendar.clock import WorkingCalendar


class CalendarYearQuerySet(models.QuerySet):
    def missing_from(self, on):
        """Years a clock started on `on` may run into that are not loaded: this one, and the next from October."""
        needed = {on.year, (on + dt.timedelta(days=92)).year}
        return sorted(needed - set(self.values_list("year", flat=True)))


class CalendarYear(models.Model):
    """A year whose days are loaded. Outside loaded years a working day is never guessed."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    source = models.CharField(_("source"), max_length=120)

    objects = CalendarYearQuerySet.as_manager()

    class Meta:
        ordering = ["year"]

    def __str__(self):
        return str(self.year)


class CalendarDayQuerySet(models.QuerySet):
    def of_year(self, year):
        return self.filter(day__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))

    def clock(self, first, last=None):
        """The `WorkingCalendar` for clocks that run between two moments (aware) and into the year after. Three queries."""
        span = range(timezone.localdate(first).year, timezone.localdate(last or first).year + 2)
        worked = self.filter(is_working=True, day__range=(dt.date(span[0], 1, 1), dt.date(span[-1], 12, 31)))
        return WorkingCalendar(
            working_days=frozenset(worked.order_by().values_list("day", flat=True)),
            years=frozenset(CalendarYear.objects.filter(year__in=span).order_by().values_list("year", flat=True)),
            windows=tuple(WorkingWindow.objects.values_list("starts_at", "ends_at")),
            zone=timezone.get_default_timezone(),
        )


class CalendarDay(models.Model):
    day = models.DateField(_("day"), primary_key=True)
    is_working = models.BooleanField(_("working day"))
    note = models.CharField(_("note"), max_length=80, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        ordering = ["day"]

    def __str__(self):
        return f"{self.day}"


class WorkingWindow(models.Model):
    """Hours worked on every working day, local time; several a day leave room for lunch."""

    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="working_window_ends_after_it_begins")]

    def __str__(self):
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"
