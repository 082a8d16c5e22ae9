"""What a form and the API both refuse, in the same words."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.tickets.rules import is_garbled, is_phone


def dialled(phone: str) -> None:
    if phone.strip() and not is_phone(phone):
        told = _("“%(phone)s” is not a phone number: digits, spaces, dashes and an extension, like 0571 8899 2210 or 8899-2210 ext 12.")
        raise ValidationError(told % {"phone": phone}, code="invalid_phone")


def readable(text: str) -> None:
    if is_garbled(text):
        raise ValidationError(_("Some of the text arrived unreadable. Send it as UTF-8, or type it again."), code="garbled")
