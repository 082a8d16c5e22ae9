"""What an administrator fills in about webhooks."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.webhooks.events import KINDS
from crm.webhooks.models import Delivery, Subscription
from crm.webhooks.sending import NotAllowed, parts_of


def kind_choices():
    """Kinds one may subscribe to; the test goes to whom it is sent."""
    return [(kind, label) for kind, label in KINDS.items() if kind != "webhook.test"]


class SubscriptionForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://partner.example/hooks"}),
    )
    kinds = forms.MultipleChoiceField(label=_("Events"), widget=forms.CheckboxSelectMultiple, choices=kind_choices)

    def clean_url(self):
        url = self.cleaned_data["url"].strip()
        try:
            parts_of(url)
        except NotAllowed as refusal:
            raise ValidationError(str(refusal)) from refusal
        return url


class LogFilter(forms.Form):
    """The log's filters; anything unknown is left out."""

    subscription = forms.ModelChoiceField(Subscription.objects.all(), required=False)
    state = forms.ChoiceField(choices=[("", ""), *Delivery.State.choices], required=False)
    kind = forms.ChoiceField(choices=lambda: [("", ""), *KINDS.items()], required=False)

    def applied_to(self, deliveries):
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        if "kind" in wanted:
            wanted["event__kind"] = wanted.pop("kind")
        return deliveries.filter(**wanted)
