"""Selects drawn as one text say what Django's own template says."""

from django import forms
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html

from crm.display.forms import Renderer


class Form(forms.Form):
    plain = forms.ChoiceField(choices=[("", "—"), ("a<b", "A & B"), (1, "One")], initial=1)
    grouped = forms.ChoiceField(choices=[("Group <1>", [("x", "X"), ("y", "Y")]), ("z", "Z")], required=False)
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], initial=["a", "b"])
    marked = forms.ChoiceField(choices=[("a", "A")], widget=forms.Select(attrs={"data-pick": "", "disabled": True, "title": 'a "b"'}))


def test_a_select_reads_as_django_draws_it():
    ours, theirs = Form(renderer=Renderer()), Form(renderer=DjangoTemplates())
    for name in Form.base_fields:
        assert parse_html(str(ours[name])) == parse_html(str(theirs[name])), name
