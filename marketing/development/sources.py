"""What development adds to pages below: sentences of the trail, the mark and the filter “large customer” in the portfolio."""

from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.audit.verbs import KIND_NAMES, SENTENCES
from marketing.development.models import LargeCustomer, Prospect
from segmentation.portfolio import marks


def large(user, account_ids):
    """{account id: “Large customer”}, or that it is on the watch list."""
    if not user.has_perm("marketing.view_prospect"):
        return {}
    said = {False: _("On the watch list"), True: _("Large customer")}
    watched = Prospect.objects.open().filter(account__in=account_ids).order_by().values_list("account_id", Value(False))
    standing = LargeCustomer.objects.standing().filter(account__in=account_ids).order_by().values_list("account_id", Value(True))
    return {account: said[is_large] for account, is_large in watched.union(standing)}


def register():
    """Called once when the app starts."""
    marks.SOURCES.insert(0, large)  # what waits for a decision is said rather than this
    marks.FILTERS["large_customer"] = (gettext_lazy("Large customers"), lambda user: LargeCustomer.objects.visible_to(user).standing())
    marks.FILTERS["watch_list"] = (gettext_lazy("On the watch list"), lambda user: Prospect.objects.visible_to(user).open())
    KIND_NAMES["marketing.prospect"] = gettext_lazy("prospect")
    KIND_NAMES["marketing.largecustomer"] = gettext_lazy("large customer")
    SENTENCES.update(
        {
            "marketing.prospect watched a prospect": gettext_lazy("%(who)s put the account on the watch list of %(owner)s"),
            "marketing.prospect moved a prospect": gettext_lazy("%(who)s moved the development of the account on: %(state)s"),
            "marketing.prospect planned for a prospect": gettext_lazy("%(who)s planned its development: %(action)s"),
            "marketing.prospect noted on a prospect": gettext_lazy("%(who)s noted on its development: %(text)s"),
            "marketing.prospect proposed a prospect": gettext_lazy("%(who)s proposed it as a large customer: %(reason)s"),
            "marketing.prospect promoted a prospect": gettext_lazy("%(who)s approved it as a large customer"),
            "marketing.prospect refused a prospect": gettext_lazy("%(who)s did not approve it as a large customer: %(reason)s"),
            "marketing.prospect dropped a prospect": gettext_lazy("%(who)s took it off the watch list: %(reason)s"),
            "marketing.largecustomer entered a large customer": gettext_lazy("A large customer since %(since)s: %(source)s"),
            "marketing.largecustomer ended a large customer": gettext_lazy("%(who)s ended its standing as a large customer: %(reason)s"),
        }
    )
