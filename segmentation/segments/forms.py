"""A segment as people fill it in; the rule comes from the builder as JSON."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.people.errors import Refused
from segmentation.segments.models import Segment
from segmentation.segments.services import read_rule

LONGEST = 20_000
NOT_JSON = _("The rule could not be read: open the page again and build it anew.")


class RuleForm(forms.Form):
    """`cleaned_data["rule"]` is the tree as sent, `parsed` the rule."""

    rule = forms.CharField(max_length=LONGEST, widget=forms.HiddenInput, label=_("Rule"))

    def clean_rule(self):
        try:
            tree = json.loads(self.cleaned_data["rule"])
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(NOT_JSON) from error
        try:
            self.parsed = read_rule(tree)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return tree


class SegmentForm(RuleForm):
    name = forms.CharField(label=_("Name"), max_length=80)
    note = forms.CharField(label=_("What it is for"), max_length=300, required=False)
    kind = forms.ChoiceField(
        label=_("Members"), widget=forms.RadioSelect, initial=Segment.Kind.LIVING,
        choices=[(Segment.Kind.LIVING, _("Living: found again after every run")), (Segment.Kind.STATIC, _("Static: kept as they are now"))],
    )  # fmt: skip
    shared = forms.BooleanField(label=_("Shared with everyone"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        if not user.has_perm("segmentation.share_segment"):
            del self.fields["shared"]

    def told(self) -> dict:
        """What the services take."""
        values = self.cleaned_data
        return {name: values[name] for name in ("name", "note", "kind", "rule")} | {"shared": values.get("shared", False)}
