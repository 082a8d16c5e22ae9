"""What a rule may ask about: features, scores, states of judgement and facts of the account, with their words."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.people.models import Unit
from segmentation.engine.features import FEATURES
from segmentation.groups.models import BehaviourGroup, Kind
from segmentation.runs.models import Quadrant, RiskBand, Tier, UsageState
from segmentation.segments.rules import Field

FLAG = "flag"
PEOPLES_UNIT = {"fen": "yuan", "share": "%"}  # the engine's unit -> how people write it
UNIT_WORDS = {
    "yuan": _("yuan"), "%": "%", "kWh": "kWh", "kW": "kW", "kVA": "kVA", "kV": "kV", "points": _("points"), "days": _("days"),
    "months": _("months"), "years": _("years"), "fen/kWh": _("fen/kWh"), "share per month": _("share a month"), "bills": _("bills"),
    "tickets": _("tickets"), "complaints": _("complaints"), "times": _("times"), "reports": _("reports"), "visits": _("visits"),
    "kinds": _("kinds"),
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A field with its words. `choices()` gives [(value, label)]; `topic` is the heading it stands under."""

    name: str
    topic: str
    label: object
    kind: str
    column: str
    unit: str = ""
    choices: Callable = list

    def field(self) -> Field:
        return Field(self.name, self.kind, self.column, self.unit, tuple(value for value, _label in self.choices()))

    @property
    def unit_word(self):
        return str(UNIT_WORDS.get(self.unit, self.unit))


TOPICS = {
    "judgement": _("Judgement"),
    "account": _("The account"),
    "groups": _("Behaviour groups"),
    "features": _("Features"),
}


def _of(choices, empty):
    """The choices with a word for the empty one."""
    return lambda: [(value or empty, label) for value, label in choices.choices]


def _choice(name, label, source, choices, *, unknown=""):
    """`unknown`: what the scores call the empty choice of the standing."""
    empty = "none" if source == "a" else "unscored"
    written = f"coalesce(nullif({source}.{name}, '{unknown}'), '{empty}')"
    return Asked(name, "account" if source == "a" else "judgement", label, "choice", written, choices=_of(choices, empty))


def _number(name, topic, label, column, unit):
    return Asked(name, topic, label, "number", column, unit)


def _flag(name, label, column):
    return Asked(name, "account", label, FLAG, column)


def _of_group(kind):
    """Groups by their number, which they keep between runs; an account in no group meets no condition."""
    return Asked(f"group_{kind}", "groups", kind.label, "choice", f"g_{kind}.{kind}::varchar", choices=cache(lambda: _groups(kind)))


def _groups(kind):
    return [(str(group.number), str(group)) for group in BehaviourGroup.objects.standing() if group.kind == kind]


def rule_of_group(group) -> dict:
    """The rule that a behaviour group is."""
    return {"all": [{"field": f"group_{group.kind}", "is": "in", "value": [str(group.number)]}]}


def group_called(field: str, number: str) -> str:
    """What a group is called that stands no more; its number where there never was one."""
    known = BehaviourGroup.objects.filter(kind=field.removeprefix("group_"), number=number) if number.isdigit() and len(number) < 5 else ()
    return next((str(group) for group in known), number)


def _units():
    return [(unit.code, str(unit)) for unit in Unit.objects.order_by("code")]


def _grades():
    return [("A", "A"), ("B", "B"), ("C", "C"), ("unscored", _("Not scored"))]


JUDGED = (
    _choice("tier", _("Tier"), "s", Tier, unknown="unscored"),
    _choice("risk_band", _("Early warning"), "s", RiskBand, unknown="unknown"),
    _choice("quadrant", _("Quadrant"), "s", Quadrant, unknown="unscored"),
    _choice("usage_state", _("Use"), "s", UsageState, unknown="unknown"),
    Asked(
        "credit_grade", "judgement", _("Credit grade"), "choice", "coalesce(nullif(s.credit_grade, 'unrated'), 'unscored')",
        choices=_grades,
    ),
    *(
        _number(name, "judgement", label, f"s.{name}", "points")
        for name, label in (
            ("value_score", _("Value score")), ("current_score", _("Current value")), ("potential_score", _("Potential value")),
            ("credit_score", _("Credit score")), ("risk_score", _("Early-warning points")),
        )
    ),
)  # fmt: skip
OF_ACCOUNT = (
    _choice("category", _("Category"), "a", Account.Category),
    _number("voltage_kv", "account", _("Voltage"), "a.voltage_kv", "kV"),
    _number("contract_kva", "account", _("Contract capacity"), "a.contract_kva", "kVA"),
    _choice("market_status", _("Market status"), "a", Account.MarketStatus),
    _choice("important_grade", _("Important-customer grade"), "a", Account.ImportantGrade),
    _choice("status", _("Status of the account"), "a", Account.Status),
    _flag("has_pv", _("Own PV"), "a.has_pv"),
    _flag("has_storage", _("Own storage"), "a.has_storage"),
    _flag("has_captive_plant", _("Captive plant"), "a.has_captive_plant"),
    _flag("has_gas", _("Gas as a substitute"), "a.has_gas"),
    _flag("prepaid", _("Prepaid"), "a.prepaid"),
    _flag("hazard_open", _("Safety hazard not corrected"), "a.hazard_open"),
)


class _Meaning:
    """A feature's meaning in the language of whoever reads: the engine keeps its own words."""

    def __init__(self, meaning):
        self.meaning = meaning

    def __str__(self):
        return self.meaning["zh-hans" if (get_language() or "").startswith("zh") else "en"]


def _of_feature(feature):
    unit = PEOPLES_UNIT.get(feature.unit, feature.unit)
    if feature.unit == FLAG:
        return Asked(feature.name, "features", _Meaning(feature.meaning), FLAG, f"f.{feature.name}")
    return _number(feature.name, "features", _Meaning(feature.meaning), f"nullif(f.{feature.name}::double, 'nan'::double)", unit)


def catalogue() -> dict[str, Asked]:
    """Everything a rule may ask about, in the order of the page. Units and groups are read once by each catalogue, when first asked for."""
    unit = Asked("unit", "account", _("Unit"), "unit", "a.unit_code", choices=cache(_units))
    return {
        asked.name: asked for asked in (*JUDGED, *OF_ACCOUNT[:1], unit, *OF_ACCOUNT[1:], *map(_of_group, Kind), *map(_of_feature, FEATURES))
    }


def fields(known: dict[str, Asked] | None = None) -> dict[str, Field]:
    """The same for `rules.parse`."""
    return {name: asked.field() for name, asked in (known or catalogue()).items()}


def described() -> list[dict]:
    """The catalogue as plain data in the reader's language: for the builder and for programs."""
    return [
        {
            "name": asked.name, "topic": str(TOPICS[asked.topic]), "label": capfirst(str(asked.label)), "kind": asked.kind,
            "unit": asked.unit_word, "choices": [[value, str(label)] for value, label in asked.choices()],
        }
        for asked in catalogue().values()
    ]  # fmt: skip
