"""What administrators enter about working days."""

import datetime as dt
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

DATE = re.compile(r"[^\s,;，；、]+")
HOURS = re.compile(r"^\s*(\d{1,2}:\d\d)\s*[-–—~]\s*(\d{1,2}:\d\d)\s*$")


class DayForm(forms.Form):
    is_working = forms.TypedChoiceField(
        label=_("This day is"), choices=[("1", _("a working day")), ("0", _("a day off"))], coerce=lambda value: value == "1"
    )
    note = forms.CharField(label=_("Note"), max_length=80, required=False)


class DatesField(forms.CharField):
    """Dates written one after another: `2027-01-01, 2027-02-05`."""

    widget = forms.Textarea(attrs={"rows": 4})

    def clean(self, value):
        dates = []
        for word in DATE.findall(super().clean(value) or ""):
            try:
                dates.append(dt.date.fromisoformat(word))
            except ValueError as error:
                raise ValidationError(_("“%(word)s” is not a date: write dates as 2027-01-31.") % {"word": word}) from error
        return dates


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    days_off = DatesField(label=_("Weekdays that are off"), required=False, help_text=_("One after another, as 2027-01-01."))
    days_worked = DatesField(label=_("Weekend days that are worked"), required=False)
    source = forms.CharField(label=_("Source"), max_length=120, help_text=_("Such as the notice of the State Council and its number."))


class HoursForm(forms.Form):
    hours = forms.CharField(
        label=_("Working hours"), widget=forms.Textarea(attrs={"rows": 3}), help_text=_("A line for each window, as 09:00–12:00.")
    )

    def clean_hours(self):
        windows = []
        for line in filter(str.strip, self.cleaned_data["hours"].splitlines()):
            found = HOURS.match(line)
            try:
                windows.append(tuple(dt.time(*map(int, part.split(":"))) for part in found.groups()))
            except (AttributeError, ValueError) as error:
                raise ValidationError(_("“%(line)s” is not a window: write it as 09:00–12:00.") % {"line": line.strip()}) from error
        return windows
