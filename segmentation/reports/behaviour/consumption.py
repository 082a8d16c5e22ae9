"""Chapter 2: how much is used, when, what it costs, and what could be saved."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from segmentation.reports.document import Chapter, Chart, Column, Series, Table
from segmentation.reports.facts import Facts, known
from segmentation.reports.figures import Breakdown

NAME, TITLE = "consumption", gettext_lazy("Consumption")
BANDS = ("sharp_kwh", "peak_kwh", "flat_kwh", "valley_kwh", "deep_valley_kwh")
PARTS = ("basic_fen", "energy_fen", "adjustment_fen", "funds_fen")
BREAKDOWNS = (
    Breakdown("by_month", "period", ("kwh", "billed", *BANDS, *PARTS, "average_price", "average_bill"), words="month", windowed=False),
    Breakdown("by_quarter", "year(period) || 'Q' || quarter(period)", ("kwh", "billed"), words="quarter", windowed=False),
    Breakdown("by_year", "year(period)::varchar", ("kwh", "billed"), windowed=False),
    Breakdown("bands_by_category", "category", BANDS, words="category"),
    Breakdown("prices_by_category", "category", ("average_price", "peak_share", "valley_share", "shift_kwh", "basic_share", "penalties"), words="category"),
    Breakdown("load_factors", "least(floor(load_factor * 10) / 10, 0.9)", ("accounts",), where="load_factor is not null and is_open"),
    Breakdown(
        "loads_by_category", "category",
        ("load_factor", "largest_demand", "smallest_demand", "variability", "unsteady", "idle_capacity", "near_capacity", "grown", "shrunk"), words="category",
    ),
)  # fmt: skip


def chapter(facts: Facts) -> Chapter:
    blocks = known(
        *facts.figures("kwh", "billed", "average_price", "average_bill", "peak_share", "valley_share", "load_factor", "variability"),
        _two_years(facts),
        facts.table("by_month", _("By month"), key=_("Month"), figures=("kwh", "billed", "average_price", "average_bill")),
        facts.table("by_quarter", _("By quarter"), key=_("Quarter")),
        facts.table("by_year", _("By year"), key=_("Year"), note=_("The first and the last year may be incomplete.")),
        _last_months(facts, "bands_by_month", _("kWh by price band"), "stacked", BANDS) if facts.value("peak_share") is not None else None,
        facts.table("bands_by_category", _("Price bands by category"), key=_("Category"))
        if facts.value("peak_share") is not None
        else None,
        _load_factors(facts),
        facts.table("loads_by_category", _("Load by category"), key=_("Category")),
        _last_months(facts, "parts_by_month", _("What bills are made of"), "stacked", PARTS),
        _last_months(facts, "price_by_month", _("Average price, yuan/kWh"), "line", ("average_price",)),
        *facts.figures("basic_share", "energy_share", "penalties", "shift_kwh"),
        facts.table("prices_by_category", _("Price and response by category"), key=_("Category"))
        if facts.value("average_price") is not None
        else None,
        _potential(facts),
    )
    return Chapter(
        name=NAME, title=str(TITLE), sentences=_sentences(facts), blocks=blocks, actions=_actions(facts), missing=_missing(facts)
    )


def _two_years(facts):
    """This year's months over the same months a year before."""
    months = facts.column("by_month", "kwh")
    shown = sorted(months)[-12:]
    if len(shown) < 2:
        return None
    before = tuple(months.get(f"{int(month[:4]) - 1}{month[4:]}") for month in shown)
    series = [Series(_("Last 12 months"), tuple(months[month] for month in shown))]
    if any(value is not None for value in before):
        series.append(Series(_("A year before"), before))
    change = facts.change("kwh")
    takeaway = _("12 months: %(kwh)s%(trend)s.") % {"kwh": facts.told("kwh"), "trend": facts.trend("kwh")} if change is not None else ""
    return Chart(
        "kwh_by_month",
        _("kWh by month"),
        "line",
        "kwh",
        tuple(month[:7] for month in shown),
        tuple(series),
        takeaway=takeaway,
        x_unit="month",
    )


