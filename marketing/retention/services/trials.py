"""Open a trial, draw lots, exempt, release, settle. A lot is drawn before anybody is called and never changes."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.accounts.models import Account
from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from crm.service_levels.models import Entitlement
from marketing.market.models import Outcome
from marketing.retention import facts
from marketing.retention.models import Arm, Assignment, Exemption, Plan, Trial
from marketing.retention.rules import BANDS_HELD, HORIZON_DAYS, held_out, outcome_of, stratum_of
from segmentation.churn.models import ChurnTerms
from segmentation.runs.models import Standing
from segmentation.segments.models import Segment, SegmentMember

CHUNK = 2000


def value_lost() -> dict[str, float]:
    """Of a year's revenue, by outcome: what the analysts' terms of leaving say today."""
    return dict(ChurnTerms.objects.in_force().value_lost)


@dataclass(frozen=True)
class Terms:
    """`segment`: only its members are drawn for; None: everybody in the bands."""

    name: str
    share: Decimal
    seed: int
    ethics: str
    horizon_days: int = HORIZON_DAYS
    bands: tuple = BANDS_HELD
    value_lost: dict = field(default_factory=value_lost)
    segment: Segment | None = None


@transaction.atomic
def open_trial(*, terms, by, at):
    """A trial begins and everybody who may leave today gets a lot. One at a time; it must be said why holding some out is right."""
    if not terms.ethics.strip():
        raise Refused(_("Say why it is right to hold some accounts out: people will read it beside the result."), code="ethics")
    if not Decimal("0.02") <= terms.share <= Decimal("0.5"):
        raise Refused(_("Hold out between 2 % and 50 %."), code="share")
    if not 7 <= terms.horizon_days <= 365:
        raise Refused(_("The horizon lies between 7 and 365 days."), code="horizon")
    if not terms.bands or set(terms.bands) - {"high", "elevated", "watch"}:
        raise Refused(_("Choose the bands whose accounts are drawn for."), code="bands")
    if set(terms.value_lost) != set(Outcome.values) or not all(0 <= part <= 1 for part in terms.value_lost.values()):
        raise Refused(_("The value lost by each outcome lies between 0 and 1."), code="weights")
    try:
        with transaction.atomic():
            trial = Trial.objects.create(
                name=terms.name, share=terms.share, bands=list(terms.bands), horizon_days=terms.horizon_days, seed=terms.seed,
                value_lost=terms.value_lost, segment=terms.segment, ethics=terms.ethics.strip(), opened_by=by, opened_at=at,
            )  # fmt: skip
    except IntegrityError as error:
        if "one_trial_at_a_time" not in str(error):
            raise
        raise AlreadyDone(_("Another trial is under way: close it first.")) from error
    lots = draw(trial=trial, at=at)
    record(by=by, did="opened trial", on=trial, name=trial.name, share=f"{trial.share:.1%}", seed=trial.seed, lots=lots)
    return trial


@transaction.atomic
def close_trial(*, trial, by, at):
    """No more lots; who was held out may be called. Lots whose horizon has not passed are still settled when it has."""
    if not Trial.objects.filter(pk=trial.pk, closed_at=None).update(closed_at=at, closed_by=by):
        raise AlreadyDone(_("This trial is closed already."))
    record(by=by, did="closed trial", on=trial, name=trial.name)


def may_be_drawn(trial, *, on):
    """Standings a lot may be drawn for: in the bands and the segment as it is today, open, not important, without a green channel, exemption, lot, or a plan lately."""
    out_of_it = [
        Entitlement.objects.in_force(on),
        Exemption.objects.standing(),
        Assignment.objects.filter(trial=trial),
        Plan.objects.open(),
        Plan.objects.filter(started_at__date__gt=on - dt.timedelta(days=trial.horizon_days)),
    ]
    found = Standing.objects.filter(risk_band__in=trial.bands, account__important_grade="")
    if trial.segment_id:
        found = found.filter(account__in=SegmentMember.objects.filter(segment=trial.segment_id).values("account"))
    for rows in out_of_it:
        found = found.exclude(account__in=rows.order_by().values("account"))
    return found.exclude(account__status=Account.Status.CLOSED)


@transaction.atomic
def draw(*, trial, at, only=None) -> int:
    """Lots for everybody who may be drawn and has none; `only`: one account. Returns how many. The row of the trial is the queue."""
    trial = Trial.objects.select_for_update().get(pk=trial.pk)
    if trial.closed_at:
        return 0
    found = may_be_drawn(trial, on=at.date()).select_related("account").order_by("account")
    standings = list(found if only is None else found.filter(account=only))
    strata = [(one.account_id, stratum_of(one.risk_band, one.tier, one.account.category)) for one in standings]
    held = held_out(strata, share=float(trial.share), seed=trial.seed, batch=f"{at.isoformat()} {only or 'all'}")
    due_on = at.date() + dt.timedelta(days=trial.horizon_days)
    lots = [
        Assignment(
            trial=trial, account=one.account, arm=Arm.HOLDOUT if one.account_id in held else Arm.TREATED, stratum=stratum,
            assigned_at=at, due_on=due_on, revenue_12m_fen=one.revenue_12m_fen,
            before=facts.kept(facts.facts_of(one.account, one, on=at.date())),
        )
        for one, (_pk, stratum) in zip(standings, strata, strict=True)
    ]  # fmt: skip
    Assignment.objects.bulk_create(lots, batch_size=CHUNK)
    return len(lots)


def draw_one(*, account, at):
    """The account's lot in the trial under way, drawn now if it has none yet; None where no trial runs or it is not part of it."""
    trial = Trial.objects.running()
    if trial is None:
        return None
    lots = Assignment.objects.filter(trial=trial, account=account).select_related("trial", "account")
    lot = lots.first()
    if lot is None and draw(trial=trial, at=at, only=account.pk):
        lot = lots.first()
    return lot


