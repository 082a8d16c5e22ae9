"""The parameters of all judgements, as data: dataclasses with the defaults, to and from JSON-able dicts.

A stored policy may leave keys out (the default stands). An unknown key or an impossible number is refused by name, so that a slip of
the pen in a stored policy never silently judges by the default.
"""

import json
from dataclasses import asdict, dataclass, field, fields

from . import weights

TIERS = ("standard", "silver", "gold", "platinum", "diamond")  # by level 0 to 4
UNSCORED = "unscored"
GROUPS = ("current", "potential")
GRADES = ("A", "B", "C")
PEERS = ("category", "voltage", "branch", "everybody")
IMPORTANT = ("special", "1", "2", "temporary")
MOST_INDICATORS = 15  # of one side: a pairwise matrix of more cannot be judged
UNRATED = "unrated"


class PolicyError(ValueError):
    """A policy that cannot be judged by; the message names the key."""


def _refuse(when, message):
    if when:
        raise PolicyError(message)


@dataclass(frozen=True)
class Indicator:
    """A feature that counts towards value; `better` is high or low; `winsor` its own cut at either end (None: the policy's)."""

    feature: str
    group: str
    better: str = "high"
    winsor: float | None = None


INDICATORS = (
    Indicator("kwh_12m", "current"),
    Indicator("revenue_12m_fen", "current"),
    Indicator("average_price_fen", "current"),
    Indicator("cv", "current", "low"),
    Indicator("late_count_12m", "current", "low"),
    Indicator("growth", "potential"),
    Indicator("contract_kva", "potential"),
    Indicator("capacity_use", "potential"),
    Indicator("trend", "potential"),
)
PAIRWISE = {
    "current": (
        (1, 2, 5, 3, 3),
        (1 / 2, 1, 3, 2, 2),
        (1 / 5, 1 / 3, 1, 1 / 2, 1 / 2),
        (1 / 3, 1 / 2, 2, 1, 1),
        (1 / 3, 1 / 2, 2, 1, 1),
    ),
    "potential": (
        (1, 2, 3, 2),
        (1 / 2, 1, 2, 1),
        (1 / 3, 1 / 2, 1, 1 / 2),
        (1 / 2, 1, 2, 1),
    ),
}
SHARES = {
    "default": {"diamond": 0.005, "platinum": 0.02, "gold": 0.075, "silver": 0.2},
    "residential": {"diamond": 0.001, "platinum": 0.004, "gold": 0.02, "silver": 0.1},
}


