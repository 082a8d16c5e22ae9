"""What people enter about routing."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.people.models import Unit, User
from crm.routing.models import Absence, RoutingRule, Target
from crm.routing.staff import may_take
from crm.service_levels import tiers
from crm.taxonomy import labels
from crm.tickets.models import Severity

DAY = forms.DateInput(attrs={"type": "date"})
EITHER = [("", _("does not matter")), ("true", _("only with one")), ("false", _("only without one"))]
LISTS = ("kinds", "categories", "severities", "unit_kinds", "tiers")


class Several(forms.TypedMultipleChoiceField):
    """Several codes, as tick boxes; none means any."""

    def __init__(self, **options):
        super().__init__(required=False, empty_value=[], widget=forms.CheckboxSelectMultiple, **options)


def _green(text):
    return {"true": True, "false": False}.get(text)


class RuleForm(forms.ModelForm):
    """The conditions of a rule and what it does; the whole list can be tried before it is saved."""

    kinds = Several(label=_("Kind of ticket"))
    categories = Several(label=_("Class"))
    severities = Several(label=_("Severity"), choices=Severity.choices)
    unit_kinds = Several(label=_("Kind of unit"), choices=Unit.Kind.choices)
    tiers = Several(label=_("Tier"))
    green = forms.TypedChoiceField(label=_("Green channel"), choices=EITHER, coerce=_green, empty_value=None, required=False)

    class Meta:
        model = RoutingRule
        fields = [
            "name", "name_en", "position", "is_active", "kinds", "categories", "severities", "unit", "unit_kinds", "tiers", "green", "words",
            "hour_from", "hour_to", "target", "target_unit", "person", "strategy", "set_severity",
        ]  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = labels.choices("kind")
        self.fields["categories"].choices = labels.choices("class")
        self.fields["tiers"].choices = tiers.CHOICES
        self.fields["person"].queryset = User.objects.filter(may_take()).select_related("unit").order_by("username")
        for name in ("person", "unit", "target_unit"):
            self.fields[name].widget.attrs["data-pick"] = ""
        self.fields["unit"].empty_label = _("any unit")
        self.fields["target_unit"].empty_label = _("the account's own unit")
        self.fields["set_severity"].choices = [("", _("as it is")), *Severity.choices]
        self.fields["position"].min_value = 1
        self.fields["hour_to"].help_text = _("22 to 6 goes over midnight.")

    def clean(self):
        given = super().clean()
        start, end = given.get("hour_from"), given.get("hour_to")
        if (start is None) != (end is None):
            self.add_error("hour_to" if end is None else "hour_from", _("Give both hours, or none."))
        elif start is not None and (start > 23 or end > 24 or start == end):
            self.add_error("hour_to", _("Hours go from 0 to 24, and the two must differ."))
        if given.get("target") == Target.PERSON and not given.get("person"):
            self.add_error("person", _("Say who gets these tickets."))
        return given


class AbsenceForm(forms.ModelForm):
    class Meta:
        model = Absence
        fields = ["person", "starts_on", "ends_on", "substitute", "note"]
        widgets = {"starts_on": DAY, "ends_on": DAY}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        people = User.objects.filter(may_take()).order_by("username")
        self.fields["person"].queryset = people.filter(pk__in=User.objects.visible_to(user))
        self.fields["substitute"].queryset = people
        self.fields["substitute"].empty_label = _("nobody: tickets go to the next in line")
        for name in ("person", "substitute"):
            self.fields[name].widget.attrs["data-pick"] = ""

    def clean(self):
        given = super().clean()
        first, last = given.get("starts_on"), given.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first one."))
        if given.get("person") and given.get("person") == given.get("substitute"):
            self.add_error("substitute", _("Nobody stands in for themselves: choose somebody else."))
        return given


class LeadForm(forms.Form):
    person = forms.ModelChoiceField(User.objects.none(), label=_("Lead of the agents"), required=False, empty_label=_("nobody named"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.filter(may_take()).order_by("username")
        self.fields["person"].widget.attrs["data-pick"] = ""
