"""Chapter 6: what customers are worth, who moves, and what to offer."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

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
    more = contributed(NAME, reader=facts.scope.reader, standings=facts.scope.standings(), as_of=facts.run.as_of)
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
        facts.chart("by_quadrant", _("Accounts by quadrant"), "bar", "standings", takeaway=of_quadrants(facts)),
        facts.table(
            "by_quadrant",
            _("Quadrants"),
            key=_("Quadrant"),
            link="quadrant={key}",
            note=_method(facts),
        ),
        _traits(facts),
        moves(facts),
        _services(facts),
        facts.table("potential_by_unit", _("Accounts of potential by unit"), key=_("Unit")),
        *more.blocks,
    )
    return Chapter(
        name=NAME, title=str(TITLE), sentences=_sentences(facts), blocks=blocks, actions=(*_actions(facts), *more.actions),
        missing=(*_missing(facts), *more.missing),
    )  # fmt: skip


def of_quadrants(facts):
    rows = {row[0]: row[1] for row in facts.rows("by_quadrant")}
    return _("%(potential)s accounts have potential beyond what they are worth now; %(key)s are worth much and may become more.") % {
        "potential": facts.say(rows.get("potential_large", 0), "count"), "key": facts.say(rows.get("key", 0), "count"),
    }  # fmt: skip


def by_tier(facts):
    """Accounts and revenue by tier, highest first."""
    rows = facts.rows("by_tier")
    if not rows:
        return ()
    figures = facts.breakdowns["by_tier"].figures
    places = [place for place in range(len(figures)) if any(row[place + 1] is not None for row in rows)]
    columns = tuple(Column(figures[place], facts.label(figures[place]), facts.unit(figures[place])) for place in places)
    words, queries = [words_of("tier", TIERS[row[0]]) for row in rows], [f"tier={TIERS[row[0]]}" for row in rows]
    table = Table(
        name="by_tier", title=_("Tiers"), columns=(Column("tier", _("Tier"), "text"), *columns),
        rows=tuple((word, *[row[place + 1] for place in places]) for word, row in zip(words, rows, strict=True)),
        links=facts.links(queries), drill=facts.drill(queries, [figures[place] for place in places]), note=_method(facts),
    )  # fmt: skip
    money = facts.value("revenue_12m") is not None
    charted = [(word, row[2 if money else 3]) for word, row in zip(words, rows, strict=True) if row[0] != 6]
    chart = facts.drawn(
        "by_tier_chart", _("Revenue by tier") if money else _("kWh by tier"), "bar", "revenue_12m" if money else "kwh_12m", charted,
        takeaway=_of_highest(facts, rows, words),
    )  # fmt: skip
    return (chart, table)


def moves(facts, title=""):
    """From tier to tier since the run before, accounts that stayed included; None when there was no run before."""
    rows = facts.rows("moves")
    moved = [row for row in rows if row[0] // 10 != row[0] % 10]
    if not moved:
        return None
    flows = tuple((words_of("tier", TIERS[row[0] // 10]), words_of("tier", TIERS[row[0] % 10]), row[1]) for row in moved)
    return Chart(
        "moves",
        title or _("Moves between tiers, accounts"),
        "sankey",
        "count",
        flows=flows,
        takeaway=most_moved(facts, flows, "count"),
        **in_tiers(),
    )


def _of_highest(facts, rows, words):
    """What the highest tier with accounts in it brings."""
    place = 1 if facts.value("revenue_12m") is not None else 2
    whole, first = sum(row[place + 1] or 0 for row in rows), rows[0]
    if not whole or first[0] == 6:
        return ""
    told = {"tier": words[0], "count": facts.say(first[1], "count"), "share": facts.say((first[place + 1] or 0) / whole, "share")}
    what = _("revenue") if place == 1 else _("kWh")
    return ngettext("%(tier)s: %(count)s account brings %(share)s of all %(what)s.", "%(tier)s: %(count)s accounts bring %(share)s of all %(what)s.", first[1]) % (
        told | {"what": what}
    )  # fmt: skip


def in_tiers() -> dict:
    """Order and colours of the tiers, for a chart of moves."""
    names = {words_of("tier", tier): tier if tier != "unscored" else "muted" for tier in TIERS.values()}
    return {"categories": tuple(names), "keys": names}


def _method(facts):
    """How value is reckoned, in short; the policy page has the rules and weights."""
    version = facts.run.value_policy.version if facts.run.value_policy else 1
    return _(
        "Points from 0 to 100 for what an account is worth now and what it may become, among its peers, by value policy %(version)s; "
        "60 and above is high unless the policy says otherwise."
    ) % {"version": version}


def most_moved(facts, flows, unit):
    before, now, value = max(flows, key=lambda flow: flow[2])
    told = {"before": before, "now": now, "value": facts.say(value, unit)}
    if unit == "fen":
        return _("The most revenue moved from %(before)s to %(now)s: %(value)s.") % told
    return _("The most accounts moved from %(before)s to %(now)s: %(value)s.") % told


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
        name="key_traits", title=_("Traits of high-value customers"), rows=tuple(rows), takeaway=_of_traits(facts, by),
        columns=(Column("trait", _("Trait"), "text"), Column("key", _("Gold and above"), "text"), Column("rest", _("The others"), "text")),
    )  # fmt: skip


def _of_traits(facts, by):
    """How they use power beside the others: their size and their growth."""
    kwh, rest = by[True][0], by[False][0]
    if not kwh or not rest or by[True][1] is None:
        return ""
    return _("An account of gold and above uses %(kwh)s a year, %(times)s times the others'; its use changed by %(growth)s.") % {
        "kwh": facts.say(kwh, "kwh"), "times": facts.say(kwh / rest, "score" if kwh < 100 * rest else "count"), "growth": facts.say(by[True][1], "share"),
    }  # fmt: skip


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
        name="services", title=_("Services to recommend"), rows=tuple(rows), takeaway=_of_services(facts, rows),
        columns=(
            Column("service", _("Service"), "text"), facts.head("accounts"), Column("worth", _("Expected saving a year"), "fen"),
            Column("how", _("How it is reckoned"), "text"),
        ),
    )  # fmt: skip


def _of_services(facts, rows):
    worth = sum(row[2] or 0 for row in rows)
    if not worth:
        return ""
    return _("The services that fit are expected to save customers %(money)s a year.") % {"money": facts.say(worth, "fen")}


def first_sentence(facts):
    share, whole = ("key_revenue_share", _("revenue")) if facts.value("key_revenue_share") is not None else ("key_kwh_share", _("kWh"))
    told = {"count": facts.told("key_accounts"), "share": facts.told(share), "whole": whole}
    return ngettext(
        "%(count)s account of gold and above brings %(share)s of all %(whole)s.",
        "%(count)s accounts of gold and above bring %(share)s of all %(whole)s.", facts.count("key_accounts"),
    ) % told  # fmt: skip


def _sentences(facts):
    if not facts.value("scored"):
        return (_("No account of this scope has a value score: it takes 12 months of kWh."),)
    first = first_sentence(facts)
    second = _("Since the run before %(up)s accounts moved up and %(down)s down.") % {
        "up": facts.told("moved_up"),
        "down": facts.told("moved_down"),
    }
    third = ngettext(
        "%(count)s account has little value now and much potential; %(soon)s of these grows and fills its capacity.",
        "%(count)s accounts have little value now and much potential; %(soon)s of them grow and fill their capacity.", facts.count("potential_large")) % {
        "count": facts.told("potential_large"), "soon": facts.told("becoming_large"),
    }  # fmt: skip
    return (first, second, third)


def _actions(facts):
    told = []
    if facts.value("becoming_large"):
        told.append(
            ngettext(
                "Call on the %(count)s account about to become large and plan its supply with it.",
                "Call on the %(count)s accounts about to become large and plan their supply with them.",
                facts.count("becoming_large"),
            )
            % {"count": facts.told("becoming_large")}
        )
    if facts.value("moved_down"):
        told.append(
            ngettext(
                "Look into the %(count)s account that moved down.",
                "Look into the %(count)s accounts that moved down.",
                facts.count("moved_down"),
            )
            % {"count": facts.told("moved_down")}
        )
    if facts.value("advice_factor"):
        told.append(
            ngettext(
                "Offer compensation to the %(count)s account that pays for a low power factor: %(money)s a year.",
                "Offer compensation to the %(count)s accounts that pay for a low power factor: %(money)s a year.",
                facts.count("advice_factor"),
            )
            % {"count": facts.told("advice_factor"), "money": facts.told("advice_factor_fen")}
        )
    if not told:
        told.append(
            ngettext(
                "Keep in touch with the %(count)s account of gold and above.",
                "Keep in touch with the %(count)s accounts of gold and above.",
                facts.count("key_accounts"),
            )
            % {"count": facts.told("key_accounts")}
        )
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
