"""How the audit trail tells what is done about escalation."""

from django.utils.translation import gettext_lazy as _

from crm.audit.verbs import KIND_NAMES, SENTENCES


def register():
    """Called when the app starts."""
    SENTENCES.update({
        "crm.chain added": _("%(who)s added the escalation chain %(name)s"),
        "crm.chain changed": _("%(who)s changed the escalation chain %(name)s"),
        "crm.chain switched on": _("%(who)s put the escalation chain %(name)s in force"),
        "crm.chain switched off": _("%(who)s put the escalation chain %(name)s out of force"),
        "crm.ticket rated": _("The customer rated ticket #%(id)s: %(score)s / 5"),
    })  # fmt: skip
    KIND_NAMES["crm.chain"] = _("escalation chain")
