"""Who did what, when, to which account; written in the transaction of the deed itself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Entries about accounts the person may see; those about no account only to who may read the whole trail."""
        accounts = AuditEntry.account.field.related_model.objects.visible_to(user)  # accounts come later: followed, not imported
        seen = self.filter(account__in=accounts)
        return self if user.has_perm("crm.view_audit") and not user.bound_to_unit else seen

    def about(self, account):
        return self.filter(account=account)


class AuditEntry(models.Model):
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    did = models.CharField(_("did"), max_length=60, help_text="A verb from crm.audit.verbs, or a free one in past tense")
    account = models.ForeignKey("crm.Account", models.CASCADE, null=True, related_name="audit_entries", verbose_name=_("account"))
    subject_kind = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.CharField(_("subject"), max_length=60)
    details = models.JSONField(_("details"), default=dict)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "-id"], name="audit_of_account"),
            models.Index(fields=["subject_kind", "subject_id"], name="audit_of_subject"),
        ]

    def __str__(self):
        return f"{self.at:%F %T} {self.by} {self.did} {self.subject_kind} {self.subject_id}"
