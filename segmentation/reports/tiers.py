"""The tier report as numbers: every figure starts at what the reader may see; two grouped queries are added up every way."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, F, Min, Q, Sum
from django.db.models.functions import Length

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


@dataclass(frozen=True)
class Counted:
    """Accounts that share unit, category and tier: the grain of the report, counted once and added up every way."""

    unit_code: str
    category: str
    tier: str
    accounts: int
    revenue_fen: int
    risk_revenue_fen: int


@dataclass(frozen=True)
class Moved:
    """Accounts that share unit and category and went from one tier to another."""

    unit_code: str
    category: str
    before: str
    after: str
    accounts: int


def counted(standings) -> list[Counted]:
    risk = Sum("revenue_12m_fen", filter=Q(risk_band=RiskBand.HIGH))
    grouped = standings.order_by().values("account__unit__code", "account__category", "tier")
    rows = grouped.annotate(n=Count("pk"), fen=Sum("revenue_12m_fen"), risk_fen=risk).values_list(
        "account__unit__code", "account__category", "tier", "n", "fen", "risk_fen"
    )
    return [Counted(unit, category, tier, n, fen or 0, risk_fen or 0) for unit, category, tier, n, fen, risk_fen in rows]


def moved(standings, run) -> list[Moved]:
    keys = ("account__unit__code", "account__category", "tier_from", "tier_to")
    rows = moves_of(standings, run).order_by().values(*keys).annotate(n=Count("pk")).values_list(*keys, "n")
    return [Moved(*row) for row in rows]


def by_tier(counts) -> list[Row]:
    """Counts and revenue per tier, highest first, the unscored last."""
    rows = _added_up(counts, lambda count: count.tier)
    labels = dict(Tier.choices)
    for tier in [*TIERS, Tier.UNSCORED]:
        row = rows.setdefault(tier.value, Row(key=tier.value, label=""))
        row.label = str(labels[tier])
    return [rows[tier.value] for tier in [*TIERS, Tier.UNSCORED] if tier or rows[""].accounts]


def by_unit(counts, moves, scope) -> list[Row]:
    """A row per unit one level below `scope` (None: below the top of the tree), with tiers and moves."""
    depth = _depth_below(scope)
    rows = _added_up(counts, lambda one: one.unit_code[:depth], moves)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in=rows)}
    for key, row in rows.items():
        row.label, row.unit = str(units.get(key, key)), units.get(key)
    return sorted(rows.values(), key=lambda row: row.key)


def by_category(counts, moves) -> list[Row]:
    """A row per category of use, the largest revenue first."""
    rows = _added_up(counts, lambda one: one.category, moves)
    labels = dict(Account.Category.choices)
    for key, row in rows.items():
        row.label = str(labels.get(key, key))
    return sorted(rows.values(), key=lambda row: -row.revenue_fen)


def _depth_below(scope):
    if scope is not None:
        return len(scope.code) + 2
    roots = Unit.objects.filter(parent=None)
    shortest = roots.aggregate(n=Min(Length("code")))["n"] or 5
    return shortest + 2 if roots.count() == 1 else shortest


def _added_up(counts, key, moves=()) -> dict[str, Row]:
    rows: dict[str, Row] = {}
    for count in counts:
        row = rows.setdefault(key(count), Row(key=key(count), label=""))
        row.tiers[count.tier] = row.tiers.get(count.tier, 0) + count.accounts
        row.accounts += count.accounts
        row.revenue_fen += count.revenue_fen
        row.risk_revenue_fen += count.risk_revenue_fen
    for move in moves:
        if move.before in RANK and move.after in RANK and key(move) in rows:
            row = rows[key(move)]
            if RANK[move.after] < RANK[move.before]:
                row.up += move.accounts
            else:
                row.down += move.accounts
    return rows


def moves_of(standings, run):
    """Changes of tier in the run, of the accounts in the report."""
    changed = Change.objects.filter(run=run).exclude(tier_from=F("tier_to")) if run else Change.objects.none()
    return changed.filter(account__in=standings.values("account"))


def flows(tiers, moves):
    """(from, to, accounts) for every pair that occurs, those who stayed included."""
    pairs: dict[tuple[str, str], int] = {}
    for move in moves:
        pairs[(move.before, move.after)] = pairs.get((move.before, move.after), 0) + move.accounts
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
    return scored.select_related("account__customer").order_by(F("revenue_12m_fen").desc(nulls_last=True), "account_id")[:BUBBLES]
