"""The tier report as numbers: every figure starts at what the reader may see and is one grouped query."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Length, Substr

from crm.accounts.lookups import keys_if_few
from crm.accounts.models import Account
from crm.people.models import Unit
from crm.service_levels.models import Entitlement
from crm.tickets.models import Ticket
from segmentation.runs.models import Change, RiskBand, Tier

TIERS = [Tier.DIAMOND, Tier.PLATINUM, Tier.GOLD, Tier.SILVER, Tier.STANDARD]
KEY_TIERS = TIERS[:3]
GREEN_TIERS = TIERS[:2]
PROMISE_DAYS = 90
BUBBLES = 400
NOBODY = {"n": 0, "fen": 0, "risk_fen": 0}
RANK = {tier.value: place for place, tier in enumerate(TIERS)}


@dataclass
class Row:
    """One line of the report: a unit, a category or a tier, with counts per tier and what moved."""

    key: str
    label: str
    accounts: int = 0
    revenue_fen: int = 0
    risk_revenue_fen: int = 0
    tiers: dict = field(default_factory=dict)
    up: int = 0
    down: int = 0
    unit: Unit | None = None

    @property
    def unscored(self):
        return self.tiers.get("", 0)


def by_tier(standings):
    """Counts and revenue per tier, highest first, the unscored last."""
    found = {row["tier"]: row for row in standings.order_by().values("tier").annotate(n=Count("pk"), fen=Sum("revenue_12m_fen"), **_risk())}
    labels = dict(Tier.choices)
    return [
        Row(key=tier, label=labels[tier], accounts=row["n"], revenue_fen=row["fen"] or 0, risk_revenue_fen=row["risk_fen"] or 0)
        for tier in [*TIERS, Tier.UNSCORED]
        if (row := found.get(tier, NOBODY))["n"] or tier
    ]


def _risk():
    return {"risk_fen": Sum("revenue_12m_fen", filter=Q(risk_band=RiskBand.HIGH))}


def by_unit(standings, moves, scope):
    """A row per unit one level below `scope` (None: below the top of the tree), with tiers and moves."""
    depth = depth_below(scope)
    code = "account__unit__code"
    rows = _grouped(standings, Substr(code, 1, depth))
    _add_moves(rows, moves, Substr(code, 1, depth))
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=rows)}
    for key, row in rows.items():
        row.label, row.unit = str(units.get(key, key)), units.get(key)
    return sorted(rows.values(), key=lambda row: row.key)


def by_category(standings, moves):
    """A row per category of use, the largest revenue first."""
    rows = _grouped(standings, F("account__category"))
    _add_moves(rows, moves, F("account__category"))
    labels = dict(Account.Category.choices)
    for key, row in rows.items():
        row.label = str(labels.get(key, key))
    return sorted(rows.values(), key=lambda row: -row.revenue_fen)


def depth_below(scope):
    if scope is not None:
        return len(scope.code) + 2
    roots = Unit.objects.filter(parent=None)
    shortest = roots.aggregate(n=Min(Length("code")))["n"] or 5
    return shortest + 2 if roots.count() == 1 else shortest


def _grouped(standings, key):
    rows: dict[str, Row] = {}
    counted = standings.order_by().annotate(key=key).values("key", "tier").annotate(n=Count("pk"), fen=Sum("revenue_12m_fen"), **_risk())
    for found in counted:
        row = rows.setdefault(found["key"], Row(key=found["key"], label=found["key"]))
        row.tiers[found["tier"]] = found["n"]
        row.accounts += found["n"]
        row.revenue_fen += found["fen"] or 0
        row.risk_revenue_fen += found["risk_fen"] or 0
    return rows


def _add_moves(rows, moves, key):
    for found in moves.order_by().annotate(key=key).values("key", "tier_from", "tier_to").annotate(n=Count("pk")):
        if found["tier_from"] in RANK and found["tier_to"] in RANK and found["key"] in rows:
            direction = "up" if RANK[found["tier_to"]] < RANK[found["tier_from"]] else "down"
            setattr(rows[found["key"]], direction, getattr(rows[found["key"]], direction) + found["n"])


def moves_of(standings, run):
    """Changes of tier in the run, of the accounts in the report."""
    changed = Change.objects.filter(run=run).exclude(tier_from=F("tier_to")) if run else Change.objects.none()
    return changed.filter(account__in=standings.values("account"))


def flows(tiers, moves):
    """(from, to, accounts) for every pair that occurs, those who stayed included."""
    pairs = {
        (row["tier_from"], row["tier_to"]): row["n"] for row in moves.order_by().values("tier_from", "tier_to").annotate(n=Count("pk"))
    }
    for row in tiers:
        arrived = sum(n for (_before, after), n in pairs.items() if after == row.key)
        if row.accounts - arrived > 0:
            pairs[(row.key, row.key)] = row.accounts - arrived
    return [(before, after, n) for (before, after), n in sorted(pairs.items())]


def promise_kept(user, standings, at):
    """Share of the complaints answered in the last 90 days that were answered in time; None when there were none."""
    answered = Ticket.objects.visible_to(user).filter(
        _of(standings, keys_if_few(standings)),
        kind="complaint",
        answered_at__gte=at - dt.timedelta(days=PROMISE_DAYS),
        answer_due_at__isnull=False,
    )
    counts = answered.aggregate(n=Count("pk"), kept=Count("pk", filter=Q(answered_at__lte=F("answer_due_at"))))
    return counts["kept"] / counts["n"] if counts["n"] else None


def green_coverage(standings, on):
    """Share of diamond and platinum accounts with a green channel in force; None when there are none."""
    top = standings.filter(tier__in=GREEN_TIERS)
    few = keys_if_few(top)
    total = top.count() if few is None else len(few)
    covered = Entitlement.objects.in_force(on).filter(_of(top, few)).values("account").distinct()
    return covered.count() / total if total else None


def _of(standings, few):
    """Rows about the accounts of these standings: by their keys where they are few, as the planner cannot know how few they are."""
    return Q(account__in=standings.values("account")) if few is None else Q(account__any_of=few)


def bubbles(standings):
    """The accounts with the largest revenue, for the quadrant picture."""
    scored = standings.exclude(current_score=None).exclude(potential_score=None).exclude(revenue_12m_fen=None)
    return scored.select_related("account__customer").order_by("-revenue_12m_fen", "account_id")[:BUBBLES]
