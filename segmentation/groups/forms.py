"""What an analyst decides about groups."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from segmentation.engine.features import describe
from segmentation.engine.groups import K_FROM, K_TO
from segmentation.groups.models import GroupRule


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
    threshold = forms.FloatField(label=_("Threshold"), help_text=_("In the feature's own unit; shares as 0.25 for 25 %"))
    category = forms.ChoiceField(label=_("Category"), required=False, choices=[("", _("every category")), *Account.Category.choices])
    note = forms.CharField(label=_("Why"), max_length=200)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        language = "zh-hans" if (get_language() or "en").startswith("zh") else "en"
        self.fields["feature"].choices = [(it["name"], it["meaning"]) for it in describe(language)]
