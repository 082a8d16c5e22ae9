"""What a person says about a file they send in."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crm.imports.formats.table import check_extension
from crm.imports.kinds import kind_of
from crm.imports.models import ImportKind
from crm.imports.problems import FileProblem
from crm.people.models import Unit


class ImportForm(forms.Form):
    kind = forms.ChoiceField(label=_("What is in it"), choices=ImportKind.choices)
    file = forms.FileField(label=_("File"), help_text=_("CSV, XLSX, .tsf or Green Button XML. Headers may be English or Chinese."))
    unit = forms.ModelChoiceField(
        Unit.objects.all(),
        label=_("Unit for new accounts"),
        required=False,
        help_text=_("Used where the file names none."),
        widget=forms.Select({"data-pick": ""}),
    )
    all_or_nothing = forms.BooleanField(label=_("All or nothing: load no row when one is wrong"), required=False)

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.xlsx,.tsf,.xml"

    def clean(self):
        """The extension here, so that the person is told beside the field; size, content and ledger are the service's."""
        told = super().clean()
        upload, kind = told.get("file"), told.get("kind")
        if upload and kind:
            try:
                check_extension(upload.name, kind_of(kind).extensions)
            except FileProblem as problem:
                raise ValidationError({"file": str(problem)}) from problem
        return told
