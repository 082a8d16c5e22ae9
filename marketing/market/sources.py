"""What the market watch adds to pages below: sentences of the audit trail."""

from django.utils.translation import gettext_lazy

from crm.audit.verbs import KIND_NAMES, SENTENCES


def register():
    """Called once when the app starts."""
    KIND_NAMES["marketing.lossnote"] = gettext_lazy("note of a loss")
    KIND_NAMES["marketing.rival"] = gettext_lazy("competitor or substitute")
    SENTENCES.update(
        {
            "marketing.lossnote noted a loss": gettext_lazy("%(who)s noted a loss on %(lost_on)s: %(outcome)s, cause: %(cause)s"),
            "marketing.lossnote withdrew a loss": gettext_lazy("%(who)s withdrew the note of a loss: %(outcome)s"),
            "marketing.rival saved rival": gettext_lazy("%(who)s saved %(name)s in the list of competitors and substitutes"),
        }
    )
