"""What plans achieved: the settled lots of a trial compared as they were drawn, and the money spent on the treated."""

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Q, Sum

from marketing.retention.models import Arm, Assignment, Offer, Plan, PlanTask
from marketing.retention.models.playbooks import OFFERED
from marketing.retention.rules import Lot, Verdict, first_claim_on, verdict

KEPT_SECONDS = 15 * 60


@dataclass(frozen=True)
class Effect:
    verdict: Verdict
    spent_yuan: float
    plans: int
    """Plans begun for treated accounts that are settled; intention to treat counts the others as treated all the same."""

    released: int
    due: int
    """Lots whose horizon has not passed."""

    claim_on: dt.date | None
    """The day on which both arms will have enough, as lots stand now."""

    @property
    def shown_kept_yuan(self):
        """Money kept, where a difference is shown at all: an amount is a claim too."""
        return self.verdict.money.kept if self.verdict.difference and self.verdict.difference.is_shown else None

    @property
    def net_yuan(self):
        return None if self.shown_kept_yuan is None else self.shown_kept_yuan - self.spent_yuan


def of_trial(*, trial, user) -> Effect:
    """Over the accounts the person may see. Kept for a quarter of an hour, or until one more lot is settled."""
    lots = Assignment.objects.visible_to(user).filter(trial=trial)
    counts = _counted(lots)
    key = f"trial-effect:{trial.pk}:{user.unit_id if user.bound_to_unit else 'all'}:{user.pk if user.bound_to_unit else 0}:{sorted(counts.items())}"
    found = cache.get(key.replace(" ", ""))
    if found is None:
        found = _measure(trial, lots, counts)
        cache.set(key.replace(" ", ""), found, KEPT_SECONDS)
    return found


def of_lots(*, trial, lots) -> Effect:
    """Over those lots of the trial alone, as a report narrows them; counted each time."""
    lots = lots.filter(trial=trial)
    return _measure(trial, lots, _counted(lots))


def _counted(lots):
    return lots.aggregate(
        settled=Count("pk", filter=Q(settled_on__isnull=False)), due=Count("pk", filter=Q(settled_on=None)),
        released=Count("pk", filter=Q(released_at__isnull=False)),
    )  # fmt: skip


def _measure(trial, lots, counts):
    settled = lots.filter(settled_on__isnull=False)
    rows = settled.order_by("pk").values_list("stratum", "arm", "outcome", "revenue_12m_fen")
    weigh = trial.value_lost
    found = [
        Lot(stratum, arm == Arm.TREATED, bool(outcome), (revenue or 0) / 100 * weigh.get(outcome, 1.0) if outcome else 0.0)
        for stratum, arm, outcome, revenue in rows
    ]
    plans = Plan.objects.filter(_of_the_treated(settled), started_at__gte=trial.opened_at)
    return Effect(
        verdict=verdict(found, seed=trial.seed % 2**32), spent_yuan=_spent(plans), plans=plans.count(), released=counts["released"], due=counts["due"],
        claim_on=first_claim_on([(day, arm == Arm.TREATED) for day, arm in lots.order_by().values_list("due_on", "arm")]),
    )  # fmt: skip


def _of_the_treated(settled):
    return Exists(settled.filter(arm=Arm.TREATED, account=OuterRef("account"), assigned_at__lte=OuterRef("started_at")))


def _spent(plans):
    """Offers that were accepted, and work that was done; an offer's step costs nothing beside the offer itself."""
    within = plans.order_by().values("pk")
    offers = Offer.objects.filter(plan__in=within, state=Offer.State.ACCEPTED).aggregate(yuan=Sum("cost_yuan"))["yuan"] or 0
    work = PlanTask.objects.filter(plan__in=within).exclude(kind__in=OFFERED).done().aggregate(yuan=Sum("cost_yuan"))["yuan"] or 0
    return float(offers + work)


def arms_of(*, trial, user) -> list[dict]:
    """`{stratum, treated, holdout, settled, lost}` of each stratum, the largest first: the size of the holdout, shown."""
    found = Assignment.objects.visible_to(user).filter(trial=trial).order_by().values("stratum")
    return list(
        found.annotate(
            treated=Count("pk", filter=Q(arm=Arm.TREATED)), holdout=Count("pk", filter=Q(arm=Arm.HOLDOUT)),
            settled=Count("pk", filter=Q(settled_on__isnull=False)), lost=Count("pk", filter=Q(settled_on__isnull=False) & ~Q(outcome="")),
            total=F("treated") + F("holdout"),
        ).order_by("-total", "stratum")
    )  # fmt: skip
