"""Build a report: who reads it, in which language, about what, as of when."""

import datetime as dt

from django.utils import translation
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.people.errors import Refused
from segmentation.reports import behaviour, tier_chapters
from segmentation.reports.document import Report
from segmentation.reports.facts import Facts
from segmentation.reports.gathering import code, numbers, run_of, scores_stand
from segmentation.reports.held import held_by
from segmentation.reports.measured_load import measured_load
from segmentation.reports.subject import scope_of
from segmentation.runs.models import Run

KINDS = ("behaviour", "tiers")
LANGUAGES = ("en", "zh-hans")


def build(
    *,
    kind,
    reader,
    language,
    as_of: dt.date | None = None,
    unit=None,
    category=None,
    tier=None,
    segment=None,
    run=None,
    against=None,
    listen=lambda done, of: None,
) -> Report:
    """The report as data, in a language. Its day is that of the run it rests on: the one named, the last published as of `as_of`, or the
    one in force. `segment`: a kept one, or keys of accounts. `against`: the earlier run the tier report compares with.
    `listen(done, of)` hears how far the counting is.

    Raises `Refused`, in the language, when there is nothing to report on or something asked for is not there.
    """
    if language not in LANGUAGES:
        raise Refused(_("A report is written in one of: %(all)s.") % {"all": ", ".join(LANGUAGES)}, code="language")
    with translation.override(language):
        if kind not in KINDS:
            raise Refused(
                _("There is no report “%(kind)s”. Choose one of: %(all)s.") % {"kind": kind, "all": ", ".join(KINDS)}, code="kind"
            )
        if not reader.has_perm("segmentation.view_report"):
            raise Refused(_("Reports are not open to your role."), code="forbidden")
        scope = scope_of(reader=reader, unit=unit, category=category, tier=tier, segment=segment)
        run = run_of(as_of=as_of, run=run)
        if kind == "tiers":
            return _tiers(scope, run, earlier_of(run, against), language, listen)
        return _behaviour(scope, run, language, listen)


def _behaviour(scope, run, language, listen) -> Report:
    extra = (lambda session, _scores: measured_load(session, run.as_of), lambda session, _scores: held_by(session, run))
    found = numbers(scope=scope, run=run, breakdowns=behaviour.BREAKDOWNS, extra=extra, listen=listen)
    facts = Facts(numbers=found, scope=scope, run=run, breakdowns=behaviour.BREAKDOWNS)
    if not found["values"]["accounts"][0] and not found["values"]["kwh_12m"][0]:
        raise Refused(_("No account you may see is in this scope on %(day)s. Choose a wider one.") % {"day": run.as_of}, code="empty")
    return Report(
        kind="behaviour", title=_("Customer behaviour report"), subtitle=scope.words(), as_of=run.as_of, language=language,
        chapters=tuple(each.chapter(facts) for each in behaviour.CHAPTERS), sources=sources(run, found), synthetic=is_synthetic(scope),
        inputs=inputs(scope, run),
    )  # fmt: skip


def _tiers(scope, run, against, language, listen) -> Report:
    found = numbers(
        scope=scope, run=run, breakdowns=tier_chapters.BREAKDOWNS, extra=(tier_chapters.movers,), against=against, listen=listen
    )
    facts = Facts(numbers=found, scope=scope, run=run, breakdowns=tier_chapters.BREAKDOWNS, against=against)
    if not found["values"]["standings"][0]:
        raise Refused(_("No account you may see is in this scope on %(day)s. Choose a wider one.") % {"day": run.as_of}, code="empty")
    told = sources(run, found)
    if against:
        told = (*told, _("Compared with run %(run)s, as of %(day)s.") % {"run": against.pk, "day": against.as_of})
    return Report(
        kind="tiers", title=str(tier_chapters.TITLE), subtitle=scope.words(), as_of=run.as_of, language=language, chapters=tier_chapters.chapters(facts),
        sources=told, synthetic=is_synthetic(scope), inputs=inputs(scope, run) | {"against": against and against.pk},
    )  # fmt: skip


def earlier_of(run: Run, against: Run | dt.date | None) -> Run | None:
    """The run compared with: the one named, the last as of a date, or the one this run started from. Raises `Refused`."""
    if isinstance(against, dt.date):
        if against >= run.as_of:
            raise Refused(_("Compare with a day before %(day)s.") % {"day": run.as_of}, code="not_earlier")
        return run_of(as_of=against)
    if against is not None:
        return against
    before = Run.objects.published().filter(pk=run.counts.get("previous_run") or 0).first()
    return before if before and scores_stand(before) else None


def sources(run, found) -> tuple[str, ...]:
    told = [_("Judged as of %(day)s, run %(run)s.") % {"day": run.as_of, "run": run.pk}]
    if found["has"]["month"]:
        told.append(
            _("Bills up to %(month)s, payments and tickets up to %(day)s.") % {"month": found["has"]["month"][:7], "day": run.as_of}
        )
    policies = [(_("value"), run.value_policy), (_("credit"), run.credit_policy), (_("early warning"), run.warning_policy)]
    named = [f"{name} {policy.version}" for name, policy in policies if policy]
    if named:
        told.append(_("Versions of the policies: %(all)s.") % {"all": _(", ").join(named)})
    return tuple(told)


def is_synthetic(scope) -> bool:
    return Account.objects.filter(standing__in=scope.standings().order_by().values("pk"), is_synthetic=True).exists()


def inputs(scope, run) -> dict:
    """What is needed to make it again."""
    policies = {
        kind: policy and policy.version
        for kind, policy in (("value", run.value_policy), ("credit", run.credit_policy), ("warning", run.warning_policy))
    }
    return {
        "run": run.pk, "as_of": run.as_of.isoformat(), "policies": policies, "scope": scope.as_query(), "segment": scope.segment_name,
        "reader": scope.reader.pk, "code": code(),
    }  # fmt: skip
