"""A credit policy as a form: each number with its meaning and what is in force now; what is wrong is said beside the number."""

from django.utils.translation import gettext as _

from segmentation.policies import credit_words, words
from segmentation.policies.forms import PolicyForm
from segmentation.policies.limits import faults


class CreditForm(PolicyForm):
    """`present`: the body in force for these accounts, None where there is none."""

    def __init__(self, *args, policy, present=None, **kwargs):
        super().__init__(*args, policy=policy, **kwargs)
        meanings = credit_words.meanings()
        for number in self.numbers:
            told = meanings[number.name]
            if present is not None:
                shown = number.shown(present)
                told += " " + _("In force: %(value)s %(unit)s.") % {"value": words.plain(shown), "unit": number.unit}
            self.fields[number.name].help_text = told

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            body = self.new_body()
            for fault in faults(body):
                self.add_error(fault[0], credit_words.fault_words(fault, body))
        return cleaned

    def said(self) -> dict:
        """What the numbers as they stand in the form say, or nothing while one of them is wrong."""
        if self.is_bound and not self.is_valid():
            return {}
        body = self.new_body() if self.is_bound else self.policy.body
        return {"rules": credit_words.rules_in_words(body), "forced": credit_words.forced_in_words(body)}