def _last_months(facts, called, title, kind, figures):
    rows = facts.rows("by_month")[-12:]
    series = []
    for figure in figures:
        values = tuple(facts.column("by_month", figure)[row[0]] for row in rows)
        if any(values):
            series.append(Series(facts.label(figure), values, figure.removesuffix("_kwh") if figure in BANDS else ""))
    if not series or len(rows) < 2:
        return None
    unit = "ratio" if figures == ("average_price",) else "kwh" if figures[0].endswith("kwh") else "fen"
    return Chart(
        called, title, kind, unit, tuple(row[0][:7] for row in rows), tuple(series), x_unit="month", takeaway=_takeaway(facts, called)
    )


def _takeaway(facts, called):
    if called == "bands_by_month" and facts.value("peak_share") is not None:
        return _("Sharp and peak hours take %(peak)s, valley hours %(valley)s.") % {
            "peak": facts.told("peak_share"),
            "valley": facts.told("valley_share"),
        }
    if called == "price_by_month" and facts.value("average_price") is not None:
        return _("%(price)s yuan/kWh over 12 months%(trend)s.") % {
            "price": facts.told("average_price"),
            "trend": facts.trend("average_price"),
        }
    if called == "parts_by_month" and facts.value("basic_share") is not None:
        return _("The basic charge is %(basic)s of the bill, the energy charge %(energy)s.") % {
            "basic": facts.told("basic_share"),
            "energy": facts.told("energy_share"),
        }
    return ""


def _load_factors(facts):
    rows = facts.rows("load_factors")
    if len(rows) < 2:
        return None
    return Chart(
        "load_factors_chart", _("Accounts by load factor"), "bar", "count",
        tuple(f"{row[0] * 100:.0f}–{row[0] * 100 + 10:.0f} %" for row in rows), (Series(facts.label("accounts"), tuple(row[1] for row in rows)),),
        takeaway=_("The account in the middle has a load factor of %(share)s.") % {"share": facts.told("load_factor")},
    )  # fmt: skip


def _potential(facts):
    """What could be saved, with the arithmetic of every line."""
    rows = []
    if facts.value("penalties"):
        how = _("sum of the positive power-factor adjustments of 12 months")
        rows.append((_("Power factor brought to the standard"), facts.told("penalties"), how))
    if facts.value("shift_kwh"):
        how = _("5 %% of %(kwh)s in sharp and peak hours; worth the difference of the band prices, which the plan sets") % {
            "kwh": facts.say(facts.value("shift_kwh") / 0.05, "kwh")
        }
        rows.append((_("Use moved from peak to valley hours"), facts.told("shift_kwh"), how))
    if facts.value("idle_capacity"):
        how = _("accounts whose highest demand is under 40 % of the contract capacity: demand billing or a reduction of capacity would fit")
        rows.append((_("Basic charge on idle capacity"), _("%(count)s accounts") % {"count": facts.told("idle_capacity")}, how))
    if not rows:
        return None
    return Table(
        name="potential", title=_("Saving: potential and its arithmetic"), rows=tuple(rows), takeaway=_saved(facts),
        columns=(Column("measure", _("Measure"), "text"), Column("potential", _("Potential"), "text"), Column("how", _("Arithmetic"), "text")),
    )  # fmt: skip


def _saved(facts):
    if facts.value("penalties"):
        return _("Customers could save %(money)s a year by a better power factor alone.") % {"money": facts.told("penalties")}
    if facts.value("shift_kwh"):
        return _("%(kwh)s a year could move from peak to valley hours.") % {"kwh": facts.told("shift_kwh")}
    return ""


