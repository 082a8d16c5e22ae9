"""How the audit trail tells what is done to webhooks."""

from django.utils.translation import gettext_lazy

from crm.audit.verbs import KIND_NAMES, SENTENCES


def register():
    """Called when the app starts."""
    SENTENCES.update({
        "crm.subscription subscribed": gettext_lazy("%(who)s made the webhook %(name)s"),
        "crm.subscription changed webhook": gettext_lazy("%(who)s changed the webhook %(name)s"),
        "crm.subscription renewed secret": gettext_lazy("%(who)s renewed the secret of the webhook %(name)s"),
        "crm.subscription paused webhook": gettext_lazy("%(who)s paused the webhook %(name)s"),
        "crm.subscription resumed webhook": gettext_lazy("%(who)s started the webhook %(name)s again"),
        "crm.subscription tested webhook": gettext_lazy("%(who)s sent a test to the webhook %(name)s"),
        "crm.subscription gave up webhook": gettext_lazy("The webhook %(name)s was disabled because it failed too often in a row"),
        "crm.delivery replayed": gettext_lazy("%(who)s had an event sent again to the webhook %(name)s"),
    })  # fmt: skip
    KIND_NAMES.update({"crm.subscription": gettext_lazy("webhook"), "crm.delivery": gettext_lazy("webhook delivery")})
