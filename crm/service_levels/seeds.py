"""The clock policies and the green channel every installation starts with; all are dated rows to be checked and edited by the utility."""

import datetime as dt

from django.utils.translation import gettext_noop

SINCE = dt.date(2004, 1, 1)
DAY = 24 * 60
TO_CHECK = gettext_noop("Common practice, to be checked by the utility")
PROMISE = gettext_noop("95598 complaint practice (State Grid promise of 2011: contact within 1 working day, answer within 7)")
MAJOR = gettext_noop("Major complaints are passed on within 15 minutes (one published procedure)")
ARRIVAL = gettext_noop("Arrival on average within 45 minutes in towns")
ARRIVAL_RURAL = gettext_noop("Arrival on average within 90 minutes in the country")
ARRIVAL_REMOTE = gettext_noop("Arrival on average within 2 hours in remote places")

GREEN = {
    "code": "green", "name": "绿色通道", "name_en": "Green channel", "months": 12,
    "services": ["short_clock", "dedicated_line", "named_staff", "fast_supply", "outage_notice"],
}  # fmt: skip

# name, English name, conditions, green?, pass on (min), contact (min), answer (working days), source, mark
POLICIES = [
    ("任何工单", "Any ticket", {}, False, None, DAY, 7, TO_CHECK, "M"),
    ("投诉", "Complaint", {"ticket_kind": "complaint"}, False, None, DAY, 5, PROMISE, "M"),
    ("重大投诉", "Major complaint", {"ticket_kind": "complaint", "severity": "major"}, False, 15, 2 * 60, 3, MAJOR, "1"),
    ("故障报修", "Fault report", {"ticket_kind": "fault"}, False, None, 45, 1, ARRIVAL, "V"),
    ("农村故障报修", "Fault report, rural", {"ticket_kind": "fault", "unit_kind": "rural"}, False, None, 90, 1, ARRIVAL_RURAL, "V"),
    ("边远故障报修", "Fault report, remote", {"ticket_kind": "fault", "unit_kind": "remote"}, False, None, 120, 1, ARRIVAL_REMOTE, "V"),
    ("举报", "Whistle-blowing", {"ticket_kind": "whistle"}, False, None, DAY, 10, TO_CHECK, "M"),
    ("意见建议", "Suggestion", {"ticket_kind": "suggestion"}, False, None, 2 * DAY, 10, TO_CHECK, "M"),
    ("表扬", "Praise", {"ticket_kind": "praise"}, False, None, 3 * DAY, 10, TO_CHECK, "M"),
    ("绿色通道", "Green channel", {}, True, None, 4 * 60, 3, TO_CHECK, "M"),
    ("绿色通道投诉", "Green channel, complaint", {"ticket_kind": "complaint"}, True, None, 4 * 60, 1, TO_CHECK, "M"),
    ("绿色通道重大投诉", "Green channel, major complaint", {"ticket_kind": "complaint", "severity": "major"}, True, 15, 60, 1, MAJOR, "1"),
    ("绿色通道故障报修", "Green channel, fault report", {"ticket_kind": "fault"}, True, None, 30, 1, TO_CHECK, "M"),
]  # fmt: skip
EMPTY = {"ticket_kind": "", "category": "", "severity": "", "unit_kind": "", "tier": ""}


def seed(*, levels, policies):
    """Add the default level and policies where they are missing; the arguments are the models. Edited rows are left alone."""
    green, _ = levels.objects.get_or_create(code=GREEN["code"], defaults=GREEN)
    for name, name_en, told, is_green, pass_on, contact, answer, source, mark in POLICIES:
        conditions = EMPTY | told | {"level": green if is_green else None}
        if not policies.objects.filter(**conditions).exists():
            policies.objects.create(
                name=name, name_en=name_en, pass_on_within_minutes=pass_on, contact_within=contact, answer_within=answer,
                valid_from=SINCE, source=source, mark=mark, **conditions,
            )  # fmt: skip
