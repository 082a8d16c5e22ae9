"""What people fill in about tickets."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Account
from crm.people.models import Unit, User
from crm.people.roles import Role
from crm.taxonomy import labels
from crm.tickets.models import Kind, Severity, Ticket
from crm.tickets.services import Caller, accounts_for
from crm.tickets.taxonomy import Channel, split_class
from crm.tickets.validators import dialled, readable


class LogForm(forms.Form):
    """A new ticket. `user` decides which accounts may be named; `matter` is class and topic in one choice."""

    account = forms.ModelChoiceField(Account.objects.none(), required=False, widget=forms.HiddenInput)
    parent = forms.ModelChoiceField(Ticket.objects.none(), required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=(), initial=Kind.COMPLAINT)
    matter = forms.ChoiceField(label=_("Class"), choices=())
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity, initial=Severity.NORMAL)
    channel = forms.ChoiceField(label=_("Came by"), choices=Channel, initial=Channel.PHONE)
    caller_name = forms.CharField(label=_("Caller"), max_length=80, required=False)
    caller_phone = forms.CharField(
        label=_("Caller's phone"), max_length=30, required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}), validators=[dialled]
    )
    text = forms.CharField(label=_("What happened"), max_length=8000, widget=forms.Textarea(attrs={"rows": 5}), validators=[readable])
    idempotency_key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, user, key=None, **kwargs):
        kwargs.setdefault("auto_id", "log_%s")
        super().__init__(*args, **kwargs)
        self.fields["account"].queryset = accounts_for(user=user)
        self.fields["parent"].queryset = Ticket.objects.visible_to(user).open()
        self.fields["kind"].choices = labels.choices("kind")
        self.fields["matter"].choices = [("", "—"), *labels.class_choices()]
        self.fields["idempotency_key"].initial = key or uuid.uuid4

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
        plain = {name: data[name] for name in ("account", "kind", "severity", "channel", "text", "idempotency_key", "parent")}
        return plain | {"category": category, "topic": topic, "caller": caller}


class CallerForm(forms.Form):
    """A second caller about a matter that is already known."""

    caller_name = forms.CharField(max_length=80, required=False)
    caller_phone = forms.CharField(max_length=30, required=False, validators=[dialled])
    text = forms.CharField(max_length=8000, required=False, validators=[readable])

    def caller(self):
        return Caller(name=self.cleaned_data["caller_name"], phone=self.cleaned_data["caller_phone"])


class PreviewForm(forms.Form):
    """What is known while the agent still types: whatever is not valid yet is left out."""

    account = forms.ModelChoiceField(Account.objects.none(), required=False)
    kind = forms.CharField(max_length=12, required=False)
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
    """A move: the words it needs or may have, and what closing and a contact ask besides. `ticket` gives the causes and units to choose from."""

    text = forms.CharField(
        label=_("Note"), max_length=8000, required=False, widget=forms.Textarea(attrs={"rows": 3}), validators=[readable]
    )
    satisfaction = forms.IntegerField(label=_("Satisfaction, 1 to 5"), min_value=1, max_value=5, required=False)
    root_cause = forms.ChoiceField(label=_("Root cause"), choices=(), required=False)
    responsible_unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Responsible unit"), required=False)
    channel = forms.ChoiceField(label=pgettext_lazy("a contact", "How"), choices=Channel, required=False)
    reached = forms.TypedChoiceField(
        label=_("Result"),
        choices=[("1", _("Spoke with the customer")), ("", _("Nobody answered"))],
        coerce=bool,
        empty_value=False,  # type: ignore[arg-type]  # the stubs know texts only
        required=False,
        initial="1",
    )

    def __init__(self, *args, ticket, text_required=False, cause_required=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].required = text_required
        self.fields["root_cause"].choices = [("", "—"), *labels.choices("cause")]
        self.fields["root_cause"].required = cause_required
        self.fields["responsible_unit"].queryset = units_around(ticket)


def units_around(ticket):
    """The account's unit, those above it and those beside it: one of them did the work. Every unit where the account is not known."""
    if ticket.account is None:
        return Unit.objects.order_by("code")[:300]
    code = ticket.account.unit.code
    above = [code[:length] for length in (5, 7, 9, 11) if length <= len(code)]
    return Unit.objects.filter(Q(code__in=above) | Q(parent__code=code[:-2])).order_by("code")


class OtherTicketForm(forms.Form):
    """The number of another ticket, as people write it: `#24118` or `24118`. Only one the person sees exists."""

    number = forms.CharField(label=_("Number of the other ticket"), max_length=20)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_number(self):
        digits = self.cleaned_data["number"].strip().removeprefix("#")
        found = Ticket.objects.visible_to(self.user).filter(pk=int(digits)).first() if digits.isdecimal() and len(digits) < 12 else None
        if found is None:
            raise ValidationError(_("There is no ticket with this number that you may see: write it as #24118."))
        return found
