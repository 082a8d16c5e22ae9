"""The tier report: tiers now and then, moves with their revenue, where they stand, what is at risk, who is looked after, who moved and why."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.accounts.models import Account
from crm.people.masking import Reader
from segmentation.engine import explain
from segmentation.lake.store import quoted
from segmentation.reports.behaviour import value
from segmentation.reports.behaviour.value import PLACE, TIERS
from segmentation.reports.document import Chapter, Chart, Column, Table
from segmentation.reports.facts import Facts, known
from segmentation.reports.figures import Breakdown
from segmentation.reports.figures.value import RANK, RANK_BEFORE
from segmentation.reports.words import words_of

MOVERS = 20
WHERE = ("standings", "revenue_12m", "key_accounts", "moved_up", "moved_down", "risk_revenue")
RISK = ("standings", "revenue_12m", "high_risk", "risk_revenue")
LOOKED_AFTER = ("standings", "visited_share", "entitled_share")
BREAKDOWNS = (
    *[each for each in value.BREAKDOWNS if each.name in ("by_tier", "by_quadrant", "moves")],
    Breakdown("by_tier_before", PLACE.format("previous_tier"), ("standings", "revenue_then"), where="previous_tier is not null"),
    Breakdown("tiers_by_unit", "branch", WHERE, words="unit"),
    Breakdown("tiers_by_category", "category", WHERE, words="category"),
    Breakdown("tiers_by_manager", "coalesce(manager_id::varchar, '')", WHERE, words="person", most=30),
    Breakdown("risk_of_tier", PLACE.format("tier"), RISK),
    Breakdown("care_of_tier", PLACE.format("tier"), LOOKED_AFTER),
    Breakdown("promises_of_tier", PLACE.format("tier"), ("tickets", "promise_kept")),
)  # fmt: skip


def movers(session, scores) -> dict:
    """The accounts with the most revenue among those that changed tier, with their reasons as the run wrote them."""
    rows = session.execute(
        f"""select account_id, previous_tier, tier, value_score, revenue_12m_fen, kwh_12m from people where {RANK} <> {RANK_BEFORE}
        order by revenue_12m_fen desc nulls last, kwh_12m desc nulls last, account_id limit {MOVERS}"""
    ).fetchall()
    why = {}
    if rows:
        keys = ", ".join(str(row[0]) for row in rows)
        why = dict(
            session.execute(
                f"select account_id, reasons from read_parquet({quoted(scores)}, hive_partitioning = false) where account_id in ({keys})"
            ).fetchall()
        )
    return {"movers": [[*row, why.get(row[0])] for row in rows]}


def chapters(facts: Facts) -> tuple[Chapter, ...]:
    return (_standing(facts), _moves(facts), _where(facts), _risk(facts), _care(facts))


def _standing(facts):
    blocks = known(
        *facts.figures("standings", "scored", "key_accounts", "key_revenue", "key_revenue_share", "key_kwh_share"),
        *value.by_tier(facts),
        _now_and_then(facts),
        facts.chart("by_quadrant", _("Accounts by quadrant"), "bar", "standings", takeaway=value.of_quadrants(facts)),
        facts.table("by_quadrant", _("Quadrants"), key=_("Quadrant"), link="quadrant={key}"),
    )
    sentences = [
        _("%(scored)s of %(all)s accounts are scored.") % {"scored": facts.told("scored"), "all": facts.told("standings")},
        value.first_sentence(facts),
        ngettext(
            "%(count)s account has little value now and much potential.",
            "%(count)s accounts have little value now and much potential.",
            facts.count("potential_large"),
        )
        % {"count": facts.told("potential_large")},
    ]
    missing = [_("Revenue: the bills carry kWh only, so tiers are told by kWh.")] if facts.value("revenue_12m") is None else []
    return Chapter("standing", _("Tiers and quadrants"), tuple(sentences), blocks, missing=tuple(missing))


def _now_and_then(facts):
    before = {row[0]: row[1:] for row in facts.rows("by_tier_before")}
    if not before:
        return None
    now = {row[0]: row[1:] for row in facts.rows("by_tier")}
    money = facts.value("revenue_then") is not None
    columns = [Column("then", _("Accounts then"), "count"), Column("now", _("Accounts now"), "count")]
    if money:
        columns += [facts.head("revenue_then"), facts.head("revenue_12m")]
    rows, drill = [], []
    for place in sorted(now | before):
        (then, then_fen), (count, fen) = before.get(place, (0, None)), now.get(place, (0, None))[:2]
        rows.append((words_of("tier", TIERS[place]), then, count, *([then_fen, fen] if money else [])))
        links = [facts.link(f"tier_before={TIERS[place]}") if facts.own_moves else "", facts.link(f"tier={TIERS[place]}")]
        drill.append(("", *links, *(links if money else [])))
    note = _("Then: %(day)s, run %(run)s.") % {"day": facts.against.as_of, "run": facts.against.pk} if facts.against else ""
    return Table(
        "now_and_then",
        _("Tiers then and now"),
        (Column("tier", _("Tier"), "text"), *columns),
        tuple(rows),
        note=note,
        drill=tuple(drill) if any(map(any, drill)) else (),
    )


def _moves(facts):
    rows = [row for row in facts.rows("moves") if row[0] // 10 != row[0] % 10]
    blocks = known(
        *facts.figures("moved_up", "moved_down", "revenue_up", "revenue_down"),
        value.moves(facts),
        _revenue_moved(facts, rows),
        _pairs(facts, rows),
        _movers(facts),
    )
    sentences = [_("%(up)s accounts moved up and %(down)s down.") % {"up": facts.told("moved_up"), "down": facts.told("moved_down")}]
    if facts.value("revenue_up") is not None or facts.value("revenue_down") is not None:
        sentences.append(_money_moved(facts))
    actions = (
        [
            ngettext(
                "Ask the manager of the %(count)s account that moved down what happened.",
                "Ask the managers of the %(count)s accounts that moved down what happened.",
                facts.count("moved_down"),
            )
            % {"count": facts.told("moved_down")}
        ]
        if facts.value("moved_down")
        else []
    )
    missing = [] if facts.rows("moves") else [_("Movement between tiers: there is no earlier run to compare with.")]
    return Chapter("moves", _("Moves"), tuple(sentences), blocks if rows else (), tuple(actions), tuple(missing))


def _revenue_moved(facts, rows):
    flows = tuple((words_of("tier", TIERS[row[0] // 10]), words_of("tier", TIERS[row[0] % 10]), row[2]) for row in rows if row[2])
    if not flows:
        return None
    title = _("Moves between tiers, revenue of 12 months")
    return Chart("revenue_moved", title, "sankey", "fen", flows=flows, takeaway=value.most_moved(facts, flows, "fen"), **value.in_tiers())


def _money_moved(facts):
    said = {"up": facts.say(facts.value("revenue_up") or 0, "fen"), "down": facts.say(facts.value("revenue_down") or 0, "fen")}
    return _("Revenue of %(up)s moved up with them, %(down)s down.") % said


def _pairs(facts, rows):
    """Every move with the accounts that made it. The portfolio remembers only the tier of the run before, so other comparisons have no rows there."""
    if not rows:
        return None
    links = [facts.link(f"tier_before={TIERS[row[0] // 10]}&tier={TIERS[row[0] % 10]}") if facts.own_moves else "" for row in rows]
    words = [(words_of("tier", TIERS[row[0] // 10]), words_of("tier", TIERS[row[0] % 10])) for row in rows]
    return Table(
        name="pairs", title=_("Every move"), rows=tuple((*pair, row[1], row[2]) for pair, row in zip(words, rows, strict=True)),
        columns=(Column("before", _("Tier before"), "text"), Column("now", _("Tier now"), "text"), facts.head("standings"), facts.head("revenue_12m")),
        links=tuple(links) if any(links) else (), drill=tuple(("", "", link, link) for link in links) if any(links) else (),
    )  # fmt: skip


def _movers(facts):
    """The largest accounts that moved, and what the run says lifts or pulls them. Names as the reader may read them."""
    rows = facts.numbers.get("movers") or []
    reader = facts.scope.reader
    accounts = Account.objects.visible_to(reader).select_related("customer").in_bulk([row[0] for row in rows])
    named = Reader(user=reader)
    shown, links = [], []
    for key, before, now, score, fen, kwh, reasons in rows:
        if (account := accounts.get(key)) is None:
            continue
        why = _why(reasons, up=_place(now) < _place(before), language="zh-hans" if facts.chinese else "en")
        shown.append((account.number, named.name(account.customer), words_of("tier", before), words_of("tier", now), score, fen, kwh, why))
        links.append(reverse("crm:account-detail", args=[key]))
    if not shown:
        return None
    return Table(
        name="movers", title=_("Largest accounts that moved, and why"), rows=tuple(shown), links=tuple(links),
        columns=(
            Column("number", _("Account"), "text"), Column("customer", _("Customer"), "text"), Column("before", _("Tier before"), "text"), Column("now", _("Tier now"), "text"),
            Column("score", _("Value"), "score"), facts.head("revenue_12m"), facts.head("kwh_12m"), Column("why", _("Why"), "text"),
        ),
    )  # fmt: skip


def _place(tier):
    return next((place for place, name in TIERS.items() if name == tier), len(TIERS))


def _why(reasons, *, up, language):
    told = explain.words(reasons, language) if reasons else {}
    listed = told.get("lifts" if up else "pulls") or told.get("risk") or []
    return next((each["text"] if isinstance(each, dict) else str(each) for each in listed), "")


def _where(facts):
    blocks = known(
        facts.table("tiers_by_unit", _("By unit"), key=_("Unit"), link="unit={key}"),
        facts.chart("tiers_by_unit", _("Revenue by unit"), "bar", "revenue_12m", horizontal=True, most=12),
        facts.table("tiers_by_category", _("By category"), key=_("Category"), link="category={key}"),
        facts.table(
            "tiers_by_manager",
            _("By customer manager"),
            key=_("Customer manager"),
            link="manager={key}",
            note=_("The managers with the most accounts, at most 30."),
        ),
    )
    units, sentences = facts.rows("tiers_by_unit"), []
    if units:
        most = max(units, key=lambda row: row[3] or 0)
        sentences.append(
            _("%(unit)s has the most accounts of gold and above: %(count)s of %(all)s.")
            % {"unit": facts.word("tiers_by_unit", most[0]), "count": facts.say(most[3], "count"), "all": facts.told("key_accounts")}
        )
    nobody = facts.column("tiers_by_manager", "standings").get("", 0)
    if nobody:
        told = ngettext("%(count)s account has no customer manager.", "%(count)s accounts have no customer manager.", nobody)
        sentences.append(told % {"count": facts.say(nobody, "count")})
    else:
        sentences.append(_("Every account has a customer manager."))
    return Chapter("where", _("Units, categories and managers"), tuple(sentences), blocks)


def _of_tier(facts, name, title, also="", takeaway=""):
    """Figures by tier; `also` narrows what the head of a row leads to."""
    rows = facts.rows(name)
    figures = facts.breakdowns[name].figures
    places = [place for place in range(len(figures)) if any(row[place + 1] is not None for row in rows)]
    if not rows or not places:
        return None
    queries = [f"tier={TIERS[row[0]]}" for row in rows]
    return Table(
        name=name, title=title, takeaway=takeaway, columns=(Column("tier", _("Tier"), "text"), *[facts.head(figures[place]) for place in places]),
        rows=tuple((words_of("tier", TIERS[row[0]]), *[row[place + 1] for place in places]) for row in rows),
        links=facts.links([query + also for query in queries]), drill=facts.drill(queries, [figures[place] for place in places]),
    )  # fmt: skip


def _risk(facts):
    blocks = known(
        *facts.figures("high_risk", "risk_revenue", "risk_kwh"),
        facts.drawn(
            "risk_chart",
            _("Revenue at high risk by tier"),
            "bar",
            "risk_revenue",
            [(words_of("tier", TIERS[row[0]]), row[4] or 0) for row in facts.rows("risk_of_tier")],
        ),
        _of_tier(facts, "risk_of_tier", _("At high risk by tier"), also="&risk_band=high"),
    )
    key = sum((row[4] or 0) for row in facts.rows("risk_of_tier") if row[0] <= 3)
    worth = facts.told("risk_revenue") if facts.value("revenue_12m") is not None else facts.say(facts.value("risk_kwh") or 0, "kwh")
    if facts.value("revenue_12m") is not None:
        first = ngettext(
            "%(count)s account stands at high risk; its revenue of 12 months is %(worth)s.",
            "%(count)s accounts stand at high risk; their revenue of 12 months is %(worth)s.",
            facts.count("high_risk"),
        )
    else:
        first = ngettext(
            "%(count)s account stands at high risk; it used %(worth)s in 12 months.",
            "%(count)s accounts stand at high risk; they used %(worth)s in 12 months.",
            facts.count("high_risk"),
        )
    sentences = [first % {"count": facts.told("high_risk"), "worth": worth}]
    if facts.value("risk_revenue"):
        sentences.append(
            _("%(money)s of it belongs to gold and above.") % {"money": facts.say(key, "fen")}
            if key
            else _("None of it belongs to gold and above.")
        )
    missing = [_("Revenue at risk: the bills carry kWh only.")] if facts.value("revenue_12m") is None else []
    return Chapter("at_risk", _("Revenue at risk"), tuple(sentences), blocks, missing=tuple(missing))


def _visited(facts):
    """Whether those worth most are visited most."""
    rows = {row[0]: row[2] for row in facts.rows("care_of_tier") if row[0] <= 5 and row[2] is not None}
    if len(rows) < 2:
        return ""
    first, last = min(rows), max(rows)
    return _("Of %(high)s %(share)s were visited in 12 months, of %(low)s %(rest)s.") % {
        "high": words_of("tier", TIERS[first]), "share": facts.say(rows[first], "share"),
        "low": words_of("tier", TIERS[last]), "rest": facts.say(rows[last], "share"),
    }  # fmt: skip


def _care(facts):
    blocks = known(
        *facts.figures("visited_share", "entitled_share", "promise_kept"),
        _of_tier(facts, "care_of_tier", _("Visited and entitled by tier"), takeaway=_visited(facts)),
        _of_tier(facts, "promises_of_tier", _("Promised clocks met by tier, 12 months")),
    )
    sentences, missing = [], []
    if facts.value("visited_share") is None:
        missing.append(_("Visits: none is recorded."))
    else:
        sentences.append(_("%(share)s of the accounts were visited in 12 months.") % {"share": facts.told("visited_share")})
    if facts.value("entitled_share") is None:
        missing.append(_("Green channels: none has been granted."))
    else:
        sentences.append(_("%(share)s have a green channel in force.") % {"share": facts.told("entitled_share")})
    if facts.value("promise_kept") is None:
        missing.append(_("Promises: no ticket carries a promised time."))
    else:
        sentences.append(_("%(share)s of the promised times of 12 months were met.") % {"share": facts.told("promise_kept")})
    return Chapter("care", _("Coverage"), tuple(sentences), blocks, missing=tuple(missing))


TITLE = gettext_lazy("Tier report")
