"""Asking for a file, and planning one for every month."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.accounts.models import Account
from crm.people.models import Unit, User
from crm.people.roles import PERMISSIONS
from segmentation.reports.forms import ScopeForm
from segmentation.reports.models import LAST_DAY, LONGEST_NAME, Format, Kind, Language
from segmentation.reports.subject import UNSCORED
from segmentation.runs.models import Tier


class GenerateForm(ScopeForm):
    """What a button or the page of reports posts."""

    kind = forms.ChoiceField(label=gettext_lazy("Report"), choices=Kind.choices, initial=Kind.BEHAVIOUR)
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=Format.choices, initial=Format.PPTX)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    field_order = ("kind", "format", "language", "unit", "category", "tier", "segment", "as_of", "against")

    def __init__(self, *args, reader, **kwargs):
        super().__init__(*args, reader=reader, kind="tiers", **kwargs)
        self.fields["against"].label = _("Tier report: compared with")

    def asked(self) -> dict:
        """Arguments of `services.ask`. A segment's name is passed on as it was posted, so that an unknown one is refused and not left out."""
        given = {key: self.cleaned_data[key] for key in ("unit", "category", "tier", "as_of", "against") if self.cleaned_data.get(key)}
        names = ("kind", "format", "language")
        return given | {name: self.cleaned_data[name] for name in names} | {"segment": self.data.get("segment", "")[:LONGEST_NAME]}


class ScheduleForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME)
    kind = forms.ChoiceField(label=gettext_lazy("Report"), choices=Kind.choices)
    format = forms.ChoiceField(label=gettext_lazy("Format"), choices=Format.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=Language.choices)
    unit = forms.ModelChoiceField(label=gettext_lazy("Unit"), queryset=Unit.objects.none(), to_field_name="code", required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    tier = forms.ChoiceField(label=gettext_lazy("Tier"), required=False)
    segment = forms.CharField(label=gettext_lazy("Segment"), required=False, max_length=LONGEST_NAME)
    day = forms.IntegerField(
        label=gettext_lazy("Day of the month"),
        min_value=1,
        max_value=LAST_DAY,
        initial=3,
        help_text=gettext_lazy("1 to 28, which every month has"),
    )
    recipients = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Recipients"),
        queryset=User.objects.none(),
        help_text=gettext_lazy("Each gets a report made under their own rights."),
    )

    def __init__(self, *args, planner, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.within_reach_of(planner)
        self.fields["unit"].empty_label = str(planner.unit) if planner.bound_to_unit else _("All units")
        self.fields["category"].choices = [("", _("all")), *Account.Category.choices]
        self.fields["tier"].choices = [("", _("all")), *[(value or UNSCORED, label) for value, label in Tier.choices]]
        self.fields["recipients"].queryset = recipients_for(planner)
        self.fields["recipients"].widget.attrs["data-pick"] = ""


def recipients_for(planner):
    """Colleagues who may read reports: of the own subtree for who is bound to a unit, all for others."""
    roles = [role for role, permissions in PERMISSIONS.items() if "segmentation.view_report" in permissions]
    people = User.objects.visible_to(planner) if planner.bound_to_unit else User.objects.all()
    return people.filter(is_active=True, role__in=roles).order_by("full_name", "pk")