@dataclass(frozen=True)
class ValuePolicy:
    """Value = current_share x current + the rest x potential, each 0-100 by percentile among peers.

    `winsor`: the share cut off at either end before scaling. `peers_by`: who is compared with whom; `min_peers`: a set with fewer is compared
    with everybody. `method` hand: `weights` by group, in the order of its indicators.
    `tier_by`: "share" (of the peer set, from the top; the rest is standard) or "cutoff" (score). Hysteresis: an account leaves its tier
    when its score is `margin` points past the border, or on the `runs`-th run in a row that says so. `gate`: best tier open to a grade;
    `floor`: tier that important customers (GB/T 29328 grades) never fall below, whatever credit says.
    Published indicators: CN107784518A (annual kWh, average price, breaches, arrears, growth, capacity).
    """

    indicators: tuple[Indicator, ...] = INDICATORS
    needed: str = "kwh_12m"
    method: str = "ahp"
    pairwise: dict = field(default_factory=lambda: dict(PAIRWISE))
    weights: dict = field(default_factory=dict)
    peers_by: str = "category"
    current_share: float = 0.7
    winsor: float = 0.005
    min_peers: int = 20
    tier_by: str = "share"
    shares: dict = field(default_factory=lambda: dict(SHARES))
    cutoffs: dict = field(default_factory=lambda: {"diamond": 88.0, "platinum": 80.0, "gold": 70.0, "silver": 58.0})
    margin: float = 2.0
    runs: int = 2
    gate: dict = field(default_factory=lambda: {"C": "gold"})
    floor: dict = field(default_factory=lambda: {"special": "gold"})
    quadrant_cuts: dict = field(default_factory=lambda: {"current": 60.0, "potential": 60.0})

    def __post_init__(self):
        _refuse(self.method not in weights.METHODS, f"value.method: {self.method!r} is none of {', '.join(weights.METHODS)}.")
        _refuse(self.tier_by not in ("share", "cutoff"), f"value.tier_by: {self.tier_by!r} is neither share nor cutoff.")
        _refuse(not 0 < self.current_share <= 1, "value.current_share: must be above 0 and at most 1.")
        _refuse(not 0 <= self.winsor < 0.5, "value.winsor: must be at least 0 and under 0.5.")
        _refuse(self.margin < 0 or self.runs < 1, "value.margin must be 0 or more and value.runs 1 or more.")
        _refuse(self.peers_by not in PEERS, f"value.peers_by: {self.peers_by!r} is none of {', '.join(PEERS)}.")
        _refuse(self.min_peers < 2, "value.min_peers: must be 2 or more.")
        names = [it.feature for it in self.indicators]
        _refuse(len(set(names)) != len(names), "value.indicators: a feature is listed twice.")
        _refuse(self.needed not in names, f"value.needed: {self.needed!r} is no indicator of this policy.")
        for it in self.indicators:
            _refuse(it.group not in GROUPS, f"value.indicators: {it.group!r} is neither current nor potential.")
            _refuse(it.better not in ("high", "low"), f"value.indicators: {it.better!r} is neither high nor low.")
            _refuse(not 0 <= self.winsor_of(it) < 0.5, f"value.winsor: must be at least 0 and under 0.5, also of {it.feature}.")
        for key, tier in self.floor.items():
            _refuse(key not in IMPORTANT or tier not in TIERS, f"value.floor: {key!r} to {tier!r} is no important grade and tier.")
        _refuse("default" not in self.shares, "value.shares: 'default' is missing.")
        for key, tier in self.gate.items():
            _refuse(key not in GRADES or tier not in TIERS, f"value.gate: {key!r} to {tier!r} is no grade and tier.")
        for peers, shares in self.shares.items():
            _refuse(set(shares) != set(TIERS[1:]), f"value.shares.{peers}: must give {', '.join(TIERS[:0:-1])}.")
            _refuse(
                any(share < 0 for share in shares.values()) or sum(shares.values()) > 1, f"value.shares.{peers}: must add up to at most 1."
            )
        _refuse(set(self.cutoffs) != set(TIERS[1:]), f"value.cutoffs: must give {', '.join(TIERS[:0:-1])}.")
        ladder = [self.cutoffs[tier] for tier in TIERS[1:]]
        _refuse(ladder != sorted(set(ladder)), "value.cutoffs: a higher tier must have a higher cut-off.")
        _refuse(not all(0 <= cut <= 100 for cut in self.quadrant_cuts.values()), "value.quadrant_cuts: must lie between 0 and 100.")
        for group in GROUPS:
            self._check_group(group)

    def _check_group(self, group):
        many = sum(it.group == group for it in self.indicators)
        _refuse(many == 0, f"value.indicators: none in {group!r}.")
        _refuse(many > MOST_INDICATORS, f"value.indicators: at most {MOST_INDICATORS} in {group!r}.")
        if self.method == "hand":
            weights.by_hand(self.weights.get(group, ()), many)
        if self.method in ("entropy", "hand"):
            return
        _refuse(len(self.pairwise.get(group, ())) != many, f"value.pairwise.{group}: must be {many} x {many}, one row per indicator.")
        weights.ahp(self.pairwise[group])

    def winsor_of(self, indicator: Indicator) -> float:
        return self.winsor if indicator.winsor is None else indicator.winsor

    def of_group(self, group) -> list[int]:
        """Positions of the group's indicators."""
        return [index for index, it in enumerate(self.indicators) if it.group == group]


@dataclass(frozen=True)
class CreditPolicy:
    """100 points, less what is lost by paying late; grade A from `a_from`, B from `b_from`. The rule itself stands in `credit.py`."""

    a_from: float = 90.0
    b_from: float = 70.0
    start: float = 80.0
    late_points: float = 3.0
    late_most: float = 30.0
    day_points: float = 0.5
    day_most: float = 15.0
    arrears_points: float = 10.0
    arrears_month_points: float = 5.0
    arrears_most: float = 30.0
    forced_debt_months: int = 3
    theft_years: float = 2.0
    new_years: float = 0.5
    new_bills: int = 3

    def __post_init__(self):
        _refuse(not 0 < self.b_from < self.a_from <= 100, "credit.b_from must be above 0 and under credit.a_from, that at most 100.")
        _refuse(not self.b_from <= self.start < self.a_from, "credit.start: a new account starts at B, so between b_from and a_from.")


