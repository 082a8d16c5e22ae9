"""The working calendar, editable: which days are worked, in which hours."""

import datetime as dt
import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.calendar.clock import WorkingCalendar
from crm.calendar.kept import kept


class ClockVersionQuerySet(models.QuerySet):
    def tokens(self) -> dict[str, uuid.UUID]:
        """`{"calendar": …, "policies": …}`: a token is another one whenever a row behind it changed. One query."""
        return dict(self.values_list("name", "token"))


class ClockVersion(models.Model):
    """By which a process knows that the calendar or the clock policies it has read still stand. The database renews the tokens itself."""

    name = models.CharField(primary_key=True, max_length=20)
    token = models.UUIDField()

    objects = ClockVersionQuerySet.as_manager()

    def __str__(self):
        return f"{self.name} {self.token}"


def renews(name: str) -> pgtrigger.Trigger:
    """The trigger of a model whose rows stand behind a token: any change, by whatever door, renews it."""
    return pgtrigger.Trigger(
        name=f"renews_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate,
        func=f"""
            INSERT INTO crm_clockversion (name, token) VALUES ('{name}', gen_random_uuid())
            ON CONFLICT (name) DO UPDATE SET token = excluded.token;
            RETURN NULL;
        """,
    )


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
        triggers = [renews("calendar")]

    def __str__(self):
        return str(self.year)


class CalendarDayQuerySet(models.QuerySet):
    def of_year(self, year):
        return self.filter(day__range=(dt.date(year, 1, 1), dt.date(year, 12, 31)))

    def clock(self, tokens=None) -> WorkingCalendar:
        """The working calendar of every loaded year, read once a version and kept by the process. One query, none when given `tokens`."""
        token = (ClockVersion.objects.tokens() if tokens is None else tokens).get("calendar")
        return kept("calendar", token, self._read_clock)

    def _read_clock(self):
        return WorkingCalendar(
            working_days=frozenset(self.model.objects.filter(is_working=True).order_by().values_list("day", flat=True)),
            years=frozenset(CalendarYear.objects.order_by().values_list("year", flat=True)),
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
        triggers = [renews("calendar")]

    def __str__(self):
        return f"{self.day}"


class WorkingWindow(models.Model):
    """Hours worked on every working day, local time; several a day leave room for lunch."""

    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"))

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="working_window_ends_after_it_begins")]
        triggers = [renews("calendar")]

    def __str__(self):
        return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M}"
