"""What retention has to say in the chapter on churn: plans under way and how they ended, of the accounts of the report."""

from django.db.models import Q
from django.utils.translation import gettext as _

from marketing.retention.models import Plan
from marketing.retention.overview import totals
from segmentation.reports.document import Figure


def tell(*, reader, standings, as_of):
    """Figures and one action, over the plans the reader sees; nothing where none was ever made."""
    plans = Plan.objects.visible_to(reader).filter(Q(account__in=standings.order_by().values("account")))
    counted = totals(plans, today=as_of)
    if not any(counted[name] for name in ("open", "kept", "left", "dropped")):
        return (), ()
    figures = (
        Figure("plans_open", _("Retention plans under way"), counted["open"], "count", _("Plans not ended yet")),
        Figure("plans_overdue", _("Of these overdue"), counted["overdue"], "count", _("With a step past its day")),
        Figure("plans_kept", _("Customers kept"), counted["kept"], "count", _("Plans of 12 months that ended with the customer kept")),
        Figure("plans_left", _("Customers lost"), counted["left"], "count", _("Plans of 12 months that ended with the customer gone")),
        Figure(
            "plans_kept_share",
            _("Kept, of those decided"),
            counted["kept_share"],
            "share",
            _("A share of plans, not the effect of them: trials measure that"),
        ),
    )
    said = (_("Catch up on the %(count)s retention plans that are overdue.") % {"count": counted["overdue"]},) if counted["overdue"] else ()
    return tuple(figure for figure in figures if figure.value is not None), said
