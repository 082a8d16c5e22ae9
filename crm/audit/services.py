"""`record(...)` beside the deed, in its transaction."""

from crm.audit.models import AuditEntry


def record(*, by, did, on, account=None, **details):
    """One audit row. `on` is the model instance acted on; its `account`, when it has one, is the account the entry belongs to."""
    if account is None:
        account = on if on._meta.label == "crm.Account" else getattr(on, "account", None)
    return AuditEntry.objects.create(
        by=by, did=did, account=account, subject_kind=on._meta.label_lower, subject_id=str(on.pk), details=details
    )
