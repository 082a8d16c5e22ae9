"""What an analyst decides about groups."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from segmentation.engine.features import describe
from segmentation.engine.groups import K_FROM, K_TO
from segmentation.groups.models import GroupRule
from segmentation.groups.words import people_unit


class SettingsForm(forms.Form):
    """How a grouping is sought."""

    k = forms.TypedChoiceField(
        label=_("Number of groups"), required=False, coerce=int, empty_value=None,
        choices=[("", _("chosen by what separates best")), *[(k, str(k)) for k in range(K_FROM, K_TO + 1)]],
    )  # fmt: skip
    floor = forms.FloatField(label=_("Smallest group, % of the accounts"), min_value=0, max_value=20)
    with_answers = forms.BooleanField(label=_("Compare answers to the satisfaction question too"), required=False)

    def values(self) -> dict:
        return self.cleaned_data | {"floor": round(self.cleaned_data["floor"] / 100, 6)}


class RuleForm(forms.Form):
    """One expert rule."""

    feature = forms.ChoiceField(label=_("Feature"))
    comparison = forms.ChoiceField(label=_("is"), choices=GroupRule.Comparison)
    threshold = forms.FloatField(label=_("Threshold"), help_text=_("In the unit written behind the feature"))
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[("", _("every category")), *Account.Category.choices])
    note = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        language = "zh-hans" if (get_language() or "en").startswith("zh") else "en"
        called = [(it["name"], it["meaning"], people_unit(it["name"])[1]) for it in describe(language)]
        self.fields["feature"].choices = [
            (name, _("%(label)s (%(unit)s)") % {"label": meaning, "unit": unit} if unit else meaning) for name, meaning, unit in called
        ]

    def rule(self) -> dict:
        """What the service takes: the threshold as the engine keeps it."""
        factor, _unit = people_unit(self.cleaned_data["feature"])
        return self.cleaned_data | {"threshold": self.cleaned_data["threshold"] / factor}