def _sentences(facts):
    if facts.value("kwh") is None:
        return (_("No bill of the last 12 complete months is known for these accounts."),)
    first = _("%(kwh)s were billed in 12 months%(trend)s; %(grown)s accounts grew and %(shrunk)s shrank by 10 %% or more.") % {
        "kwh": facts.told("kwh"), "trend": facts.trend("kwh"), "grown": facts.told("grown"), "shrunk": facts.told("shrunk"),
    }  # fmt: skip
    return (first, _second(facts), _third(facts))


def _second(facts):
    if facts.value("peak_share") is not None:
        return _("Sharp and peak hours take %(peak)s of the kWh read by band and valley hours %(valley)s; a year before it was %(before)s in valley hours.") % {
            "peak": facts.told("peak_share"), "valley": facts.told("valley_share"), "before": facts.say(facts.before("valley_share"), "share"),
        }  # fmt: skip
    months = facts.column("by_month", "kwh")
    shown = sorted(months)[-12:]
    high, low = max(shown, key=lambda month: months[month] or 0), min(shown, key=lambda month: months[month] or 0)
    return _("The highest month was %(high)s with %(most)s, the lowest %(low)s with %(least)s.") % {
        "high": high[:7], "most": facts.say(months[high], "kwh"), "low": low[:7], "least": facts.say(months[low], "kwh"),
    }  # fmt: skip


def _third(facts):
    if facts.value("average_price") is not None:
        return _("The average price is %(price)s yuan/kWh%(trend)s; %(penalties)s was paid for low power factors.") % {
            "price": facts.told("average_price"), "trend": facts.trend("average_price"), "penalties": facts.say(facts.value("penalties") or 0, "fen"),
        }  # fmt: skip
    return _("The months of the account in the middle vary by %(cv)s of their mean; %(unsteady)s accounts vary by more than half.") % {
        "cv": facts.told("variability"), "unsteady": facts.told("unsteady"),
    }  # fmt: skip


def _actions(facts):
    told = []
    if facts.value("low_power_factor"):
        told.append(
            ngettext(
                "Advise the %(count)s account with a power factor below 0.90 on compensation.",
                "Advise the %(count)s accounts with a power factor below 0.90 on compensation.",
                facts.count("low_power_factor"),
            )
            % {"count": facts.told("low_power_factor")}
        )
    if facts.value("idle_capacity"):
        told.append(
            ngettext(
                "Check billing by demand or a reduction for the %(count)s account with mostly idle capacity.",
                "Check billing by demand or a reduction for the %(count)s accounts with mostly idle capacity.",
                facts.count("idle_capacity"),
            )
            % {"count": facts.told("idle_capacity")}
        )
    if facts.value("shift_kwh"):
        told.append(_("Offer load shifting by category: %(kwh)s could move to valley hours.") % {"kwh": facts.told("shift_kwh")})
    if facts.value("shrunk"):
        told.append(
            ngettext(
                "Ask the %(count)s account down by 10 %% or more for the reason.",
                "Ask the %(count)s accounts down by 10 %% or more for the reason.",
                facts.count("shrunk"),
            )
            % {"count": facts.told("shrunk")}
        )
    return tuple(told)


def _missing(facts):
    told = []
    if facts.value("billed") is None:
        told.append(_("Money: the bills carry kWh only, so prices and the composition of bills are left out."))
    elif facts.value("basic_share") is None:
        told.append(_("Composition of bills: no bill says its parts."))
    if facts.value("peak_share") is None:
        told.append(_("Price bands: no bill is read by band."))
    if facts.value("load_factor") is None:
        told.append(_("Load factor and demand: no bill carries a highest demand."))
    if len(facts.rows("by_month")) < 24:
        told.append(
            _("Comparison with the year before: %(months)s months of bills are known, 24 are needed.")
            % {"months": len(facts.rows("by_month"))}
        )
    told.append(_("Saving measures carried out: not recorded as such; only what bills show of them is told."))
    return tuple(told)
