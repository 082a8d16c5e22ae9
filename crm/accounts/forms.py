"""Who looks after an account: a choice of people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.people.models import User


class CareForm(forms.Form):
    """`may_assign`: also chooses the manager; `may_edit`: also the representative."""

    manager = forms.ModelChoiceField(User.objects.none(), label=_("Customer manager"), required=False, empty_label=_("Nobody"))
    representative = forms.ModelChoiceField(User.objects.none(), label=_("Representative"), required=False, empty_label=_("Nobody"))

    def __init__(self, *args, account, may_assign, may_edit, managers, representatives, **kwargs):
        super().__init__(*args, initial={"manager": account.manager_id, "representative": account.representative_id}, **kwargs)
        self.fields["manager"].queryset = managers
        self.fields["representative"].queryset = representatives
        for name in ("manager", "representative"):
            self.fields[name].widget.attrs["data-pick"] = ""
        if not may_assign:
            del self.fields["manager"]
        if not may_edit:
            del self.fields["representative"]
