"""A value policy as a form: indicators with side, direction and weight, the pairwise judgements, gates and floors, and the plain numbers.

Names are by feature, so that what was judged of a pair stays with the pair when indicators come and go: `side__<feature>`,
`better__<feature>`, `cut__<feature>`, `weight__<feature>` (percent within the side), `pair__<feature>__<feature>` (the first over the second).
"""

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from narwhals import Boolean

from segmentation.engine.explain import label as indicator_label
from segmentation.engine.features import FEATURES
from segmentation.engine.policy import GRADES, GROUPS, IMPORTANT, TIERS
from segmentation.policies import words
from segmentation.policies.forms import PolicyForm

CHOOSABLE = ["contract_kva", *(it.name for it in FEATURES if it.dtype != Boolean() and it.unit != "flag")]
SCALE = {"9": 9, "8": 8, "7": 7, "6": 6, "5": 5, "4": 4, "3": 3, "2": 2, "1": 1} | {f"1/{many}": 1 / many for many in range(2, 10)}


class StudioForm(PolicyForm):
    """`new_body()` is the old body with what was chosen and typed."""

    method = forms.ChoiceField(label=gettext_lazy("Weights"))
    peers_by = forms.ChoiceField(label=gettext_lazy("Compared with"))
    tier_by = forms.ChoiceField(label=gettext_lazy("Tiers"))

    def __init__(self, *args, policy, **kwargs):
        super().__init__(*args, policy=policy, **kwargs)
        body = policy.body
        for name, choices in (("method", words.method_words()), ("peers_by", words.peer_words()), ("tier_by", words.tier_by_words())):
            self.fields[name].choices, self.fields[name].initial = list(choices.items()), body[name]
        tiers = words.tier_words() | {"standard": _("Standard")}
        for grade in GRADES:
            self._gate(f"gate__{grade}", _("Credit grade %(grade)s") % {"grade": grade}, tiers, _("at most"), body["gate"].get(grade, ""))
        for grade in IMPORTANT:
            self._gate(f"floor__{grade}", words.important_words()[grade], tiers, _("at least"), body["floor"].get(grade, ""))

    def _gate(self, name, label, tiers, word, initial):
        choices = [("", _("no rule")), *((tier, f"{word} {tiers[tier]}") for tier in TIERS[::-1])]
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)

    def rules(self):
        """The bound fields of gates and of floors, each with why there is such a rule."""
        return [
            (_("Credit holds back"), words.gate_why(), [self[f"gate__{grade}"] for grade in GRADES]),
            (_("Important customers are held up"), words.floor_why(), [self[f"floor__{grade}"] for grade in IMPORTANT]),
        ]

    def indicators(self) -> list[dict]:
        """A row for every feature that can be chosen, the chosen ones first and in their order."""
        chosen = self._posted() if self.is_bound else self._stored()
        return [self._row(name, chosen.get(name)) for name in [*chosen, *(name for name in CHOOSABLE if name not in chosen)]]

    def _row(self, name, held):
        meaning = next((it.meaning for it in FEATURES if it.name == name), None)
        chinese = get_language().startswith("zh")
        return {
            "name": name, "label": indicator_label(name, get_language()), "meaning": meaning and meaning["zh-hans" if chinese else "en"],
            "side": held["group"] if held else "", "better": held["better"] if held else "high", "needed": name == self.policy.body["needed"],
            "cut": "" if not held or held["winsor"] is None else _short(held["winsor"] * 100),
            "weight": "" if not held or held["weight"] is None else _short(held["weight"] * 100),
        }  # fmt: skip

    def pairs(self) -> dict[str, str]:
        """What was judged of each pair, as `pair__a__b`: a place of Saaty's scale, for the editor in the page."""
        if self.is_bound:
            return {key: value for key, value in self.data.items() if key.startswith("pair__")}
        found = {}
        for group in GROUPS:
            members, matrix = self._members(group), self.policy.body["pairwise"].get(group, [])
            for row, first in enumerate(members[: len(matrix)]):
                for column, second in enumerate(members[: len(matrix)]):
                    if row < column:
                        found[f"pair__{first}__{second}"] = _place(matrix[row][column])
        return found

    def _members(self, group):
        return [it["feature"] for it in self.policy.body["indicators"] if it["group"] == group]

    def _stored(self):
        found = {}
        for it in self.policy.body["indicators"]:
            weights = self.policy.body["weights"].get(it["group"]) or []
            place = self._members(it["group"]).index(it["feature"])
            found[it["feature"]] = {**it, "winsor": it.get("winsor"), "weight": weights[place] if place < len(weights) else None}
        return found

    def _posted(self):
        """Chosen indicators as posted, in the order of the page."""
        found = {}
        for name in (key.removeprefix("side__") for key in self.data if key.startswith("side__")):
            side = self.data.get(f"side__{name}", "")
            if name not in CHOOSABLE or side not in GROUPS:
                continue
            better = "low" if self.data.get(f"better__{name}") == "low" else "high"
            found[name] = {
                "feature": name, "group": side, "better": better,
                "winsor": self._percent(f"cut__{name}"), "weight": self._percent(f"weight__{name}"),
            }  # fmt: skip
        return found

    def _percent(self, key):
        text = self.data.get(key, "").strip().replace(",", ".")
        if not text:
            return None
        try:
            return round(float(text) / 100, 8)
        except ValueError:
            return float("nan")

    def clean(self):
        cleaned, chosen = super().clean(), self._posted()
        for name, it in chosen.items():
            for key in ("winsor", "weight"):
                if it[key] is not None and not 0 <= it[key] <= 1:
                    told = {"indicator": indicator_label(name, get_language())}
                    raise forms.ValidationError(_("%(indicator)s: cut and weight are numbers from 0 to 100 %%.") % told)
        if cleaned.get("method") == "hand" and any(it["weight"] is None for it in chosen.values()):
            raise forms.ValidationError(_("Give every indicator a weight, or weigh them another way."))
        return cleaned

    def new_body(self) -> dict:
        body, chosen = super().new_body(), self._posted()
        body["indicators"] = [{key: it[key] for key in ("feature", "group", "better", "winsor")} for it in chosen.values()]
        for name in ("method", "peers_by", "tier_by"):
            body[name] = self.cleaned_data[name]
        body["gate"] = {grade: self.cleaned_data[f"gate__{grade}"] for grade in GRADES if self.cleaned_data[f"gate__{grade}"]}
        body["floor"] = {grade: self.cleaned_data[f"floor__{grade}"] for grade in IMPORTANT if self.cleaned_data[f"floor__{grade}"]}
        sides = {group: [name for name, it in chosen.items() if it["group"] == group] for group in GROUPS}
        body["pairwise"] = {group: self._matrix(names) for group, names in sides.items()}
        body["weights"] = {}
        if body["method"] == "hand":
            body["weights"] = {group: [chosen[name]["weight"] for name in names] for group, names in sides.items()}
        return body

    def _matrix(self, names):
        """Row over column; a pair judged the other way round is turned, one never judged counts as alike."""
        return [[self._judged(row, column) for column in names] for row in names]

    def _judged(self, row, column):
        if row == column:
            return 1
        if (there := SCALE.get(self.data.get(f"pair__{row}__{column}", ""))) is not None:
            return there
        back = SCALE.get(self.data.get(f"pair__{column}__{row}", ""), 1)
        return 1 / back if back > 1 else round(1 / back)


def _place(judged: float) -> str:
    """The place of Saaty's scale nearest to a judgement."""
    return min(SCALE, key=lambda place: abs(SCALE[place] - judged))


def _short(value):
    return f"{value:.4f}".rstrip("0").rstrip(".")
