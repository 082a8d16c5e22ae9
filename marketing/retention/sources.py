"""What retention adds to pages below: sentences of the audit trail, marks in the portfolio."""

from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.audit.verbs import KIND_NAMES, SENTENCES
from marketing.retention.in_report import tell
from marketing.retention.models import Assignment, Plan
from segmentation.portfolio import marks
from segmentation.reports.contributions import contribute


def under_way(user, account_ids):
    """{account id: “Plan under way” or “Held out”}, in one query."""
    held = Assignment.objects.visible_to(user).holding().filter(account__in=account_ids).order_by()
    plans = Plan.objects.visible_to(user).open().filter(account__in=account_ids).order_by()
    found = held.values_list("account_id", Value(False)).union(plans.values_list("account_id", Value(True)), all=True)
    # A plan is told where there is a lot too.
    return {account: _("Plan under way") if is_plan else _("Held out") for account, is_plan in sorted(found)}


def register():
    """Called once when the app starts."""
    marks.SOURCES.insert(0, under_way)  # a proposal that waits is told before it
    KIND_NAMES.update(
        {
            "marketing.plan": gettext_lazy("retention plan"), "marketing.offer": gettext_lazy("offer"), "marketing.playbook": gettext_lazy("playbook"),
            "marketing.trial": gettext_lazy("trial"), "marketing.assignment": gettext_lazy("lot of a trial"),
            "marketing.exemption": gettext_lazy("exemption from holdout"),
        }
    )  # fmt: skip
    SENTENCES.update(
        {
            "marketing.plan started retention plan": gettext_lazy(
                "%(who)s started a retention plan by “%(playbook)s” with %(tasks)s tasks"
            ),
            "marketing.plan kept": gettext_lazy("%(who)s ended the retention plan: the account was kept. %(ending)s"),
            "marketing.plan left": gettext_lazy("%(who)s ended the retention plan: the account left, cause: %(cause)s"),
            "marketing.plan gave up retention plan": gettext_lazy("%(who)s gave the retention plan up: %(reason)s"),
            "marketing.offer offered": gettext_lazy("%(who)s offered: %(what)s, cost ¥ %(cost)s"),
            "marketing.offer offer accepted": gettext_lazy("The customer accepted, as %(who)s notes: %(what)s"),
            "marketing.offer offer refused": gettext_lazy("The customer refused, as %(who)s notes: %(what)s. %(reason)s"),
            "marketing.playbook saved playbook": gettext_lazy("%(who)s saved the playbook “%(name)s” with %(steps)s steps"),
            "marketing.trial opened trial": gettext_lazy(
                "%(who)s opened the trial “%(name)s”: %(share)s held out, seed %(seed)s, %(lots)s lots"
            ),
            "marketing.trial closed trial": gettext_lazy("%(who)s closed the trial “%(name)s”"),
            "marketing.assignment released from holdout": gettext_lazy("%(who)s released the account from the holdout: %(reason)s"),
            "marketing.exemption exempted from holdout": gettext_lazy("%(who)s exempted the account from the holdout: %(reason)s"),
            "marketing.exemption ended exemption": gettext_lazy("%(who)s ended the exemption from the holdout"),
        }
    )
    contribute("churn", tell)
