"""An account's load as pages and programs ask for it."""

import datetime as dt
from dataclasses import dataclass

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.calendar.models import CalendarDay
from segmentation.lake.session import lake, open_session
from segmentation.readings import curve, days, standing
from segmentation.readings.matrix import Days
from segmentation.readings.models import ReadingsFile

MONTHS = 13  # a year and the month that is not over
MEAN_OVER = 28  # the latest days an average day is made of
SHOWS = {"day": gettext_lazy("One day"), "working": gettext_lazy("Average working day"), "off": gettext_lazy("Average day off")}


@dataclass
class Load:
    """The readings of one account of the last year. `show` is of `SHOWS`; `day` the day shown, null when there is none."""

    delivered: Days
    received: Days
    working: np.ndarray
    """of each delivered day: whether it is worked"""
    show: str
    day: dt.date | None

    @property
    def has_readings(self):
        return len(self.delivered) > 0

    @property
    def first(self) -> dt.date:
        return days.day_of(self.delivered.day[0])

    @property
    def last(self) -> dt.date:
        return days.day_of(self.delivered.day[-1])

    def facts(self) -> curve.Facts:
        return curve.facts(self.delivered)

    def of_day(self, day: dt.date) -> Days:
        return self.delivered.of(self.delivered.day == days.number_of(day))

    def usual(self, *, working: bool) -> Days:
        """The latest days of a kind, before the average is taken."""
        return self.delivered.of(np.flatnonzero(self.working == working)[-MEAN_OVER:])

    def beside(self, step: int) -> dt.date | None:
        """The day with readings before (-1) or after (1) the one shown."""
        if self.day is None:
            return None
        at = int(np.searchsorted(self.delivered.day, days.number_of(self.day)))
        others = self.delivered.day[:at] if step < 0 else self.delivered.day[self.delivered.day > days.number_of(self.day)]
        return days.day_of(others[-1] if step < 0 else others[0]) if len(others) else None


def load_of(*, account_id: int, show: str = "day", day: dt.date | None = None) -> Load:
    """Reads the lake; the latest day is shown unless told. A file that went away with a fold is looked for once more."""
    found = _account_days(account_id)
    delivered, received = found.of(~found.received), found.of(found.received)
    load = Load(delivered, received, _worked(delivered.day), show if show in SHOWS else "day", day)
    if load.day is None and load.has_readings:
        load.day = load.last
    return load


def _account_days(account_id) -> Days:
    if not ReadingsFile.objects.exists():
        return standing.nothing()
    where = lake()
    with open_session(of=where) as session:
        try:
            return standing.account_days(session, where, account_id=account_id, months=MONTHS)
        except standing.FileGone:
            return standing.account_days(session, where, account_id=account_id, months=MONTHS)


def _worked(numbers) -> np.ndarray:
    """By the working calendar; in a year that is not loaded, Monday to Friday."""
    if not len(numbers):
        return np.zeros(0, bool)
    span = days.day_of(numbers.min()), days.day_of(numbers.max())
    told = dict(CalendarDay.objects.filter(day__range=span).values_list("day", "is_working"))
    return np.array([told.get(day, day.weekday() < 5) for day in map(days.day_of, numbers.tolist())], bool)


def chart(load: Load) -> dict:
    """JSON by the contract in `static/js/charts.js`: kW over the day."""
    series, labels = _day_series(load) if load.show == "day" else _usual_series(load)
    return {"kind": "line", "title": _("Load"), "unit": "kW", "x": {"label": _("Interval start"), "values": labels}, "series": series}


def _day_series(load):
    chosen = load.of_day(load.day) if load.day else load.delivered.of([])
    if not len(chosen):
        return [], []
    kw, minutes = curve.powers_kw(chosen)[0, : int(chosen.slots[0])], int(chosen.minutes[0])
    labels = days.clock_times(timezone.get_default_timezone(), int(chosen.day[0]), minutes)
    series = [{"name": f"{load.day:%Y-%m-%d}", "key": "accent", "area": True, "values": _shown(kw)}]
    working = bool(load.working[load.delivered.day == chosen.day[0]][0])
    usual = curve.mean_day(load.usual(working=working))
    if usual and usual[0] == minutes and len(usual[1]) == len(kw):
        series.append({"name": str(SHOWS["working" if working else "off"]), "key": "muted", "values": _shown(usual[1])})
    back = load.received.of(load.received.day == chosen.day[0])
    if len(back) and int(back.minutes[0]) == minutes:
        series.append({"name": _("Received from the customer"), "key": "valley", "values": _shown(curve.powers_kw(back)[0, : len(kw)])})
    return series, labels


def _usual_series(load):
    wanted = load.show == "working"
    found = {each: curve.mean_day(load.usual(working=each)) for each in (wanted, not wanted)}
    if not found[wanted]:
        return [], []
    minutes, kw = found[wanted]
    names = {True: str(SHOWS["working"]), False: str(SHOWS["off"])}
    series = [{"name": names[wanted], "key": "accent", "area": True, "values": _shown(kw)}]
    other = found[not wanted]
    if other and other[0] == minutes:
        series.append({"name": names[not wanted], "key": "muted", "values": _shown(other[1])})
    return series, [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(0, 24 * 60, minutes)]


def _shown(kw):
    return [None if np.isnan(each) else round(float(each), 3) for each in kw]


def peak_clock(found: curve.Facts) -> str:
    """When the highest interval began, `HH:MM` on the wall."""
    if found.peak_day is None:
        return ""
    zone = timezone.get_default_timezone()
    at = days.midnight(zone, days.number_of(found.peak_day)) + (found.peak_second or 0)
    return f"{dt.datetime.fromtimestamp(at, zone):%H:%M}"


def said_of_mean(load: Load) -> str:
    """Of how many days the average is made."""
    many = len(load.usual(working=load.show == "working"))
    return ngettext("mean of the latest %(count)d day", "mean of the latest %(count)d days", many) % {"count": many}
