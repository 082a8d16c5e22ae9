"""The evidence of a candidate in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.display.rules import number, percent
from marketing.development.rules import SIGNS


def evidence_in_words(evidence) -> list[tuple[str, str]]:
    """[(what, how much)], without what is not known."""
    told = [
        (_("Use of 12 months against the 12 before"), _share(evidence, "growth", sign=True)),
        (_("Last 3 months against the same a year before"), _share(evidence, "recent_ratio")),
        (
            _("Potential value"),
            _("%(points)s points") % {"points": number(evidence["potential_score"], 1)}
            if evidence.get("potential_score") is not None
            else "",
        ),
        (_("Highest demand"), _demand(evidence)),
        (_("Service requests"), _requests(evidence)),
        (_("Outlook of its industry"), _industry(evidence)),
    ]
    return [(what, much) for what, much in told if much]


def _share(evidence, name, *, sign=False):
    value = evidence.get(name)
    if value is None:
        return ""
    return ("+" if sign and value > 0 else "") + percent(value)


def _demand(evidence):
    kw, kva, use = (evidence.get(name) for name in ("max_demand_kw", "contract_kva", "capacity_use"))
    if kw is None or kva is None or use is None:
        return ""
    return _("%(kw)s kW of %(kva)s kVA contracted: %(use)s used") % {"kw": number(kw), "kva": number(kva), "use": percent(use)}


def _requests(evidence):
    asked, still_open = evidence.get("requests_12m") or 0, evidence.get("requests_open") or 0
    if not asked and not still_open:
        return ""
    text = ngettext("%(n)s in 12 months, %(open)s still open", "%(n)s in 12 months, %(open)s still open", asked)
    return text % {"n": asked, "open": still_open}


def _industry(evidence):
    if evidence.get("industry_growth") is None:
        return ""
    return _("%(growth)s in a year for the %(n)s accounts of division %(industry)s") % {
        "growth": _share(evidence, "industry_growth", sign=True), "n": number(evidence["industry_accounts"]), "industry": evidence["industry"],
    }  # fmt: skip


def sign_names() -> dict[str, str]:
    return {
        "growth": _("growth of use"), "capacity_use": _("use of the contracted capacity"), "potential_score": _("potential value"),
        "requests_12m": _("service requests of 12 months"), "industry_growth": _("growth of its industry"),
    }  # fmt: skip


def how_strength_is_counted() -> str:
    """“Growth of use up to 30 points, …”."""
    names = sign_names()
    parts = [_("%(sign)s up to %(points)s points") % {"sign": names[sign.name], "points": sign.points} for sign in SIGNS]
    return _("Strength of the evidence, 0 to 100: %(parts)s.") % {"parts": _(", ").join(parts)}
