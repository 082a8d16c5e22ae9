"""The address a customer answers at: the survey's number and a seal over it, short enough for one SMS."""

import base64

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

SEAL_BYTES = 12  # 96 bits: nobody guesses one, and pages that are asked too often answer no more
LONGEST = 40


def token_of(pk: int) -> str:
    return f"{pk:x}-{_seal(pk)}"


def survey_of(token: str) -> int | None:
    """The survey's number, or None for a token we did not make."""
    number, _dash, seal = token.partition("-")
    if len(token) > LONGEST or not token.isascii() or not 0 < len(number) <= 15 or set(number) - set("0123456789abcdef"):
        return None
    pk = int(number, 16)
    return pk if token == f"{pk:x}-{seal}" and constant_time_compare(seal, _seal(pk)) else None


def address_of(pk: int) -> str:
    return settings.PUBLIC_URL.rstrip("/") + reverse("crm:survey", args=[token_of(pk)])


def _seal(pk):
    digest = salted_hmac("crm.satisfaction", str(pk), algorithm="sha256").digest()[:SEAL_BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
