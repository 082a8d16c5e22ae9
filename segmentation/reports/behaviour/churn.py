"""Chapter 5: who may leave, what marks them, and what is done about it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from segmentation.reports.behaviour import churn_quality
from segmentation.reports.contributions import contributed
from segmentation.reports.document import Chapter, Column, Table
from segmentation.reports.facts import Facts, known
from segmentation.reports.figures import Breakdown

NAME, TITLE = "churn", gettext_lazy("Churn")
RISK = ("high_risk", "high_risk_share", "elevated_risk", "risk_revenue", "risk_kwh")
BREAKDOWNS = (
    Breakdown("by_band", "risk_band", ("standings", "revenue_12m", "kwh_12m", "expected_leavers"), words="band", where="risk_band in ('high', 'elevated', 'watch', 'low')"),
    Breakdown("risk_by_category", "category", RISK, words="category"),
    Breakdown("risk_by_unit", "branch", RISK, words="unit", most=15),
    Breakdown("risk_by_tier", "tier", RISK, words="tier", where="risk_score is not null"),
    Breakdown("risk_by_outcome", "risk_outcome", ("high_risk", "risk_revenue", "risk_kwh"), words="outcome", where="risk_band = 'high' and risk_outcome <> ''", most=8),
    Breakdown("risk_by_reason", "headline_code", ("high_risk", "risk_revenue"), words="reason", where="risk_band = 'high' and headline_code <> ''", most=10),
)  # fmt: skip
BANDS = ("high", "elevated", "watch", "low")
PROFILE = {
    "growth": gettext_lazy("Change of use in a year"), "complaining": gettext_lazy("Complained in 12 months"), "owing": gettext_lazy("In arrears"),
    "substitute": gettext_lazy("With PV, storage, own plant or gas"),
}  # fmt: skip


def chapter(facts: Facts) -> Chapter:
    if not facts.value("warned"):
        return Chapter(name=NAME, title=str(TITLE), sentences=_sentences(facts), missing=_missing(facts))
    retention = contributed(NAME, reader=facts.scope.reader, standings=facts.scope.standings(), as_of=facts.run.as_of)
    blocks = known(
        *facts.figures("high_risk", "high_risk_share", "expected_leavers", "elevated_risk", "risk_revenue", "risk_kwh", "contracts_ending"),
        facts.chart("by_band", _("Accounts by band of the early warning"), "bar", "standings", takeaway=_most(facts)),
        facts.table("by_band", _("Bands of the early warning"), key=_("Band"), link="risk_band={key}", note=_method(facts)),
        *churn_quality.blocks(facts),
        facts.chart("risk_by_outcome", _("High risk by what may happen"), "bar", "high_risk", horizontal=True),
        facts.table("risk_by_outcome", _("What may happen, high risk"), key=_("Outcome")),
        _profile(facts),
        facts.table("risk_by_reason", _("What weighs most at high risk"), key=_("Influence")),
        facts.table("risk_by_category", _("Risk by category"), key=_("Category")),
        facts.table("risk_by_tier", _("Risk by tier"), key=_("Tier")),
        facts.table("risk_by_unit", _("Risk by unit"), key=_("Unit"), note=_("The units with the most accounts at high risk, at most 15.")),
        *facts.figures("risk_visited", "risk_entitled"),
        *retention.blocks,
    )
    return Chapter(
        name=NAME, title=str(TITLE), sentences=_sentences(facts), blocks=blocks, actions=(*_actions(facts), *retention.actions),
        missing=(*_missing(facts), *retention.missing),
    )  # fmt: skip


def _most(facts):
    """What the two upper bands hold, in accounts and money."""
    rows = {row[0]: row for row in facts.rows("by_band")}
    upper = [rows[band] for band in ("high", "elevated") if band in rows]
    whole = sum(row[2] or 0 for row in rows.values())
    if not upper or not whole:
        return ""
    return _("High and elevated risk together: %(count)s accounts with %(share)s of the revenue.") % {
        "count": facts.say(sum(row[1] for row in upper), "count"), "share": facts.say(sum(row[2] or 0 for row in upper) / whole, "share"),
    }  # fmt: skip


def _method(facts):
    if facts.value("expected_leavers") is not None:
        return _("A trained model gives each account a probability of leaving; what was known on the day alone counts.")
    return _("The early warning adds up rules on facts; its points are no probability. What was known on the day alone counts.")


def _profile(facts):
    """High risk beside the others: the wider the gap, the more it marks the group."""
    rows = []
    for name, trait in PROFILE.items():
        high, rest = facts.value(f"risk_{name}"), facts.value(f"rest_{name}")
        if high is not None and rest is not None:
            rows.append((str(trait), high, rest, high - rest))
    if not rows or not facts.value("high_risk"):
        return None
    widest = max(rows, key=lambda row: abs(row[3]))
    takeaway = _("What marks the high-risk group most: %(trait)s, %(high)s against %(rest)s.") % {
        "trait": widest[0], "high": facts.say(widest[1], "share"), "rest": facts.say(widest[2], "share"),
    }  # fmt: skip
    return Table(
        name="risk_profile", title=_("The high-risk group beside the others"), rows=tuple(rows), takeaway=takeaway,
        columns=(Column("trait", _("Trait"), "text"), Column("high", _("High risk"), "share"), Column("rest", _("The others"), "share"), Column("gap", _("Difference"), "share")),
    )  # fmt: skip


def _sentences(facts):
    if not facts.value("warned"):
        return (_("No account of this scope was looked at by the early warning."),)
    first = _("%(count)s of %(all)s accounts, %(share)s, stand at high risk and %(elevated)s at elevated risk.") % {
        "count": facts.told("high_risk"), "all": facts.told("warned"), "share": facts.told("high_risk_share"), "elevated": facts.told("elevated_risk"),
    }  # fmt: skip
    if facts.value("expected_leavers") is not None:
        first = _("%(count)s of %(all)s accounts, %(share)s, stand at high risk; %(leavers)s are expected to leave.") % {
            "count": facts.told("high_risk"), "all": facts.told("warned"), "share": facts.told("high_risk_share"), "leavers": facts.told("expected_leavers"),
        }  # fmt: skip
    return (first, _second(facts), _third(facts))


def _second(facts):
    if facts.value("risk_revenue") is not None:
        whole = facts.value("revenue_12m")
        return _("They brought %(money)s in 12 months, %(share)s of all revenue.") % {
            "money": facts.told("risk_revenue"), "share": facts.say(facts.value("risk_revenue") / whole if whole else None, "share"),
        }  # fmt: skip
    whole = facts.value("kwh_12m")
    used = facts.value("risk_kwh") or 0
    return _("They used %(kwh)s in 12 months, %(share)s of all kWh.") % {
        "kwh": facts.say(used, "kwh"),
        "share": facts.say(used / whole if whole else 0, "share"),
    }


def _third(facts):
    rows = facts.rows("risk_by_reason")
    if rows:
        return ngettext(
            "The influence met most at high risk is “%(reason)s”, for %(count)s account.",
            "The influence met most at high risk is “%(reason)s”, for %(count)s accounts.", rows[0][1]) % {
            "reason": facts.word("risk_by_reason", rows[0][0]), "count": facts.say(rows[0][1], "count"),
        }  # fmt: skip
    return ngettext(
        "%(ending)s account has a contract that ends within 90 days.",
        "%(ending)s accounts have a contract that ends within 90 days.",
        facts.count("contracts_ending"),
    ) % {"ending": facts.told("contracts_ending")}


def _actions(facts):
    told = []
    if facts.value("high_risk"):
        if facts.value("risk_visited") is not None:
            told.append(
                ngettext(
                    "Visit the one high-risk account: %(share)s of the %(count)s was visited in 12 months.",
                    "Visit the high-risk accounts: %(share)s of the %(count)s were visited in 12 months.",
                    facts.count("high_risk"),
                )
                % {"share": facts.told("risk_visited"), "count": facts.told("high_risk")}
            )
        else:
            told.append(
                ngettext(
                    "Call the %(count)s account at high risk.",
                    "Call the %(count)s accounts at high risk, the largest first.",
                    facts.count("high_risk"),
                )
                % {"count": facts.told("high_risk")}
            )
    if facts.value("contracts_ending"):
        told.append(
            ngettext(
                "Talk about renewal with the %(count)s account whose contract ends within 90 days.",
                "Talk about renewal with the %(count)s accounts whose contract ends within 90 days.",
                facts.count("contracts_ending"),
            )
            % {"count": facts.told("contracts_ending")}
        )
    return tuple(told)


def _missing(facts):
    told = []
    if facts.value("warned"):
        told += churn_quality.missing(facts)
    if not facts.value("warned"):
        told.append(_("Early warning: no account of this scope has a score."))
    if facts.value("risk_revenue") is None and facts.value("high_risk"):
        told.append(_("Revenue at risk: the bills carry kWh only."))
    if facts.value("risk_visited") is None:
        told.append(_("Retention under way: no visits are recorded."))
    return tuple(told)