@dataclass(frozen=True)
class Ramp:
    """No points at `starts` or before, all `points` at `full` or past it, evenly between; works in either direction."""

    points: float
    starts: float
    full: float
    least: float = 0.0

    def __post_init__(self):
        _refuse(
            not 0 <= self.least <= self.points < 100 or self.starts == self.full, f"warning: {self} is no ramp within 0 and 100 points."
        )


@dataclass(frozen=True)
class WarningPolicy:
    """Parameters of the rule-based early warning; every rule, its reason and its mark stand in `warning.py` and docs/engine.md."""

    usage_down: Ramp = Ramp(60, 0.92, 0.40)
    month_down: Ramp = Ramp(35, 0.85, 0.30)
    worsening: Ramp = Ramp(15, 0.97, 0.60)
    base_down: Ramp = Ramp(45, 0.90, 0.45)
    young_down: Ramp = Ramp(25, 0.70, 0.20)
    self_supply: Ramp = Ramp(45, 0.92, 0.40)
    price_up: Ramp = Ramp(15, 0.05, 0.30)
    capacity_idle: Ramp = Ramp(20, 0.40, 0.10)
    contract_end: Ramp = Ramp(40, 90, 0, 12)
    arrears: Ramp = Ramp(35, 0, 120, 8)
    complaints: Ramp = Ramp(24, 0, 4)
    open_complaints: Ramp = Ramp(12, 0, 3)
    stopped: float = 85.0
    collapsed: float = 75.0
    returned: float = 20.0
    contract_grace_days: int = 90
    capacity_from_kva: float = 315.0
    stopped_share: float = 0.001
    collapsed_share: float = 0.2
    collapsed_base_share: float = 0.1
    returned_share: float = 0.4
    fading_ratio: float = 0.8
    fading_month_ratio: float = 0.5
    steadied_weight: float = 0.5
    new_months: int = 6
    bands: dict = field(default_factory=lambda: {"watch": 20.0, "elevated": 40.0, "high": 65.0})

    def __post_init__(self):
        _refuse(set(self.bands) != {"watch", "elevated", "high"}, "warning.bands: must give watch, elevated and high.")
        ladder = [self.bands[band] for band in ("watch", "elevated", "high")]
        _refuse(ladder != sorted(set(ladder)), "warning.bands: watch must be under elevated, elevated under high.")
        _refuse(min(self.stopped, self.collapsed) < ladder[0], "warning.stopped and warning.collapsed must reach warning.bands.watch.")
        _refuse(max(self.stopped, self.collapsed, self.returned) >= 100, "warning: points must stay under 100.")


@dataclass(frozen=True)
class Policy:
    """What one run judges by."""

    value: ValuePolicy = field(default_factory=ValuePolicy)
    credit: CreditPolicy = field(default_factory=CreditPolicy)
    warning: WarningPolicy = field(default_factory=WarningPolicy)
    value_for: dict[str, ValuePolicy] = field(default_factory=dict)  # of one category, in place of `value`
    credit_for: dict[str, CreditPolicy] = field(default_factory=dict)

    def to_dict(self) -> dict:
        """As JSON reads it back: every parameter is written out."""
        return json.loads(json.dumps(asdict(self)))

    @classmethod
    def from_dict(cls, stored: dict) -> "Policy":
        """Read a stored policy. Raises `PolicyError` (or `weights.Inconsistent`) naming what is wrong."""
        _known(cls, stored, "policy")
        warning = {
            key: _read(Ramp, it, f"warning.{key}") if isinstance(it, dict) and key != "bands" else it
            for key, it in (stored.get("warning") or {}).items()
        }
        return cls(
            value=_value(stored.get("value") or {}),
            credit=_read(CreditPolicy, stored.get("credit") or {}, "credit"),
            warning=_read(WarningPolicy, warning, "warning"),
            value_for={key: _value(body) for key, body in (stored.get("value_for") or {}).items()},
            credit_for={key: _read(CreditPolicy, body, "credit") for key, body in (stored.get("credit_for") or {}).items()},
        )


def _value(stored):
    value = dict(stored)
    if "indicators" in value:
        value["indicators"] = tuple(_read(Indicator, it, "value.indicators") for it in value["indicators"])
    return _read(ValuePolicy, value, "value")


def _known(kind, stored, where):
    unknown = set(stored) - {it.name for it in fields(kind)}
    _refuse(unknown, f"{where}: {', '.join(sorted(unknown))} is not a parameter.")


def _read(kind, stored, where):
    _known(kind, stored, where)
    try:
        return kind(**stored)
    except TypeError as error:
        raise PolicyError(f"{where}: {error}") from error
