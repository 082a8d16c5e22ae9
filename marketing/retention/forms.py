"""What managers, analysts and supervisors fill in."""

from decimal import Decimal

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketing.market.forms import day_input
from marketing.market.models import Outcome
from marketing.retention.models import Doer, Playbook, Step
from marketing.retention.models.playbooks import OFFERED_KINDS
from marketing.retention.rules import BANDS_HELD, HORIZON_DAYS, SHARE
from marketing.retention.services.playbooks import LONGEST_DAYS, MOST_STEPS, StepTerms
from marketing.retention.services.trials import Terms, value_lost
from segmentation.runs.models import RiskBand
from segmentation.segments.models import Segment

DRAWN_BANDS = [choice for choice in RiskBand.choices if choice[0] in ("high", "elevated", "watch")]


class StartForm(forms.Form):
    """`suggested`: playbooks that fit, the best first."""

    playbook = forms.ModelChoiceField(Playbook.objects.active(), label=_("Playbook"), empty_label=None)

    def __init__(self, *args, suggested, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["playbook"].initial = suggested[0] if suggested else None


class BulkStartForm(forms.Form):
    playbook = forms.ModelChoiceField(
        Playbook.objects.active(), label=_("Playbook"), required=False, empty_label=_("The one that fits each account best")
    )
    confirmed = forms.CharField(widget=forms.HiddenInput, initial="1", required=False)


class OfferForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=OFFERED_KINDS)
    what = forms.CharField(label=_("What was offered"), max_length=200)
    cost_yuan = forms.DecimalField(
        label=_("Cost if accepted, yuan"), min_value=0, max_digits=12, decimal_places=2,
        help_text=_("What it costs us in a year: money kept is held against it."),
    )  # fmt: skip
    offered_on = forms.DateField(label=_("Offered on"), widget=day_input())


class AnswerForm(forms.Form):
    answered_on = forms.DateField(label=_("Answered on"), widget=day_input())
    reason = forms.CharField(label=_("Reason given"), max_length=300, required=False)


class EndForm(forms.Form):
    """Kept or given up; what is lost is noted with `LossForm`."""

    ending = forms.CharField(label=_("What happened"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class PlaybookForm(forms.ModelForm):
    class Meta:
        model = Playbook
        fields = ["name", "name_en", "outcome", "band", "tier", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("outcome", "band", "tier"):
            field = self.fields[name]
            field.choices = [("", _("Any"))] + [choice for choice in field.choices if choice[0]]

    def validate_constraints(self):
        """The service says which other playbook stands in the way."""


class StepForm(forms.ModelForm):
    within_days = forms.IntegerField(label=_("Within working days"), min_value=1, max_value=LONGEST_DAYS)
    cost_yuan = forms.DecimalField(label=_("Cost, yuan"), min_value=0, max_digits=10, decimal_places=2, initial=0)
    doer = forms.ChoiceField(label=_("Who"), choices=Doer.choices, initial=Doer.MANAGER)

    class Meta:
        model = Step
        fields = ["kind", "subject", "subject_en", "doer", "within_days", "cost_yuan"]

    def terms(self) -> StepTerms:
        return StepTerms(**{name: self.cleaned_data[name] for name in self.Meta.fields})


class _Steps(forms.BaseFormSet):
    def terms(self):
        return [form.terms() for form in self.forms if form.has_changed() and not self._should_delete_form(form)]


def steps_form(data=None, *, steps=()):
    """The steps of a playbook as a form: those that are there and three empty ones."""
    kind = forms.formset_factory(StepForm, formset=_Steps, extra=3, max_num=MOST_STEPS, can_delete=True)
    initial = [{name: getattr(step, name) for name in StepForm.Meta.fields} for step in steps]
    return kind(data, initial=initial, prefix="steps")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


def _weight(outcome, part):
    return forms.DecimalField(
        label=format_lazy("{lost} · {outcome}", lost=_("Value lost"), outcome=outcome.label), min_value=0, max_value=1, decimal_places=2,
        initial=Decimal(str(part)),
    )  # fmt: skip


class TrialForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    share = forms.DecimalField(
        label=_("Share held out, %"), min_value=2, max_value=50, decimal_places=1, initial=Decimal(str(SHARE * 100)),
        help_text=_("The smaller it is, the longer it takes until anything can be said."),
    )  # fmt: skip
    bands = forms.MultipleChoiceField(label=_("Risk bands"), choices=DRAWN_BANDS, initial=BANDS_HELD, widget=forms.CheckboxSelectMultiple)
    horizon_days = forms.IntegerField(label=_("Horizon, days"), min_value=7, max_value=365, initial=HORIZON_DAYS)
    ethics = forms.CharField(
        label=_("Why it is right to hold some out"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Stands beside the result. Nobody loses a service they have: held-out accounts get no additional offers for a while."),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=_("Seed"), required=False, min_value=0, max_value=2**31 - 1, help_text=_("Empty: drawn and written down.")
    )  # fmt: skip

    segment = forms.ModelChoiceField(
        Segment.objects.none(), label=_("Segment"), required=False, empty_label=_("Everybody in the bands"),
        help_text=_("Only its members are drawn for: of a living segment those of the day, of a static one always the same."),
    )  # fmt: skip

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["segment"].queryset = Segment.objects.visible_to(by)
        parts = value_lost()
        for outcome in Outcome:
            self.fields[f"value_{outcome.value}"] = _weight(outcome, parts.get(outcome.value, 1.0))

    def terms(self, *, seed) -> Terms:
        values = self.cleaned_data
        return Terms(
            name=values["name"], share=values["share"] / 100, seed=seed if values["seed"] is None else values["seed"], ethics=values["ethics"],
            horizon_days=values["horizon_days"], bands=tuple(values["bands"]), segment=values["segment"],
            value_lost={outcome: float(values[f"value_{outcome}"]) for outcome in Outcome.values},
        )  # fmt: skip
