"""What a manager fills in, and what a supervisor answers."""

import datetime as dt

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from crm.service_levels.models import COUNTED, Service, ServiceLevel
from crm.service_levels.words import MARKS
from marketing.green_channel.rules import LONGEST_MONTHS, end_of
from marketing.green_channel.services import Terms


def _quota(service):
    return forms.IntegerField(
        label=format_lazy(_("Times in the period: {service}"), service=service.label), min_value=1, max_value=1000, required=False,
        help_text=_("Empty: without limit."),
    )  # fmt: skip


class ProposalForm(forms.Form):
    level = forms.ModelChoiceField(ServiceLevel.objects.all(), label=_("Service level"), empty_label=None)
    services = forms.MultipleChoiceField(choices=Service, widget=forms.CheckboxSelectMultiple, label=_("Services"))
    starts_on = forms.DateField(label=_("Starts on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    months = forms.IntegerField(label=_("Months"), min_value=1, max_value=LONGEST_MONTHS)
    quota_short_clock = _quota(Service.SHORT_CLOCK)
    quota_fast_supply = _quota(Service.FAST_SUPPLY)
    quota_energy_advice = _quota(Service.ENERGY_ADVICE)
    dedicated_line = forms.CharField(
        label=_("Dedicated line"), max_length=30, required=False, help_text=_("Empty: the line of the service level.")
    )
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The supervisor reads this first.")
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        level = ServiceLevel.objects.first()
        self.initial = {
            "starts_on": today,
            "months": level.months if level else 12,
            "services": level.services if level else [],
            **self.initial,
        }

    def clean_starts_on(self):
        starts_on = self.cleaned_data["starts_on"]
        if starts_on < self.today:
            raise forms.ValidationError(_("A green channel cannot start in the past."))
        return starts_on

    def clean(self):
        given = super().clean()
        for service in COUNTED:
            if given.get(f"quota_{service}") and service not in given.get("services", []):
                told = _("“%(service)s” has a quota but is not among the services: tick it, or leave the quota empty.")
                self.add_error(f"quota_{service}", told % {"service": service.label})
        return given

    def terms(self):
        values = self.cleaned_data
        return Terms(
            level=values["level"], services=values["services"], starts_on=values["starts_on"],
            ends_on=end_of(values["starts_on"], values["months"]), reason=values["reason"],
            quotas={service.value: times for service in COUNTED if (times := values[f"quota_{service}"])},
            dedicated_line=values["dedicated_line"] or None,
        )  # fmt: skip


def renewal_of(entitlement) -> dict:
    """What the form holds first for the renewal of a green channel: the same again, from the day after its end."""
    quotas = {f"quota_{quota.service}": quota.allowed for quota in entitlement.quotas.all()}
    return quotas | {
        "level": entitlement.level_id, "services": entitlement.services, "starts_on": entitlement.ends_on + dt.timedelta(days=1),
        "dedicated_line": entitlement.dedicated_line,
        "reason": _("Renewal of the green channel that ends on %(end)s.") % {"end": entitlement.ends_on.isoformat()},
    }  # fmt: skip


class UseForm(forms.Form):
    service = forms.ChoiceField(label=_("Service"))
    note = forms.CharField(label=_("What for"), max_length=300, required=False)

    def __init__(self, *args, entitlement, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["service"].choices = [(code.value, code.label) for code in COUNTED if code in entitlement.services]


class RuleForm(forms.Form):
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    two_levels_from_yuan = forms.IntegerField(
        label=_("Two levels of approval from, yuan a year"), min_value=0, max_value=10**12, required=False,
        help_text=_("Billed in the last twelve months; empty: never two."),
    )  # fmt: skip
    decide_within_days = forms.IntegerField(label=_("A proposal lapses after, days"), min_value=1, max_value=365)
    remind_days_before = forms.IntegerField(label=_("Reminder of renewal, days before the end"), min_value=1, max_value=365)
    source = forms.CharField(label=_("Source"), max_length=200)
    mark = forms.ChoiceField(label=_("How sure"), choices=MARKS)


class DecisionForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
