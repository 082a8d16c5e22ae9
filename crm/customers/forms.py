"""Edits by people."""

from django import forms

from crm.customers.models import Contact


class ContactForm(forms.ModelForm):
    class Meta:
        model = Contact
        fields = ["name", "duty", "phone", "email", "is_primary"]

    def validate_constraints(self):
        """One primary contact: the service takes the mark off the others."""
