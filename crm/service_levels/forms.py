"""What administrators enter about clocks."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Account
from crm.people.models import Unit
from crm.service_levels import tiers
from crm.service_levels.models import CONDITION_FIELDS, TARGETS, ServiceLevel
from crm.service_levels.rules import meant, said
from crm.service_levels.words import MARKS, ticket_choices

ANY = [("", _("any"))]
UNIT_CHOICES = [
    ("minute", pgettext_lazy("unit of a target", "minutes")),
    ("hour", pgettext_lazy("unit of a target", "hours")),
    ("day", pgettext_lazy("unit of a target", "calendar days of 24 h")),
    ("working_minute", pgettext_lazy("unit of a target", "working minutes")),
    ("working_hour", pgettext_lazy("unit of a target", "working hours")),
    ("working_day", pgettext_lazy("unit of a target", "working days")),
]
LONGEST = {"minute": 525_600, "hour": 8_760, "day": 365, "working_minute": 120_000, "working_hour": 2_000, "working_day": 250}


def _amount(label, **more):
    return forms.IntegerField(label=label, min_value=0, max_value=525_600, **more)


def _unit(label):
    return forms.ChoiceField(label=label, choices=UNIT_CHOICES)


class PolicyForm(forms.Form):
    """The terms of a policy: how long each step may take, from which day, by which source."""

    pass_on_within_minutes = forms.IntegerField(label=_("Passed on within, minutes"), min_value=1, max_value=10_000, required=False)
    contact_amount = _amount(_("First contact within"))
    contact_unit = _unit(_("First contact counted in"))
    answer_amount = _amount(_("Answer within"))
    answer_unit = _unit(_("Answer counted in"))
    resolve_amount = _amount(_("Resolved within"), required=False, help_text=_("Empty: no promise until the ticket is closed."))
    resolve_unit = _unit(_("Resolution counted in"))
    valid_from = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Today or later: tickets logged before keep their clock."),
    )
    source = forms.CharField(label=_("Source"), max_length=200)
    mark = forms.ChoiceField(label=_("How sure"), choices=MARKS)

    def clean(self):
        given = super().clean()
        for name in TARGETS:
            amount, unit = given.get(f"{name}_amount"), given.get(f"{name}_unit")
            if amount is not None and unit and amount > LONGEST[unit]:
                self.add_error(f"{name}_amount", _("Longer than a year: choose a smaller figure, or another unit."))
        return given

    def terms(self) -> dict:
        """The keywords of `services.add_policy` and `revise_policy`."""
        given = self.cleaned_data
        terms = {name: given[name] for name in ("pass_on_within_minutes", "valid_from", "source", "mark")}
        for name in TARGETS:
            amount = given[f"{name}_amount"]
            target = meant(amount or 0, given[f"{name}_unit"])
            terms |= {f"{name}_within": None if amount is None else target.amount, f"{name}_measure": target.measure.value}
        return terms


def terms_of(policy) -> dict:
    """A policy's terms as the form shows them."""
    shown = {"pass_on_within_minutes": policy.pass_on_within_minutes, "source": policy.source, "mark": policy.mark}
    for name in TARGETS:
        target = policy.target(name)
        amount, unit = said(target) if target else (None, "working_day")
        shown |= {f"{name}_amount": amount, f"{name}_unit": unit}
    return shown


class ConditionsForm(forms.Form):
    """Which cases a policy holds for, or the case to try; what is left open matches anything."""

    ticket_kind = forms.ChoiceField(label=_("Kind of ticket"), required=False)
    category = forms.ChoiceField(label=_("Class"), required=False)
    severity = forms.ChoiceField(label=_("Severity"), required=False)
    unit_kind = forms.ChoiceField(label=_("Kind of unit"), choices=ANY + Unit.Kind.choices, required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    level = forms.ModelChoiceField(ServiceLevel.objects.all(), label=_("Green channel"), empty_label=_("any"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in (("ticket_kind", "kind"), ("category", "category"), ("severity", "severity")):
            self.fields[name].choices = ANY + ticket_choices(field)
        self.fields["tier"].choices = ANY + tiers.CHOICES

    def conditions(self) -> dict:
        return {name: self.cleaned_data[name] for name in CONDITION_FIELDS}


class NewPolicyForm(ConditionsForm, PolicyForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    name_en = forms.CharField(label=_("English name"), max_length=100, required=False)

    field_order = ["name", "name_en", *ConditionsForm.base_fields, *PolicyForm.base_fields]


class EndForm(forms.Form):
    last_day = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))


class TryForm(ConditionsForm):
    """A case, real or made up: an account's number, or the facts that count."""

    number = forms.CharField(
        label=_("Account number"), max_length=13, required=False,
        help_text=_("Its unit, tier and green channel are then taken from the account."),
    )  # fmt: skip
    at = forms.DateTimeField(
        label=_("Logged at"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"), required=False
    )

    field_order = ["number", "ticket_kind", "category", "severity", "unit_kind", "tier", "level", "at"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        unknown = [("", _("not known"))]
        for name in ("ticket_kind", "category", "severity"):
            self.fields[name].choices = self.fields[name].choices[1:]
        self.fields["unit_kind"].choices = unknown + Unit.Kind.choices
        self.fields["tier"].choices = unknown + tiers.CHOICES
        self.fields["level"].empty_label = _("none")

    def clean_number(self):
        number = self.cleaned_data["number"].strip()
        if not number:
            return None
        account = Account.objects.visible_to(self.user).select_related("unit", "customer").filter(number=number).first()
        if account is None:
            raise forms.ValidationError(_("No account %(number)s that you may see: check the number.") % {"number": number})
        return account
