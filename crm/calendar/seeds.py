"""What every installation starts with: the published working days of the years `chinesecalendar` covers, and usual office hours."""

import datetime as dt
from collections.abc import Iterator

import chinese_calendar
from chinese_calendar.constants import workdays
from django.utils.translation import gettext_noop

NOTICES = gettext_noop("State Council holiday notices, from chinesecalendar")
SOURCE = f"{NOTICES} {chinese_calendar.__version__}"
FIRST_YEAR = 2004
WINDOWS = [(dt.time(9), dt.time(12)), (dt.time(13), dt.time(18))]


def last_year() -> int:
    return max(workdays).year


def published_days(year: int) -> Iterator[tuple[dt.date, bool, str]]:
    """(day, is it worked, holiday it belongs to) for every day of a published year."""
    day = dt.date(year, 1, 1)
    while day.year == year:
        off, holiday = chinese_calendar.get_holiday_detail(day)
        yield day, not off, holiday or ""
        day += dt.timedelta(days=1)


def seed(*, years, days, windows):
    """Fill empty calendar tables; the three arguments are the models. Running it again adds only what is missing."""
    for year in range(FIRST_YEAR, last_year() + 1):
        if not years.objects.filter(pk=year).exists():
            years.objects.create(year=year, source=SOURCE)
            days.objects.bulk_create(
                [days(day=day, is_working=worked, note=note) for day, worked, note in published_days(year)], ignore_conflicts=True
            )
    if not windows.objects.exists():
        windows.objects.bulk_create([windows(starts_at=start, ends_at=end) for start, end in WINDOWS])
