"""`record(...)` beside the deed, in its transaction."""

from crm.audit.models import AuditEntry


def record(*, by, did, on, account=None, **details):
    """One audit row. `on` is the model instance acted on; its `account`, when it has one, is the account the entry belongs to."""
    row = entry(by=by, did=did, on=on, account=account, **details)
    row.save(force_insert=True)
    return row


def entry(*, by, did, on, account=None, **details):
    """The row of `record`, not saved yet: for who writes it together with the deed."""
    if account is None:
        account = on if on._meta.label == "crm.Account" else getattr(on, "account", None)
    return AuditEntry(by=by, did=did, account=account, subject_kind=on._meta.label_lower, subject_id=str(on.pk), details=details)
