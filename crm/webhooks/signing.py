"""Signed messages, both ways, by the open scheme of Standard Webhooks (its libraries sign and check them in most languages).

    webhook-id: the message's own id          webhook-timestamp: seconds since 1970
    webhook-signature: v1,<base64 of HMAC-SHA256 over "{id}.{timestamp}.{body}">, several of them apart by spaces

A secret is written `whsec_<base64 of the key>`. None is stored: it is derived from the installation's SECRET_KEY and a random part in the
row, so that a copy of the database signs nothing. A new SECRET_KEY therefore asks for new secrets at every partner.
"""

import base64
import binascii
import datetime as dt
import hashlib
import hmac
import secrets

from django.utils.crypto import salted_hmac

WINDOW = dt.timedelta(minutes=5)


class Unsigned(Exception):
    """The message is not what it says; `str()` tells the sender why, without telling a forger how."""


def new_nonce() -> str:
    return secrets.token_hex(16)


def secret_of(purpose: str, nonce: str) -> str:
    key = salted_hmac(f"crm.webhooks.{purpose}", nonce, algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(key).decode()


def sign(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,…` for one secret. Raises `ValueError` for a secret that is not base64."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ValueError("The secret is not base64: copy it whole, beginning with whsec_.") from error
    seal = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(seal).decode()


def check(secrets_: list[str], *, message_id: str, timestamp: str, signature: str, body: bytes, at: dt.datetime):
    """Raise `Unsigned` unless one of the secrets made the signature, not longer ago than `WINDOW`."""
    if not (message_id and timestamp and signature):
        raise Unsigned("Send webhook-id, webhook-timestamp and webhook-signature.")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Unsigned("webhook-timestamp is not a number of seconds since 1970.")
    if abs(at.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise Unsigned("webhook-timestamp is more than five minutes away from our clock: sign each request when you send it.")
    given = [part.encode() for part in signature.split()[:5]]
    made = [sign(secret, message_id=message_id, timestamp=int(timestamp), body=body).encode() for secret in secrets_]
    if not any(hmac.compare_digest(one, other) for one in given for other in made):
        raise Unsigned('The signature does not fit: sign "{id}.{timestamp}.{body}" with this integration\'s secret.')
