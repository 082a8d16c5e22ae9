"""Addresses of this topic."""

import datetime as dt

from django.urls import path, register_converter

from crm.calendar import views


class Day:
    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value):
        return dt.date.fromisoformat(value)

    def to_url(self, value):
        return value.isoformat()


register_converter(Day, "day")

urlpatterns = [
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:year>/", views.calendar, name="calendar-year"),
    path("calendar/<day:day>/", views.calendar_day, name="calendar-day"),
    path("calendar/load/", views.calendar_load, name="calendar-load"),
    path("calendar/hours/", views.calendar_hours, name="calendar-hours"),
]
