"""What retention has to say in the chapter on churn: plans under way and how they ended, and what the trial's holdout shows of them."""

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from crm.display import rules
from marketing.retention import effect
from marketing.retention.models import Assignment, Plan, Trial
from marketing.retention.overview import totals
from segmentation.reports.contributions import Said
from segmentation.reports.document import Column, Figure, Table


def tell(*, reader, standings, as_of) -> Said:
    """Over the plans and lots the reader sees, of the accounts of the report; nothing where none was ever made."""
    accounts = standings.order_by().values("account")
    plans = Plan.objects.visible_to(reader).filter(account__in=accounts)
    counted = totals(plans, today=as_of)
    if not any(counted[name] for name in ("open", "kept", "left", "dropped")):
        return Said(missing=(_("Retention: no plan was made for these accounts."),))
    figures = (
        Figure("plans_open", _("Retention plans under way"), counted["open"], "count", _("Plans not ended yet")),
        Figure("plans_overdue", _("Of these overdue"), counted["overdue"], "count", _("With a step past its day")),
        Figure("plans_kept", _("Customers kept"), counted["kept"], "count", _("Plans of 12 months that ended with the customer kept")),
        Figure("plans_left", _("Customers lost"), counted["left"], "count", _("Plans of 12 months that ended with the customer gone")),
        Figure("plans_kept_share", _("Kept, of those decided"), counted["kept_share"], "share", _("A share of plans, not the effect of them: trials measure that")),
    )  # fmt: skip
    said: tuple[str, ...] = ()
    if counted["overdue"]:
        said = (
            ngettext("Catch up on the %(count)s retention plan that is overdue.", "Catch up on the %(count)s retention plans that are overdue.", counted["overdue"])
            % {"count": rules.number(counted["overdue"])},
        )  # fmt: skip
    table, missing = _effect(reader, accounts, as_of)
    return Said(tuple(figure for figure in figures if figure.value is not None) + ((table,) if table else ()), said, missing)


def _effect(reader, accounts, as_of):
    """The trial's measured effect with its interval, or why nothing is claimed."""
    trial = Trial.objects.to_read(reader)
    if trial is None:
        return None, (_("Effect of retention: there is no trial with a holdout, so nothing is claimed."),)
    lots = Assignment.objects.visible_to(reader).filter(account__in=accounts, settled_on__lte=as_of)
    found = effect.of_lots(trial=trial, lots=lots)
    verdict = found.verdict
    if verdict.difference is None:
        told = _("Effect of retention: %(treated)s treated and %(held)s held-out accounts are settled, too few to claim anything.") % {
            "treated": rules.number(verdict.n_treated), "held": rules.number(verdict.n_holdout),
        }  # fmt: skip
        return None, (told,)
    return _table(trial, found), ()


def _table(trial, found):
    verdict, difference = found.verdict, found.verdict.difference

    def points(value):
        return f"{rules.delta(100 * value, 1)}{rules.SPACE}{pgettext('percentage points', 'pp')}"

    def between(low, high):
        return _("%(low)s to %(high)s") % {"low": low, "high": high}

    span = between(points(difference.low), points(difference.high))
    told = {"value": points(difference.value).lstrip("+"), "span": span}
    if not difference.is_shown:
        takeaway = _("No effect of retention is shown: %(value)s, and the 95 %% interval (%(span)s) holds zero.") % told
    elif difference.value > 0:
        takeaway = _("Plans keep accounts: %(value)s more stayed than in the holdout (95 %% interval %(span)s).") % told
    else:
        takeaway = _("Treated accounts were lost more often than the holdout: %(value)s (95 %% interval %(span)s).") % told
    rows = [
        (_("Accounts settled"), rules.number(verdict.n_treated), rules.number(verdict.n_holdout), ""),
        (_("Lost"), rules.number(verdict.lost_treated), rules.number(verdict.lost_holdout), ""),
        (_("Stayed, weighed over strata"), rules.percent(difference.treated, 1), rules.percent(difference.holdout, 1), f"{points(difference.value)} ({span})"),
    ]  # fmt: skip
    rows.append((_("Spent on the treated"), rules.yuan(found.spent_yuan, get_language()), "", ""))
    return Table(
        name="retention_effect", title=_("Measured effect of retention: treated beside held out"), rows=tuple(rows), takeaway=takeaway,
        note=_("Trial “%(name)s”; both arms as they were drawn by lot, whatever was done afterwards.") % {"name": trial.name},
        columns=(
            Column("what", _("What"), "text"), Column("treated", _("Treated"), "text"), Column("holdout", _("Held out"), "text"),
            Column("effect", _("Difference (95 % interval)"), "text"),
        ),
    )  # fmt: skip
