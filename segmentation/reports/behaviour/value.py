"""Chapter 6: what customers are worth, who moves, and what to offer."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from segmentation.reports.contributions import contributed
from segmentation.reports.document import Chapter, Chart, Column, Table
from segmentation.reports.facts import Facts, known
from segmentation.reports.figures import Breakdown
from segmentation.reports.figures.value import KEY
from segmentation.reports.words import words_of

NAME, TITLE = "value", gettext_lazy("Value")
WORTH = ("standings", "revenue_12m", "kwh_12m", "risk_revenue", "visited_share", "entitled_share")
TRAITS = ("key_median_kwh", "growth_median", "cv_median", "late_mean", "load_factor")
PLACE = "case coalesce({}, 'unscored') when 'diamond' then 1 when 'platinum' then 2 when 'gold' then 3 when 'silver' then 4 when 'standard' then 5 else 6 end"
TIERS = {1: "diamond", 2: "platinum", 3: "gold", 4: "silver", 5: "standard", 6: "unscored"}
QUADRANTS = "quadrant in ('key', 'potential_large', 'maintain', 'standard')"
BREAKDOWNS = (
    Breakdown("by_tier", PLACE.format("tier"), WORTH),
    Breakdown("by_quadrant", "quadrant", ("standings", "revenue_12m", "kwh_12m", "growth_median"), words="quadrant", where=QUADRANTS),
    Breakdown("key_traits", f"{KEY}", TRAITS, where="value_score is not null"),
    Breakdown("moves", f"{PLACE.format('previous_tier')} * 10 + {PLACE.format('tier')}", ("standings", "revenue_12m"), where="previous_tier is not null and previous_tier <> ''"),
    Breakdown("potential_by_unit", "branch", ("potential_large", "becoming_large"), words="unit", most=12, where="quadrant = 'potential_large'"),
)  # fmt: skip
ADVICE = (("advice_capacity", ""), ("advice_demand", "advice_demand_fen"), ("advice_factor", "advice_factor_fen"), ("advice_shift", ""))


def chapter(facts: Facts) -> Chapter:
    if not facts.value("scored"):
        return Chapter(name=NAME, title=str(TITLE), sentences=_sentences(facts), missing=_missing(facts))
    blocks, told = contributed(NAME, reader=facts.scope.reader, standings=facts.scope.standings(), as_of=facts.run.as_of)
    blocks = known(
        *facts.figures(
            "scored",
            "key_accounts",
            "key_revenue",
            "key_revenue_share",
            "key_kwh_share",
            "moved_up",
            "moved_down",
            "potential_large",
            "becoming_large",
        ),
        *by_tier(facts),
        facts.chart("by_quadrant", _("Accounts by quadrant"), "bar", "standings"),
        facts.table(
            "by_quadrant",
            _("Quadrants"),
            key=_("Quadrant"),
            link="quadrant={key}",
            note=_("60 points and above is high, unless the policy says otherwise."),
        ),
        _traits(facts),
        moves(facts),
        _services(facts),
        facts.table("potential_by_unit", _("Accounts of potential by unit"), key=_("Unit")),
        *blocks,
    )
    return Chapter(
        name=NAME, title=str(TITLE), sentences=_sentences(facts), blocks=blocks, actions=(*_actions(facts), *told), missing=_missing(facts)
    )


def by_tier(facts):
    """Accounts and revenue by tier, highest first."""
    rows = facts.rows("by_tier")
    if not rows:
        return ()
    figures = facts.breakdowns["by_tier"].figures
    places = [place for place in range(len(figures)) if any(row[place + 1] is not None for row in rows)]
    columns = tuple(Column(figures[place], facts.label(figures[place]), facts.unit(figures[place])) for place in places)
    words = [words_of("tier", TIERS[row[0]]) for row in rows]
    table = Table(
        name="by_tier", title=_("Tiers"), columns=(Column("tier", _("Tier"), "text"), *columns),
        rows=tuple((word, *[row[place + 1] for place in places]) for word, row in zip(words, rows, strict=True)),
        links=tuple(facts.link(f"tier={TIERS[row[0]]}") for row in rows) if facts.link("") else (),
    )  # fmt: skip
    money = facts.value("revenue_12m") is not None
    charted = [(word, row[2 if money else 3]) for word, row in zip(words, rows, strict=True) if row[0] != 6]
    chart = facts.drawn(
        "by_tier_chart", _("Revenue by tier") if money else _("kWh by tier"), "bar", "revenue_12m" if money else "kwh_12m", charted
    )
    return (chart, table)


def moves(facts, title=""):
    """From tier to tier since the run before, accounts that stayed included; None when there was no run before."""
    rows = facts.rows("moves")
    moved = [row for row in rows if row[0] // 10 != row[0] % 10]
    if not moved:
        return None
    flows = tuple(
        (
            _("%(tier)s · before") % {"tier": words_of("tier", TIERS[row[0] // 10])},
            _("%(tier)s · now") % {"tier": words_of("tier", TIERS[row[0] % 10])},
            row[1],
        )
        for row in moved
    )
    return Chart("moves", title or _("Moves between tiers, accounts"), "sankey", "count", flows=flows, takeaway=_moved(facts))


def _moved(facts):
    return _("%(up)s accounts moved up and %(down)s down.") % {"up": facts.told("moved_up"), "down": facts.told("moved_down")}


def _traits(facts):
    by = {bool(row[0]): row[1:] for row in facts.rows("key_traits")}
    if True not in by or False not in by:
        return None
    rows = [
        (facts.label(name), facts.say(by[True][place], facts.unit(name)), facts.say(by[False][place], facts.unit(name)))
        for place, name in enumerate(TRAITS)
        if by[True][place] is not None
    ]
    return Table(
        name="key_traits", title=_("Traits of high-value customers"), rows=tuple(rows),
        columns=(Column("trait", _("Trait"), "text"), Column("key", _("Gold and above"), "text"), Column("rest", _("The others"), "text")),
    )  # fmt: skip


def _services(facts):
    """Services that the facts ask for, with what they are expected to save the customer."""
    rows = [
        (facts.label(name), facts.value(name), facts.value(worth) if worth else None, facts.meaning(worth or name))
        for name, worth in ADVICE
        if facts.value(name)
    ]
    if not rows:
        return None
    return Table(
        name="services", title=_("Services to recommend"), rows=tuple(rows),
        columns=(
            Column("service", _("Service"), "text"), facts.head("accounts"), Column("worth", _("Expected saving a year"), "fen"),
            Column("how", _("How it is reckoned"), "text"),
        ),
    )  # fmt: skip


def _sentences(facts):
    if not facts.value("scored"):
        return (_("No account of this scope has a value score: it takes 12 months of kWh."),)
    share, whole = ("key_revenue_share", _("revenue")) if facts.value("key_revenue_share") is not None else ("key_kwh_share", _("kWh"))
    first = _("%(count)s accounts of gold and above bring %(share)s of all %(whole)s.") % {
        "count": facts.told("key_accounts"),
        "share": facts.told(share),
        "whole": whole,
    }
    second = _("Since the run before %(up)s accounts moved up and %(down)s down.") % {
        "up": facts.told("moved_up"),
        "down": facts.told("moved_down"),
    }
    third = _("%(count)s accounts have little value now and much potential; %(soon)s of them grow and fill their capacity.") % {
        "count": facts.told("potential_large"), "soon": facts.told("becoming_large"),
    }  # fmt: skip
    return (first, second, third)


def _actions(facts):
    told = []
    if facts.value("becoming_large"):
        told.append(
            _("Call on the %(count)s accounts about to become large and plan their supply with them.")
            % {"count": facts.told("becoming_large")}
        )
    if facts.value("moved_down"):
        told.append(_("Look into the %(count)s accounts that moved down.") % {"count": facts.told("moved_down")})
    if facts.value("advice_factor"):
        told.append(
            _("Offer compensation to the %(count)s accounts that pay for a low power factor: %(money)s a year.")
            % {"count": facts.told("advice_factor"), "money": facts.told("advice_factor_fen")}
        )
    if not told:
        told.append(_("Keep in touch with the %(count)s accounts of gold and above.") % {"count": facts.told("key_accounts")})
    return tuple(told)


def _missing(facts):
    told = []
    if not facts.value("scored"):
        told.append(_("Tiers, quadrants and moves: no account of this scope is scored."))
    elif facts.value("revenue_12m") is None:
        told.append(_("Revenue: the bills carry kWh only, so tiers are told by kWh."))
    if facts.value("scored") and not facts.rows("moves"):
        told.append(_("Movement between tiers: there is no earlier run to compare with."))
    return tuple(told)
