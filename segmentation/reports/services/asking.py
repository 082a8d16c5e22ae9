"""A report is entered as a row, with the rights of whom it is for; a worker writes it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit import services as audit
from crm.people.errors import AlreadyDone, Refused
from crm.people.models import Unit
from crm.people.roles import Role
from segmentation.reports.models import Format, GeneratedReport, Kind, Language
from segmentation.reports.segments import segment_named
from segmentation.reports.subject import scope_of

State = GeneratedReport.State
MOST_WAITING = 10
KEEP_FOR = dt.timedelta(days=400)  # a year and a month, so that last year's stands beside this year's


@transaction.atomic
def ask(
    *, kind, format, language, owner, at, unit=None, category="", tier="", segment="", as_of=None, against=None, run=None
) -> GeneratedReport:
    """Enter a report for `owner`, who asks. Raises `Refused` with words for what cannot be had."""
    for value, choices, name in ((kind, Kind, _("report")), (format, Format, _("format")), (language, Language, _("language"))):
        if value not in choices.values:
            told = {"what": name, "value": value, "all": ", ".join(choices.values)}
            raise Refused(_("There is no %(what)s “%(value)s”. Choose one of: %(all)s.") % told, code="unknown_choice")
    if not owner.has_perm("segmentation.view_report"):
        raise Refused(_("Reports are not open to your role."), code="not_allowed")
    scope = scope_of(reader=owner, unit=unit, category=category, tier=tier)
    segment_named(segment, reader=owner)
    if GeneratedReport.objects.filter(owner=owner).moving().count() >= MOST_WAITING:
        raise Refused(_("Ten of your reports are waiting already. Cancel one, or wait until one is ready."), code="too_many")
    report = GeneratedReport.objects.create(
        kind=kind, format=format, language=language, unit=scope.unit, category=scope.category, tier=scope.tier, segment=segment or "",
        owner=owner, asked_by=owner, asked_at=at, asked_as_of=as_of, asked_against=against, run=run, **rights_of(owner=owner, unit=scope.unit),
    )  # fmt: skip
    audit.record(by=owner, did="asked for a report", on=report, kind=kind, format=format, scope=report.scope_words())
    return report


def rights_of(*, owner, unit) -> dict:
    """What a report for that person may hold, so that it is known who may read it."""
    reach, others = unit, []
    if unit is None and owner.bound_to_unit:
        reach = owner.unit
        if owner.role == Role.MANAGER:
            others = list(
                Account.objects.filter(manager=owner)
                .exclude(unit__in=Unit.objects.under(reach))
                .order_by("pk")
                .values_list("pk", flat=True)
            )
    return {"reach": reach, "others": others, "plain": owner.personal_data == "plain"}


def again(*, report, at) -> GeneratedReport:
    """The same once more, from the same run: the same bytes, unless the facts behind them were corrected."""
    same = {name: getattr(report, name) for name in ("kind", "format", "language", "unit", "category", "tier", "segment", "run")}
    return ask(owner=report.owner, at=at, as_of=report.as_of or report.asked_as_of, against=report.asked_against, **same)


@transaction.atomic
def cancel(*, report, by, at):
    """Stop one that is not ready. Raises `AlreadyDone` when it is over."""
    if not GeneratedReport.objects.filter(pk=report.pk).moving().update(state=State.CANCELLED, finished_at=at):
        raise AlreadyDone(_("This report is over already."))
    audit.record(by=by, did="cancelled a report", on=report)


@transaction.atomic
def remove(*, report, by):
    """Throw a report away with its file. One being written must be cancelled first."""
    if report.is_moving:
        raise Refused(_("This report is being written; cancel it first."), code="moving")
    audit.record(by=by, did="removed a report", on=report, sha256=report.sha256)
    name, storage = report.file.name, report.file.storage
    report.delete()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def forget(*, at) -> int:
    """Remove files that were kept long enough; the rows stay with their inputs, so that they can be made again."""
    count = 0
    for report in GeneratedReport.objects.filter(state=State.READY, finished_at__lt=at - KEEP_FOR).exclude(file="")[:200]:
        name = report.file.name
        if name and GeneratedReport.objects.filter(pk=report.pk, file=name).update(file=""):
            report.file.storage.delete(name)
            count += 1
    return count
