"""What a feature is used for: indicators of the value policy in force, rules of credit and early warning, groupings, expert rules."""

from django.utils.translation import gettext as _

from segmentation.groups.models import GroupRule
from segmentation.policies.models import Policy
from segmentation.policies.services import engine_policy, in_force

# By the engine's source; a test reads it and holds this table to it.
CREDIT = {
    "arrears_fen",
    "arrears_days",
    "late_count_12m",
    "days_late_mean",
    "tenure_years",
    "dues_12m_count",
    "debt_months",
    "old_debt_fen",
}
WARNING = {
    "recent_ratio", "earlier_ratio", "latest_ratio", "half_year_ratio", "base_ratio", "base_month_kwh", "contract_days_left", "arrears_fen", "arrears_days",
    "complaints_3m", "open_complaints", "price_change", "substitutes", "capacity_use", "zero_months",
}  # fmt: skip
USAGE = {"recent_ratio", "latest_ratio", "base_ratio", "base_month_kwh", "tenure_years"}
GROUPING = {"sharp_share", "peak_share", "flat_share", "valley_share", "satisfaction"}


def uses() -> dict[str, list[str]]:
    """{feature: where it is used, in words}."""
    found: dict[str, list[str]] = {}
    policies = in_force()
    value = policies.get(Policy.Kind.VALUE)
    sides = {"current": _("current value"), "potential": _("potential value")}
    for it in engine_policy(policies={"value": value}).value.indicators:
        where = _("Value policy: %(side)s") if value is None else _("Value policy %(version)s: %(side)s")
        found.setdefault(it.feature, []).append(where % {"side": sides[it.group], "version": value and value.version})
    for names, words in ((CREDIT, _("Credit")), (WARNING, _("Early warning")), (USAGE, _("State of use")), (GROUPING, _("Groups"))):
        for name in names:
            found.setdefault(name, []).append(words)
    for name in GroupRule.objects.values_list("feature", flat=True).distinct():
        found.setdefault(name, []).append(_("Expert rule of a group"))
    return found
