"""Who the accounts at high risk are, against everybody else."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Substr
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.accounts.models import Account
from crm.people.models import Unit
from crm.tickets.models import Ticket
from segmentation.engine.explain import REASONS, read

HIGH = Q(risk_band="high")
MOST_REASONS = 3000  # accounts whose reasons are counted
FEWEST = 5  # accounts at high risk a line must hold to be called typical
AREA_DIGITS = 7
TIMES = 1.3


@dataclass(frozen=True)
class Line:
    """One value of one trait: share of the group at high risk, share of the others, and how many times as frequent."""

    label: str
    high: int
    others: int
    high_share: float
    other_share: float
    beside: int
    """How many the others are in all."""

    @property
    def times(self):
        """Where none of the others has it, half a one is thought to be there."""
        if not self.high_share:
            return None
        return self.high_share / (self.other_share or 0.5 / self.beside) if self.beside else None

    @property
    def typical(self):
        return self.high >= FEWEST and self.times is not None and self.times >= TIMES


def traits(standings, since) -> list[dict]:
    """[{name, lines}]: one grouped count a trait. `since`: complaints from that moment on count."""
    judged = standings.exclude(risk_band="")
    complaints = Exists(Ticket.objects.filter(account=OuterRef("account_id"), kind="complaint", opened_at__gte=since))
    own = Q(account__pv_kw__gt=0) | Q(account__storage_kwh__gt=0) | Q(account__has_captive_plant=True) | Q(account__has_gas=True)
    yes_no = {True: _("Yes"), False: _("No")}
    asked = (
        ("category", _("Category"), F("account__category"), dict(Account.Category.choices)),
        ("area", _("Area"), Substr("account__unit__code", 1, AREA_DIGITS), _units()),
        ("tariff", _("Tariff plan"), F("account__tariff_plan__name"), {None: _("None")}),
        ("payment", _("Billing"), F("account__billing_mode"), dict(Account.BillingMode.choices)),
        ("arrears", _("In arrears"), Case(When(arrears_fen__gt=0, then=Value(True)), default=Value(False)), yes_no),
        ("complaints", _("Complained in 90 days"), complaints, yes_no),
        ("substitutes", _("Has a substitute (PV, storage, plant, gas)"), Case(When(own, then=Value(True)), default=Value(False)), yes_no),
        ("market", _("Market status"), F("account__market_status"), dict(Account.MarketStatus.choices)),
    )
    return [{"key": key, "name": name, "lines": _lines(judged, trait, labels)} for key, name, trait, labels in asked]


def _units():
    return {unit.code: str(unit) for unit in Unit.objects.all() if len(unit.code) <= AREA_DIGITS}


def _lines(judged, trait, labels):
    counted = list(judged.annotate(trait=trait).order_by().values("trait").annotate(high=Count("pk", filter=HIGH), everybody=Count("pk")))
    high = sum(row["high"] for row in counted)
    others = sum(row["everybody"] for row in counted) - high
    lines = [
        Line(
            str(labels.get(row["trait"], row["trait"] or "—")), row["high"], row["everybody"] - row["high"],
            row["high"] / high if high else 0.0, (row["everybody"] - row["high"]) / others if others else 0.0, others,
        )
        for row in counted
    ]  # fmt: skip
    return sorted(lines, key=lambda line: -line.high)[:15]


def in_words(found) -> list[str]:
    """What is typical of the group, strongest first."""
    told = [(line.times, trait["name"], line) for trait in found for line in trait["lines"] if line.typical and line.label != _("No")]
    return [
        _("%(trait)s: %(value)s — %(high)s %% of the group, %(others)s %% of the others (%(times)s times)")
        % {
            "trait": name,
            "value": line.label,
            "high": round(100 * line.high_share),
            "others": round(100 * line.other_share, 1),
            "times": f"{times:.1f}",
        }
        for times, name, line in sorted(told, key=lambda it: -it[0])[:8]
    ]


def influences(standings, language) -> list[dict]:
    """What the judgement names most often as a reason in the group: [{label, accounts, share, points}]."""
    counted, points = Counter(), Counter()
    held = list(standings.filter(HIGH).order_by("account_id").values_list("reasons", flat=True)[:MOST_REASONS])
    for reasons in held:
        for code, weight, *_numbers in read(reasons).get("risk", []):
            counted[code] += 1
            points[code] += weight
    index = 1 if language.startswith("zh") else 0
    return [
        {"label": _plain(code, index), "accounts": many, "share": many / len(held), "points": points[code] / many}
        for code, many in counted.most_common(12)
    ]


def _plain(code, index):
    """The reason's sentence with its numbers left open."""
    words = REASONS[code]
    return (words.zh if index else words.en).format(*["…"] * len(words.numbers)).removesuffix("…").rstrip("：: (（,，")


def chart(found, key) -> dict:
    """One trait as bars: the group against everybody else."""
    trait: dict[str, Any] = next((it for it in found if it["key"] == key), {"name": "", "lines": []})
    return {
        "kind": "bar", "title": trait["name"], "unit": "ratio", "x": {"label": trait["name"], "values": [line.label for line in trait["lines"]]},
        "series": [
            {"name": pgettext("accounts", "At high risk"), "key": "risk", "values": [line.high_share for line in trait["lines"]]},
            {"name": _("Everyone else"), "key": "muted", "values": [line.other_share for line in trait["lines"]]},
        ],
    }  # fmt: skip
