"""What stands in the cells of a file of readings. Each spelling is understood once and remembered."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import numpy as np
from django.utils.translation import gettext_lazy as _

from crm.imports import fields
from crm.imports.fields import Field
from crm.imports.kinds.bills import ACCOUNT
from crm.imports.problems import BadCell
from segmentation.readings import days
from segmentation.readings.block import MINUTES

MOMENT = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.0+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?",
)
TIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)(?: ?(\d\d):?(\d\d))?()()")
figure = fields.number(16, 9)
_DIRECTIONS = {"delivered": 0, "import": 0, "forward": 0, "1": 0, "正向": 0, "用电": 0, "received": 1, "export": 1, "reverse": 1, "19": 1, "反向": 1, "上网": 1}  # fmt: skip


class _Memo(dict):
    """Spelling -> what it means, or the `BadCell`."""

    def __missing__(self, text):
        try:
            value = self.understand(text)
        except BadCell as error:
            value = error
        self[text] = value
        return value


class Moments(_Memo):
    """A time as written -> (seconds since 1970 UTC, seconds until the same clock time comes again). Without an offset it is local."""

    def __init__(self, zone: ZoneInfo):
        super().__init__()
        self.zone = zone

    def understand(self, text):
        match = MOMENT.fullmatch(fields.plain(text)) or TIGHT.fullmatch(text)
        if not match:
            raise BadCell("bad_moment")
        year, month, day, hour, minute, second, offset = match.groups()
        try:
            at = dt.datetime(int(year), int(month), int(day)) + dt.timedelta(days=1) * (midnight := hour == "24")
            at = at.replace(hour=0 if midnight else int(hour or 0), minute=int(minute or 0), second=int(second or 0))
            if at.year not in fields.YEARS or (midnight and (at.minute or at.second)):
                raise BadCell("bad_moment")
            if offset:
                return int(dt.datetime.fromisoformat(f"{at.isoformat()}{offset.replace('Z', '+00:00')}").timestamp()), 0
            return days.moment_of(self.zone, at)
        except days.NoSuchTime as error:
            raise BadCell("no_such_time") from error
        except ValueError as error:
            raise BadCell("bad_moment") from error

    def filed(self, moments):
        """(day numbers, seconds since midnight); each moment is looked up once."""
        each, position = np.unique(moments, return_inverse=True)
        day, second = days.filed(self.zone, each)
        return day[position], second[position]


class Lengths(_Memo):
    """Minutes of an interval."""

    def understand(self, text):
        if text.isascii() and text.isdigit() and int(text) in MINUTES:
            return int(text)
        raise BadCell("bad_choice", allowed=[str(minutes) for minutes in MINUTES])


class Directions(_Memo):
    """0 delivered to the customer, 1 received from the customer."""

    def understand(self, text):
        code = _DIRECTIONS.get(fields.squeeze(text))
        if code is None:
            raise BadCell("bad_choice", allowed=["delivered", "received"])
        return code


def _field(name, title, *aliases, **more):
    return Field(name, title, aliases, fields.text(40), **more)


STARTS_AT = _field(
    "starts_at", _("Interval start"),
    "start", "starts", "timestamp", "time", "datetime", "date time", "start time", "开始时间", "数据时间", "采集时间", "时间", required=True,
    example="2026-10-31 00:15",
)  # fmt: skip
KWH = _field("kwh", _("Energy, kWh"), "energy kwh", "电量(kWh)", "用电量(kWh)", "电量(千瓦时)", required=True, example="31.25")
MINUTES_FIELD = _field("minutes", _("Interval, minutes"), "interval minutes", "interval", "间隔分钟", "间隔", example="15")
DIRECTION = _field("direction", _("Direction"), "flow", "方向", example="delivered")
SHOWN = (ACCOUNT, STARTS_AT, KWH, MINUTES_FIELD, DIRECTION)
"""The columns of the template; the others say the same in another way."""
COLUMNS = (
    *SHOWN,
    _field("ends_at", _("Interval end"), "end", "ends", "end time", "结束时间", "截止时间"),
    _field("day", _("Day"), "date", "日期", "数据日期"),
    _field("wh", _("Energy, Wh"), "energy wh", "电量(Wh)"),
    _field("kw", _("Mean power, kW"), "power kw", "功率(kW)", "负荷(kW)", "有功功率(kW)"),
)
