"""What the judgement adds to an account's timeline: moves of tier, early warning and credit."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.timeline import SOURCES, Event, Source, newest
from crm.audit.verbs import KIND_NAMES, SENTENCES
from crm.jobs.registry import Waiting
from crm.jobs.registry import register as register_waiting
from crm.service_levels import tiers
from segmentation.runs.models import Change, RiskBand, Run, Standing, Tier

ORDER = [tier.value for tier in Tier]


def move_events(account, *, reader, mark, limit):
    """Moves published for the account, to readers who may see standings."""
    if not reader.user.has_perm("segmentation.view_standing"):
        return []
    changes = Change.objects.filter(account=account, run__finished_at__isnull=False).select_related("run")
    return [_event(change) for change in newest(changes, source="move", column="run__finished_at", mark=mark, limit=limit)]


def _event(change):
    titles = [*_tier(change), *_band(change), *_grade(change)] or [_("State of use: %(now)s") % {"now": change.get_usage_to_display()}]
    worse = change.band_to == RiskBand.HIGH != change.band_from or _rank(change.tier_to) > _rank(change.tier_from)
    better = _rank(change.tier_to) < _rank(change.tier_from)
    said = {"day": change.run.as_of, "run": change.run_id}
    return Event(
        at=change.run.finished_at, source="move", id=change.pk, title=" · ".join(titles),
        text=_("Judged as of %(day)s, run %(run)s") % said,
        icon="trending-up" if better else "trending-down" if worse else "activity", tone="risk" if worse else "good" if better else "muted",
    )  # fmt: skip


def _tier(change):
    if change.tier_from != change.tier_to:
        yield _("Tier: %(before)s → %(after)s") % {"before": change.get_tier_from_display(), "after": change.get_tier_to_display()}


def _band(change):
    if change.band_from != change.band_to:
        yield _("Early warning: %(before)s → %(after)s") % {"before": change.get_band_from_display(), "after": change.get_band_to_display()}


def _grade(change):
    if change.grade_from != change.grade_to:
        yield _("Credit: %(before)s → %(after)s") % {"before": change.grade_from or "—", "after": change.grade_to or "—"}


def _rank(tier):
    return ORDER.index(tier) if tier else len(ORDER)


def tier_of(account_id) -> str:
    """The tier in force of an account, empty when it is not scored."""
    return Standing.objects.filter(pk=account_id).values_list("tier", flat=True).first() or ""


def waiting_runs():
    """Recomputes that wait or run, for the page of jobs."""
    runs = Run.objects.filter(state__in=[Run.State.WAITING, Run.State.RUNNING]).order_by("pk")
    return [
        Waiting(
            _("Run %(number)s") % {"number": run.pk}, run.heartbeat_at or run.asked_at, run.get_state_display(),
            reverse("segmentation:run-detail", args=[run.pk]), permission="segmentation.view_run",
        )
        for run in runs[:50]
    ]  # fmt: skip


def register():
    """Called once when the app starts."""
    SOURCES["move"] = Source(label=gettext_lazy("Judgement"), events=move_events)
    tiers.told_by(tier_of, [(code, label) for code, label in Tier.choices if code])
    register_waiting("runs", gettext_lazy("Runs"), waiting_runs)
    KIND_NAMES.update(
        {
            "segmentation.run": gettext_lazy("run"),
            "segmentation.policy": gettext_lazy("policy"),
            "segmentation.riskmodel": gettext_lazy("risk model"),
            "segmentation.churnterms": gettext_lazy("terms of leaving"),
        }
    )
    SENTENCES.update(
        {
            "segmentation.run exported tier report": gettext_lazy("%(who)s exported the tier report"),
            "segmentation.run asked for a run": gettext_lazy("%(who)s asked for a recompute as of %(as_of)s"),
            "segmentation.riskmodel asked for a training": gettext_lazy("%(who)s asked for a training on the data up to %(until)s"),
            "segmentation.riskmodel cancelled a training": gettext_lazy("%(who)s cancelled a training"),
            "segmentation.riskmodel trained a risk model": gettext_lazy("Risk model %(id)s was trained"),
            "segmentation.riskmodel proposed a risk model": gettext_lazy("%(who)s proposed to put risk model %(id)s in force"),
            "segmentation.riskmodel put a risk model in force": gettext_lazy("%(who)s put risk model %(id)s in force"),
            "segmentation.riskmodel sent a risk model back": gettext_lazy("%(who)s sent risk model %(id)s back"),
            "segmentation.riskmodel retired a risk model": gettext_lazy("%(who)s retired risk model %(id)s"),
            "segmentation.riskmodel brought a risk model back": gettext_lazy("%(who)s put risk model %(id)s in force again"),
            "segmentation.riskmodel scored a risk model in shadow": gettext_lazy("%(who)s let risk model %(id)s score in shadow"),
            "segmentation.riskmodel stopped the shadow of a risk model": gettext_lazy("%(who)s stopped the shadow of risk model %(id)s"),
            "segmentation.churnterms edited churn terms": gettext_lazy("%(who)s edited what counts as leaving"),
            "segmentation.run cancelled a run": gettext_lazy("%(who)s cancelled a recompute"),
            "segmentation.run published a run": gettext_lazy("A recompute as of %(as_of)s was published: %(changed)s accounts moved"),
            "segmentation.policy drafted a policy": gettext_lazy("%(who)s drafted a policy from version %(source)s"),
            "segmentation.policy edited a policy": gettext_lazy("%(who)s edited a policy draft"),
            "segmentation.policy simulated a policy": gettext_lazy("%(who)s simulated version %(version)s of a policy on run %(run)s"),
            "segmentation.policy submitted a policy": gettext_lazy("%(who)s submitted version %(version)s of a policy, for %(valid_from)s"),
            "segmentation.policy withdrew a policy": gettext_lazy("%(who)s took version %(version)s of a policy back"),
            "segmentation.policy refused a policy": gettext_lazy("%(who)s refused version %(version)s of a policy: %(reason)s"),
            "segmentation.policy published a policy": gettext_lazy("%(who)s published a policy in place of version %(retired)s"),
            "segmentation.policy dropped a policy draft": gettext_lazy("%(who)s threw a policy draft away (version %(version)s)"),
        }
    )
