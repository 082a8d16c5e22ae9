"""A secret that an administrator makes, hands to a partner once, and renews."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.webhooks import signing

OLD_SECRET_LASTS = dt.timedelta(hours=24)


class Keyed(models.Model):
    """`nonce` is the random half of the secret (see `signing`); after renewing, the one before it holds for a day."""

    purpose = ""

    nonce = models.CharField(max_length=32, default=signing.new_nonce, editable=False)
    nonce_before = models.CharField(max_length=32, blank=True, editable=False)
    renewed_at = models.DateTimeField(_("secret renewed at"), null=True, blank=True)

    class Meta:
        abstract = True

    def secrets(self, at) -> list[str]:
        """Newest first: what holds at a moment."""
        nonces = [self.nonce]
        if self.nonce_before and self.renewed_at and at < self.renewed_at + OLD_SECRET_LASTS:
            nonces.append(self.nonce_before)
        return [signing.secret_of(self.purpose, nonce) for nonce in nonces]