@transaction.atomic
def release(*, lot, by, at, reason):
    """A held-out account may be called after all. It still counts as held out: who is moved afterwards would bend the comparison."""
    if not reason.strip():
        raise Refused(_("Say why the account must not wait."), code="reason_missing")
    if not Account.objects.visible_to(by).filter(pk=lot.account_id).exists():
        raise Refused(_("This account is not in your reach."), code="not_yours")
    if not Assignment.objects.holding().filter(pk=lot.pk).update(released_at=at, released_by=by, release_reason=reason.strip()):
        raise AlreadyDone(_("This account is not held out, or was released already."))
    record(by=by, did="released from holdout", on=lot, reason=reason)


@transaction.atomic
def exempt(*, account, by, at, reason):
    """An account that no later lot shall be drawn for. One that has its lot already is released instead."""
    if not reason.strip():
        raise Refused(_("Say why the account is exempt."), code="reason_missing")
    running = Trial.objects.running()
    if running and Assignment.objects.filter(trial=running, account=account).exists():
        raise Refused(
            _("Account %(number)s has its lot already: if it is held out, release it.") % {"number": account.number}, code="drawn"
        )
    try:
        with transaction.atomic():
            made = Exemption.objects.create(account=account, reason=reason.strip(), by=by, at=at)
    except IntegrityError as error:
        if "one_exemption_at_a_time" not in str(error):
            raise
        raise AlreadyDone(_("Account %(number)s is exempt already.") % {"number": account.number}) from error
    record(by=by, did="exempted from holdout", on=made, reason=reason)
    return made


@transaction.atomic
def end_exemption(*, exemption, by, at):
    if not Exemption.objects.standing().filter(pk=exemption.pk).update(ended_at=at):
        raise AlreadyDone(_("This exemption has ended already."))
    record(by=by, did="ended exemption", on=exemption)


@transaction.atomic
def settle(*, on, limit=CHUNK) -> int:
    """Write down what became of accounts whose horizon has passed, from facts; returns how many. Safe to run twice."""
    due = Assignment.objects.unsettled().filter(due_on__lte=on).order_by("due_on", "pk")
    lots = list(due.select_for_update(skip_locked=True, of=("self",)).select_related("account", "account__standing")[:limit])
    for lot in lots:
        standing = getattr(lot.account, "standing", None)
        lot.outcome = outcome_of(facts.read(lot.before), facts.facts_of(lot.account, standing, on=lot.due_on))
        lot.settled_on = on
    Assignment.objects.bulk_update(lots, ["outcome", "settled_on"], batch_size=500)
    return len(lots)
