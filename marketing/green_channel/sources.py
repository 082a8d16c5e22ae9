"""What green channels add to pages below: sentences of the audit trail, the mark “Proposed” in the portfolio."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.audit.verbs import KIND_NAMES, SENTENCES
from marketing.green_channel.models import Proposal
from segmentation.portfolio import marks


def proposed(user, account_ids):
    """{account id: “Proposed”} for accounts whose proposal waits."""
    waiting = Proposal.objects.visible_to(user).open().filter(account__in=account_ids)
    return dict.fromkeys(waiting.values_list("account_id", flat=True), _("Proposed"))


def register():
    """Called once when the app starts."""
    marks.SOURCES.append(proposed)
    KIND_NAMES["marketing.proposal"] = gettext_lazy("green channel proposal")
    KIND_NAMES["marketing.channelrule"] = gettext_lazy("rule of green channels")
    SENTENCES.update(
        {
            "marketing.proposal proposed green channel": gettext_lazy("%(who)s proposed a green channel until %(until)s: %(reason)s"),
            "marketing.proposal endorsed green channel": gettext_lazy("%(who)s approved a green channel at the first level"),
            "marketing.channelrule set channel rule": gettext_lazy("%(who)s set the rules of green channels from %(valid_from)s"),
            "marketing.proposal approved green channel": gettext_lazy("%(who)s approved a green channel until %(until)s"),
            "marketing.proposal refused green channel": gettext_lazy("%(who)s refused a green channel: %(reason)s"),
            "marketing.proposal withdrew green channel proposal": gettext_lazy("%(who)s withdrew a green channel proposal"),
            "marketing.proposal green channel proposal lapsed": gettext_lazy("A green channel proposal lapsed: nobody decided in time"),
        }
    )
