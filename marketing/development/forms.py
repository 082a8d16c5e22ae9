"""What people fill in while they develop an account."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.people.models import User
from crm.people.roles import Role


class PlanForm(forms.Form):
    """The next action, its day and who does it: the managers and supervisors of the account's unit and above."""

    next_action = forms.CharField(label=_("Next action"), max_length=160, required=False)
    next_on = forms.DateField(
        label=pgettext_lazy("day", "On"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Owner"), required=False, empty_label=None)

    def __init__(self, *args, account, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = _owners(account)

    def told(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("next_action", "next_on", "owner")}


def _owners(account):
    above = [account.unit.code[:length] for length in range(1, len(account.unit.code) + 1)]
    near = User.objects.filter(is_active=True, role__in=[Role.MANAGER, Role.SUPERVISOR], unit__code__in=above)
    return (near | User.objects.filter(is_active=True, pk=account.manager_id)).order_by("full_name", "pk")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class NoteForm(forms.Form):
    text = forms.CharField(label=_("Note"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
