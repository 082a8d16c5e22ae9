"""Edits of terms by people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.taxonomy import labels
from crm.taxonomy.models import CODE, Aspect, Term


class TermForm(forms.ModelForm):
    class Meta:
        model = Term
        fields = ["name", "name_en", "position", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.fixed:
            del self.fields["is_active"]


class NewTermForm(forms.Form):
    place = forms.ChoiceField(label=_("List"), choices=())
    code = forms.CharField(
        label=_("Code"), max_length=40, validators=[CODE], help_text=_("Kept in every ticket and never changed: heat_pump")
    )
    name = forms.CharField(label=_("Chinese name"), max_length=60)
    name_en = forms.CharField(label=_("English name"), max_length=60, required=False)
    position = forms.IntegerField(label=_("Place in the list"), min_value=0, max_value=32_000, initial=100)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        topics = [(f"topic/{code}", f"{_('Topic')} · {label}") for code, label in labels.choices("class")]
        self.fields["place"].choices = [("kind", Aspect.KIND.label), ("cause", Aspect.CAUSE.label), *topics]

    def values(self):
        """What `services.add` takes."""
        data = dict(self.cleaned_data)
        aspect, _slash, under = data.pop("place").partition("/")
        return data | {"aspect": aspect, "under": under}
