"""What administrators enter about chains."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.escalation.models import Chain, Rank
from crm.people.models import User
from crm.routing.staff import may_take
from crm.taxonomy import labels

STEPS = 8


class ChainForm(forms.ModelForm):
    ticket_kind = forms.ChoiceField(label=_("Kind of ticket"), required=False)

    class Meta:
        model = Chain
        fields = ["name", "name_en", "ticket_kind", "severity", "level"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ticket_kind"].choices = [("", _("any")), *labels.choices("kind")]
        self.fields["severity"].choices = [("", _("any")), *[pair for pair in self.fields["severity"].choices if pair[0]]]
        self.fields["level"].empty_label = _("any")

    def clean(self):
        given = super().clean()
        same = Chain.objects.filter(is_active=True, **{name: given.get(name) for name in ("ticket_kind", "severity", "level")})
        if self.instance.is_active and (other := same.exclude(pk=self.instance.pk).first()):
            raise forms.ValidationError(
                _("“%(chain)s” already holds for these tickets: change that one, or choose other tickets.") % {"chain": other}
            )
        return given


class StepForm(forms.Form):
    percent = forms.IntegerField(label=_("At % of the clock"), min_value=1, max_value=1000, required=False)
    to = forms.ChoiceField(label=_("Who hears of it"), choices=Rank.choices, required=False)
    person = forms.ModelChoiceField(User.objects.none(), label=_("Person"), required=False, empty_label="—")
    hand_over = forms.BooleanField(label=_("gets the ticket"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = User.objects.filter(may_take()).order_by("username")

    def clean(self):
        given = super().clean()
        if given.get("percent") and given.get("to") == Rank.PERSON and not given.get("person"):
            self.add_error("person", _("Say who hears of it."))
        return given


class _Steps(forms.BaseFormSet):
    def clean(self):
        percents = [step["percent"] for step in self.steps()]
        if not percents:
            raise forms.ValidationError(_("Give at least one step."))
        if len(set(percents)) < len(percents):
            raise forms.ValidationError(_("Two steps stand at the same percentage: one of them would never be reached."))

    def steps(self) -> list[dict]:
        """The filled-in lines, as `services.save_chain` takes them."""
        rows = [form.cleaned_data for form in self.forms if not form.errors and form.cleaned_data.get("percent")]
        return [row | {"person": row["person"] if row["to"] == Rank.PERSON else None} for row in rows]


StepForms = forms.formset_factory(StepForm, formset=_Steps, extra=STEPS, max_num=STEPS, validate_max=True)


def step_forms(chain, data=None):
    """The lines of a chain, with empty ones for more."""
    known = (
        [{name: getattr(step, name) for name in ("percent", "to", "person", "hand_over")} for step in chain.steps.all()] if chain.pk else []
    )
    forms_ = StepForms(data, initial=known, prefix="steps")
    forms_.extra = max(0, min(STEPS, len(known) + 3) - len(known))
    return forms_
