"""Chapter 1: who the customers are, and what they ask of the grid."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from segmentation.reports.document import Chapter, Chart, Column, Series, Table
from segmentation.reports.facts import Facts, known
from segmentation.reports.figures import FIGURES, Breakdown
from segmentation.reports.measured_load import HOURS

NAME, TITLE = "overview", gettext_lazy("Overview of customers")
COUNTED = ("accounts", "customers", "kwh_12m", "kwh_change", "revenue_12m")
TRAITS = (
    "load_factor", "largest_demand", "contract_kva", "own_generation", "pv_kw", "with_storage", "storage_kwh", "captive_or_gas",
    "substitute_share", "market_share", "tickets_per_100", "complaints_per_100", "price_risen", "price_risen_fell", "price_steady_fell", "price_sensitivity",
)  # fmt: skip
BREAKDOWNS = (
    Breakdown("by_category", "category", COUNTED, words="category"),
    Breakdown("by_area", "unit_kind", COUNTED, words="area"),
    Breakdown("by_unit", "branch", COUNTED, words="unit", most=20),
    Breakdown("by_industry", "industry[:1]", COUNTED, words="industry", most=12, where="is_open and category <> 'residential'"),
)
LITTLE_KNOWN, NOTABLE = 0.5, 0.03


def chapter(facts: Facts) -> Chapter:
    traits = [name for name in TRAITS if facts.value(name) is not None]
    blocks = known(
        *facts.figures("accounts", "customers", "opened_12m", "closed_12m", "contract_kva", "kwh_12m", "revenue_12m"),
        facts.chart("by_category", _("kWh of 12 months by category"), "bar", "kwh_12m", horizontal=True, takeaway=_largest(facts)),
        facts.table("by_category", _("By category"), key=_("Category")),
        facts.chart("by_area", _("Accounts by area"), "pie", "accounts") if len(facts.rows("by_area")) > 1 else None,
        facts.table("by_area", _("Urban and rural"), key=_("Area")) if len(facts.rows("by_area")) > 1 else None,
        facts.chart("by_unit", _("kWh of 12 months by unit"), "bar", "kwh_12m", horizontal=True, most=12),
        facts.table("by_unit", _("By unit"), key=_("Unit"), note=_("The units with the most accounts, at most 20.")),
        facts.chart("by_industry", _("Accounts by industry"), "bar", "accounts", horizontal=True, most=12)
        if _has_industry(facts)
        else None,
        facts.table("by_industry", _("By industry, without residential"), key=_("Industry")) if _has_industry(facts) else None,
        _traits(facts, traits),
        _day(facts),
    )
    return Chapter(
        name=NAME, title=str(TITLE), sentences=_sentences(facts), blocks=blocks, actions=_actions(facts), missing=_missing(facts)
    )


def _traits(facts, names):
    """Traits of demand with how each is measured, so that nobody need ask."""
    if not names:
        return None
    rows = [(facts.label(name), facts.told(name), FIGURES[name].meaning[facts.chinese]) for name in names]
    return Table(
        name="traits", title=_("Traits of demand"), takeaway=_of_traits(facts),
        columns=(Column("trait", _("Trait"), "text"), Column("value", _("Value"), "text"), Column("how", _("How it is measured"), "text")),
        rows=(*rows, *_read_traits(facts)),
    )  # fmt: skip


def _of_traits(facts):
    """The one trait that says most of those known."""
    if facts.value("price_sensitivity") is not None:
        points = facts.points(abs(facts.value("price_sensitivity")))
        if facts.value("price_sensitivity") > 0:
            return _("Where the price rose, %(points)s more of the accounts cut their use than where it was steady.") % {"points": points}
        return _("Where the price rose, no more accounts cut their use than where it was steady.")
    if facts.value("load_factor") is not None:
        return _("The account in the middle has a load factor of %(share)s.") % {"share": facts.told("load_factor")}
    return ""


def _read_traits(facts):
    """What interval readings tell of the load, with the number of accounts they tell it of."""
    load = facts.numbers.get("load")
    if not load:
        return []
    among = {"count": facts.say(load["accounts"], "count")}
    rows = [
        (_("Load factor of metered accounts, median"), load["load_factor"], _("Mean over highest power of 28 days of interval readings, %(count)s accounts")),
        (_("Load that never sleeps"), load["night_share"], _("Lowest power of the nights over the mean power, the middle one of %(count)s accounts")),
        (_("Drawn together"), load["together"], _("Highest hour of all %(count)s accounts together over the sum of their own peaks")),
    ]  # fmt: skip
    return [(name, facts.say(value, "share"), how % among) for name, value, how in rows if value is not None]


def _day(facts):
    """The average day of the accounts that are read by interval."""
    load = facts.numbers.get("load")
    if not load:
        return None
    high, low = (pick(range(24), key=lambda hour: load["hours"][hour]) for pick in (max, min))
    takeaway = _("Together they draw most from %(high)s, %(most)s, and least from %(low)s, %(least)s.") % {
        "high": HOURS[high], "most": facts.say(load["hours"][high], "kw"), "low": HOURS[low], "least": facts.say(load["hours"][low], "kw"),
    }  # fmt: skip
    title = _("Average day of the %(count)s accounts read by interval") % {"count": facts.say(load["accounts"], "count")}
    return Chart("day_curve", title, "line", "kw", HOURS, (Series(_("Mean power"), tuple(load["hours"])),), takeaway=takeaway)


def _has_industry(facts):
    return (facts.value("industry_known") or 0) > 0 and bool(facts.rows("by_industry"))


def _top(facts, name, figure):
    """(key, value, share of the whole) of the largest row; None where nothing is known."""
    column = {key: value for key, value in facts.column(name, figure).items() if value}
    if not column:
        return None
    key = max(column, key=lambda each: column[each])
    return key, column[key], column[key] / sum(column.values())


def _largest(facts):
    if not (top := _top(facts, "by_category", "kwh_12m")):
        return ""
    return _("%(category)s uses %(share)s of all kWh.") % {
        "category": facts.word("by_category", top[0]),
        "share": facts.say(top[2], "share"),
    }


def _sentences(facts):
    first = ngettext(
        "%(accounts)s account is open%(trend)s; %(opened)s opened and %(closed)s closed in 12 months.",
        "%(accounts)s accounts of %(customers)s customers are open%(trend)s; %(opened)s were opened and %(closed)s closed in 12 months.", facts.count("accounts")) % {
        "accounts": facts.told("accounts"), "customers": facts.told("customers"), "trend": facts.trend("accounts"),
        "opened": facts.told("opened_12m"), "closed": facts.told("closed_12m"),
    }  # fmt: skip
    return (first, _second(facts), _third(facts))


def _second(facts):
    top = _top(facts, "by_category", "kwh_12m")
    if top is None:
        return _("No use is known for these accounts in the last 12 complete months.")
    return _("They used %(kwh)s in 12 months%(trend)s; %(category)s alone used %(share)s of it.") % {
        "kwh": facts.told("kwh_12m"), "trend": facts.trend("kwh_12m"), "category": facts.word("by_category", top[0]), "share": facts.say(top[2], "share"),
    }  # fmt: skip


def _third(facts):
    if facts.value("price_sensitivity") is not None:
        return _("Of the %(risen)s accounts whose average price rose by 5 %% or more, %(fell)s used at least 5 %% less; at a steady price %(steady)s did.") % {
            "risen": facts.told("price_risen"), "fell": facts.told("price_risen_fell"), "steady": facts.told("price_steady_fell"),
        }  # fmt: skip
    if facts.value("substitute_share") is not None:
        return _("%(share)s of the open accounts have PV, storage, a captive plant or gas of their own.") % {
            "share": facts.told("substitute_share")
        }
    return (
        _("The account with the highest demand reached %(kw)s.") % {"kw": facts.told("largest_demand")}
        if facts.value("largest_demand")
        else _("%(grown)s accounts used at least 10 %% more than the year before, %(shrunk)s at least 10 %% less.")
        % {"grown": facts.told("grown"), "shrunk": facts.told("shrunk")}
    )


def _actions(facts):
    told = []
    if (facts.value("price_sensitivity") or 0) > NOTABLE:
        told.append(
            ngettext(
                "Offer time-of-use advice to the %(count)s account whose average price rose by 5 %% or more.",
                "Offer time-of-use advice to the %(count)s accounts whose average price rose by 5 %% or more.",
                facts.count("price_risen"),
            )
            % {"count": facts.told("price_risen")}
        )
    if facts.value("near_capacity"):
        told.append(
            ngettext(
                "Speak with the %(count)s account above 95 %% of its contract capacity about an increase.",
                "Speak with the %(count)s accounts above 95 %% of their contract capacity about an increase.",
                facts.count("near_capacity"),
            )
            % {"count": facts.told("near_capacity")}
        )
    if facts.value("opened_12m"):
        told.append(
            ngettext(
                "Greet the %(count)s account opened in 12 months and note its industry and plans.",
                "Greet the %(count)s accounts opened in 12 months and note their industry and plans.",
                facts.count("opened_12m"),
            )
            % {"count": facts.told("opened_12m")}
        )
    if not told:
        told.append(_("Keep customer records complete: industry, own generation and contract capacity carry the next report."))
    return tuple(told)


def _missing(facts):
    told = []
    if (facts.value("industry_known") or 0) < LITTLE_KNOWN:
        told.append(
            _("Industry: known for %(share)s of the open accounts only.")
            % {"share": facts.say(facts.value("industry_known") or 0, "share")}
        )
    if facts.value("revenue_12m") is None:
        told.append(_("Money: the bills carry kWh only, so revenue and price sensitivity are left out."))
    elif facts.value("price_sensitivity") is None:
        told.append(_("Price sensitivity: two full years of bills with money are needed on both sides of the comparison."))
    if len(facts.rows("by_area")) < 2:
        told.append(_("Urban and rural: all accounts lie in units of one kind."))
    if not facts.numbers.get("load"):
        told.append(_("Load by the hour: no account of this scope has interval readings in the four weeks before."))
    if not facts.has["tickets"]:
        told.append(_("Service needs: no ticket is recorded in the last two years."))
    return tuple(told)
