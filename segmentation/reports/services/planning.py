"""Reports of every month: who plans them, and what becomes due."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.audit import services as audit
from crm.people.errors import Refused
from crm.people.models import Unit
from segmentation.reports.models import GeneratedReport, ReportSchedule
from segmentation.reports.services.asking import rights_of
from segmentation.reports.subject import scope_of

FIELDS = ("name", "kind", "format", "language", "category", "tier", "segment", "day")


@transaction.atomic
def plan(*, by, at, on, recipients, unit=None, **fields) -> ReportSchedule:
    """Begin a schedule. One whose day of this month is past begins next month."""
    schedule = ReportSchedule(owner=by, created_at=at, made_for=on.replace(day=1) if fields["day"] < on.day else None)
    _fill(schedule, by, unit, fields)
    schedule.save()
    schedule.recipients.set(recipients)
    audit.record(by=by, did="planned a monthly report", on=schedule, recipients=len(recipients), day=schedule.day)
    return schedule


@transaction.atomic
def revise(*, schedule, by, recipients, unit=None, **fields) -> ReportSchedule:
    _fill(schedule, by, unit, fields)
    schedule.save()
    schedule.recipients.set(recipients)
    audit.record(by=by, did="changed a monthly report", on=schedule, recipients=len(recipients), day=schedule.day)
    return schedule


def _fill(schedule, by, unit, fields):
    """Who is bound to a unit plans for it or for one below."""
    unit = unit or (by.unit if by.bound_to_unit else None)
    scope_of(reader=by, unit=unit, category=fields.get("category", ""), tier=fields.get("tier", ""))
    if not by.has_perm("segmentation.schedule_report"):
        raise Refused(_("Planning reports is not open to your role."), code="not_allowed")
    schedule.unit = unit
    for name in FIELDS:
        setattr(schedule, name, fields.get(name) or ("" if name != "day" else schedule.day))


@transaction.atomic
def switch(*, schedule, by, on: bool):
    """Pause a schedule, or let it go on."""
    if ReportSchedule.objects.filter(pk=schedule.pk, is_active=not on).update(is_active=on):
        audit.record(by=by, did="resumed a monthly report" if on else "paused a monthly report", on=schedule)


@transaction.atomic
def end(*, schedule, by):
    """No more of these; the reports made stay with their people."""
    audit.record(by=by, did="ended a monthly report", on=schedule)
    schedule.delete()


def make_due(*, at, on) -> list[int]:
    """Enter the reports of every schedule whose day has come, once a month; answers their ids."""
    made: list[int] = []
    for schedule in ReportSchedule.objects.due(on).select_related("unit"):
        with transaction.atomic():
            month = on.replace(day=1)
            if ReportSchedule.objects.due(on).filter(pk=schedule.pk).update(made_for=month):
                people = schedule.recipients.filter(is_active=True).select_related("unit")
                made += [row.pk for person in people if (row := _for(schedule, person, at, month)).is_moving]
    return made


def _for(schedule, person, at, month) -> GeneratedReport:
    """The report of one recipient: of the schedule's unit where it is in their reach, of their own unit where that lies below it."""
    unit, error = _unit_for(schedule.unit, person), ""
    if not person.has_perm("segmentation.view_report"):
        error = _("Reports are not open to your role.")
    elif schedule.unit and unit is None:
        with override(schedule.language):
            error = _("The unit %(unit)s of this schedule is not among those you may see. Ask for it to be changed.") % {
                "unit": schedule.unit
            }
    row, _new = GeneratedReport.objects.get_or_create(
        schedule=schedule, owner=person, period=month,
        defaults={
            **{name: getattr(schedule, name) for name in ("kind", "format", "language", "category", "tier", "segment")},
            "unit": unit, "asked_by": schedule.owner, "asked_at": at, "title": "", "error": error, **rights_of(owner=person, unit=unit),
            **({"state": GeneratedReport.State.FAILED, "finished_at": at} if error else {}),
        },
    )  # fmt: skip
    return row


def _unit_for(unit, person):
    if unit is None or not person.bound_to_unit:
        return unit
    if Unit.objects.within_reach_of(person).filter(pk=unit.pk).exists():
        return unit
    return person.unit if person.unit.code.startswith(unit.code) else None
