"""What people fill in about tickets."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import Account
from crm.people.models import User
from crm.people.roles import Role
from crm.tickets.models import Category, Kind, Severity
from crm.tickets.services import Caller, accounts_for
from crm.tickets.taxonomy import TOPICS, Channel, class_choices


def split_class(value: str) -> tuple[str, str]:
    """`outage/notice` → (`outage`, `notice`); anything else → empty strings."""
    category, _slash, topic = value.partition("/")
    known = category in Category.values and (not topic or topic in dict(TOPICS[category]))
    return (category, topic) if known else ("", "")


class LogForm(forms.Form):
    """A new ticket. `user` decides which accounts may be named; `matter` is class and topic in one choice."""

    account = forms.ModelChoiceField(Account.objects.none(), required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind, initial=Kind.COMPLAINT)
    matter = forms.ChoiceField(label=_("Class"), choices=())
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity, initial=Severity.NORMAL)
    channel = forms.ChoiceField(label=_("Came by"), choices=Channel, initial=Channel.PHONE)
    caller_name = forms.CharField(label=_("Caller"), max_length=80, required=False)
    caller_phone = forms.CharField(
        label=_("Caller's phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    text = forms.CharField(label=_("What happened"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5}))
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        kwargs.setdefault("auto_id", "log_%s")
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts_for(user=user)
        self.fields["matter"].choices = [("", "—"), *class_choices()]
        self.fields["idempotency_key"].initial = uuid.uuid4

    def clean(self):
        data = super().clean()
        unknown = "account" not in self.errors and not data.get("account")
        if unknown and not (data.get("caller_name") or data.get("caller_phone")):
            raise ValidationError({"caller_phone": _("Find the account above, or give the caller's name or phone.")})
        return data

    def details(self) -> dict:
        """What `services.log` takes."""
        data = self.cleaned_data
        category, topic = split_class(data["matter"])
        caller = Caller(name=data["caller_name"], phone=data["caller_phone"])
        plain = {name: data[name] for name in ("account", "kind", "severity", "channel", "text", "idempotency_key")}
        return plain | {"category": category, "topic": topic, "caller": caller}


class PreviewForm(forms.Form):
    """What is known while the agent still types: whatever is not valid yet is left out."""

    account = forms.ModelChoiceField(Account.objects.none(), required=False)
    kind = forms.ChoiceField(choices=Kind, required=False)
    matter = forms.CharField(required=False)
    severity = forms.ChoiceField(choices=Severity, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = Account.objects.visible_to(user).select_related("customer", "manager", "representative", "unit")


def workers_for(account):
    """People who may be given a ticket: agents, and managers and supervisors whose units hold the account (all for an unknown caller)."""
    of_units = Q(role__in=[Role.MANAGER, Role.SUPERVISOR])
    if account is not None:
        code = account.unit.code
        of_units &= Q(unit__code__in=[code[:length] for length in (5, 7, 9, 11) if length <= len(code)]) | Q(pk=account.manager_id)
    return User.objects.filter(Q(role=Role.AGENT) | of_units, is_active=True).order_by("role", "full_name", "pk")


class AssignForm(forms.Form):
    to = forms.ModelChoiceField(User.objects.none(), label=_("Assign to"))

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = workers_for(account)
        self.fields["to"].widget.attrs |= {"data-pick": "", "aria-label": _("Assign to")}


class TextForm(forms.Form):
    """A move that needs words, or may have some."""

    text = forms.CharField(label=_("Note"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    satisfaction = forms.IntegerField(label=_("Satisfaction, 1 to 5"), min_value=1, max_value=5, required=False)

    def __init__(self, *args, text_required=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].required = text_required
