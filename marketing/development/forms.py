"""What people fill in while they develop an account."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.accounts.models import Account
from crm.people.models import User
from crm.people.roles import Role


class PlanForm(forms.Form):
    """The next action, its day and who does it: the managers and supervisors of the account's unit and above."""

    next_action = forms.CharField(label=_("Next action"), max_length=160, required=False)
    next_on = forms.DateField(
        label=pgettext_lazy("day", "On"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=pgettext_lazy("of a prospect", "Owner"), required=False, empty_label=None)

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = _owners(account)

    def told(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("next_action", "next_on", "owner")}


def _owners(account):
    above = [account.unit.code[:length] for length in range(1, len(account.unit.code) + 1)]
    near = User.objects.filter(is_active=True, role__in=[Role.MANAGER, Role.SUPERVISOR], unit__code__in=above)
    return (near | User.objects.filter(is_active=True, pk=account.manager_id)).order_by("full_name", "pk")


class LargeCustomerForm(forms.Form):
    """An account that is large already, entered without the watch list."""

    number = forms.CharField(label=_("Account number"), max_length=20)
    starts_on = forms.DateField(label=_("Large customer since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        help_text=_("Whose list or which papers say so, for instance the list of the provincial company of 2024."),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_number(self):
        number = self.cleaned_data["number"].strip()
        self.account = Account.objects.visible_to(self.user).filter(number=number).first()
        if self.account is None:
            raise forms.ValidationError(_("You see no account of this number: check it, or ask whoever sees its unit."))
        return number


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
