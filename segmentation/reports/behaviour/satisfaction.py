"""Chapter 4: what customers asked and complained about, how fast and how well they were answered."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from segmentation.reports.document import Chapter, Column, Table
from segmentation.reports.facts import Facts, known
from segmentation.reports.figures import Breakdown

NAME, TITLE = "satisfaction", gettext_lazy("Satisfaction")
OF_CLASS = ("complaints", "answer_hours_median", "promise_kept", "reopened_share", "satisfaction")
OF_COMPLAINTS = "kind = 'complaint'"
ANSWERED = ("tickets", "answer_hours_median", "answer_hours_p90", "promise_kept", "reopened_share", "satisfaction")
BREAKDOWNS = (
    Breakdown("tickets_by_month", "date_trunc('month', opened_at)::date", ("complaints", "tickets", "promise_kept", "satisfaction"), words="month", where="months_ago < 12"),
    Breakdown("tickets_by_channel", "channel", ANSWERED, words="channel", most=12),
    Breakdown("tickets_by_unit", "branch", ("complaints", *ANSWERED), words="unit", most=15),
    Breakdown("complaints_by_class", "category", OF_CLASS, words="class", where=OF_COMPLAINTS, most=12),
    Breakdown("complaints_by_cause", "root_cause", ("complaints", "reopened_share", "satisfaction"), words="cause", where=f"{OF_COMPLAINTS} and root_cause <> ''", most=12),
    Breakdown("tickets_by_kind", "kind", ("tickets", "promise_kept", "satisfaction"), words="kind", most=12),
)  # fmt: skip
COMPARED = ("complaints", "answer_hours_median", "answer_hours_p90", "promise_kept", "reopened_share", "satisfaction", "satisfied_share")
LOWER_IS_BETTER = {"complaints", "answer_hours_median", "answer_hours_p90", "reopened_share"}
FEW, BEHIND = 5, 0.02


def chapter(facts: Facts) -> Chapter:
    if not facts.value("tickets"):
        return Chapter(name=NAME, title=str(TITLE), sentences=_sentences(facts), missing=_missing(facts))
    blocks = known(
        *facts.figures(
            "tickets",
            "complaints",
            "answer_hours_median",
            "answer_hours_p90",
            "promise_kept",
            "reopened_share",
            "satisfaction",
            "satisfied_share",
        ),
        facts.chart("tickets_by_month", _("Complaints by month"), "bar", "complaints", takeaway=_peak(facts)),
        facts.chart(
            "tickets_by_month", _("Answered in time by month"), "line", "promise_kept", takeaway=_kept(facts), called="kept_by_month"
        ),
        facts.chart("tickets_by_channel", _("Tickets by channel"), "pie", "tickets"),
        facts.table("tickets_by_channel", _("Answers by channel"), key=_("Channel")),
        facts.table("tickets_by_unit", _("Answers by unit"), key=_("Unit"), note=_("The units with the most complaints, at most 15.")),
        facts.chart("complaints_by_class", _("Complaints by class"), "bar", "complaints", horizontal=True),
        facts.table("complaints_by_class", _("Complaints by class, with answers"), key=_("Class")),
        *_pareto(facts),
        facts.table("tickets_by_kind", _("Tickets by kind"), key=_("Kind")),
        _improved(facts),
    )
    return Chapter(
        name=NAME, title=str(TITLE), sentences=_sentences(facts), blocks=blocks, actions=_actions(facts), missing=_missing(facts)
    )


def _peak(facts):
    months = facts.column("tickets_by_month", "complaints")
    if not any(months.values()):
        return ""
    high = max(months, key=lambda month: months[month])
    return _("Most complaints came in %(month)s: %(count)s; %(share)s of the year's.") % {
        "month": facts.word("tickets_by_month", high), "count": facts.say(months[high], "count"), "share": facts.say(months[high] / sum(months.values()), "share"),
    }  # fmt: skip


def _kept(facts):
    if facts.value("promise_kept") is None:
        return ""
    return _("%(share)s were answered in time, %(missed)s promises were missed.") % {
        "share": facts.told("promise_kept"),
        "missed": facts.told("missed"),
    }


def _pareto(facts):
    """Root causes, the most frequent first, with the share that they and those before them make up."""
    rows = facts.rows("complaints_by_cause")
    if len(rows) < 2:
        return ()
    whole, so_far, table = sum(row[1] for row in rows), 0, []
    for row in rows:
        so_far += row[1]
        table.append((facts.word("complaints_by_cause", row[0]), row[1], so_far / whole, row[2]))
    few = next(place for place, row in enumerate(table, 1) if row[2] >= 0.8)
    takeaway = _("%(few)s of %(all)s root causes make up %(share)s of the complaints with a recorded cause.") % {
        "few": facts.say(few, "count"), "all": facts.say(len(table), "count"), "share": facts.say(table[few - 1][2], "share"),
    }  # fmt: skip
    pairs = [(row[0], row[1]) for row in table]
    return (
        facts.drawn("causes_chart", _("Root causes of complaints"), "bar", "complaints", pairs, horizontal=True, takeaway=takeaway),
        Table(
            name="causes", title=_("Root causes, most frequent first"), rows=tuple(table),
            columns=(Column("cause", _("Root cause"), "text"), facts.head("complaints"), Column("cumulated", _("Share up to here"), "share"), facts.head("reopened_share")),
        ),
    )  # fmt: skip


def _improved(facts):
    """Against the twelve months before: what got better, what got worse."""
    rows = []
    for name in COMPARED:
        now, before = facts.value(name), facts.before(name)
        if now is None or before is None:
            continue
        better = (now < before) == (name in LOWER_IS_BETTER)
        verdict = _("unchanged") if now == before else _("better") if better else _("worse")
        unit = "count" if name == "complaints" else "share" if name.endswith(("kept", "share")) else "hours" if "hours" in name else "score"
        rows.append((facts.label(name), facts.say(before, unit), facts.say(now, unit), verdict))
    if not rows:
        return None
    return Table(
        name="improved", title=_("What improved on the 12 months before"), rows=tuple(rows), takeaway=_turned(facts, rows),
        columns=(Column("figure", _("Figure"), "text"), Column("before", _("Before"), "text"), Column("now", _("Now"), "text"), Column("verdict", _("Change"), "text")),
    )  # fmt: skip


def _turned(facts, rows):
    counts = {verdict: sum(row[3] == verdict for row in rows) for verdict in (_("better"), _("worse"))}
    told = {"all": facts.say(len(rows), "count"), "better": facts.say(counts[_("better")], "count"), "worse": facts.say(counts[_("worse")], "count")}  # fmt: skip
    return _("Of %(all)s measures of service %(better)s got better and %(worse)s worse than a year before.") % told


def _sentences(facts):
    if not facts.value("tickets"):
        return (_("No ticket of these accounts was opened in the last 12 months."),)
    told = [
        _("%(complaints)s complaints among %(tickets)s tickets in 12 months%(trend)s; %(open)s tickets are not closed.")
        % {
            "complaints": facts.told("complaints"),
            "tickets": facts.told("tickets"),
            "trend": facts.trend("tickets"),
            "open": facts.told("open_now"),
        }
    ]
    if facts.value("answer_hours_median") is not None:
        told.append(
            _("Half were answered within %(median)s hours, nine of ten within %(p90)s; %(kept)s of the promised times were met.")
            % {"median": facts.told("answer_hours_median"), "p90": facts.told("answer_hours_p90"), "kept": facts.told("promise_kept")}
        )
    causes = facts.rows("complaints_by_cause")
    if causes:
        told.append(
            _("The most frequent root cause is “%(cause)s” with %(count)s complaints; customers rate the handling %(score)s of 5.")
            % {
                "cause": facts.word("complaints_by_cause", causes[0][0]),
                "count": facts.say(causes[0][1], "count"),
                "score": facts.told("satisfaction"),
            }
        )
    else:
        told.append(
            _("%(rated)s answers were rated, %(share)s of tickets were reopened.")
            % {"rated": facts.told("rated"), "share": facts.told("reopened_share")}
        )
    return tuple(told)


def _actions(facts):
    told = []
    causes = facts.rows("complaints_by_cause")
    if causes:
        told.append(
            ngettext(
                "Take up “%(cause)s” first: it stands behind %(count)s complaint.",
                "Take up “%(cause)s” first: it stands behind %(count)s complaints.",
                causes[0][1],
            )
            % {"cause": facts.word("complaints_by_cause", causes[0][0]), "count": facts.say(causes[0][1], "count")}
        )
    slow = [row for row in facts.rows("tickets_by_unit") if row[5] is not None and row[2] >= FEW]
    if slow:
        worst = min(slow, key=lambda row: row[5])
        if worst[5] <= (facts.value("promise_kept") or 0) - BEHIND:
            told.append(
                _("Help %(unit)s answer in time: it met %(share)s of its promises.")
                % {"unit": facts.word("tickets_by_unit", worst[0]), "share": facts.say(worst[5], "share")}
            )
    if facts.value("missed"):
        told.append(
            ngettext(
                "Go through the %(count)s missed promise and correct the routing or the staffing behind it.",
                "Go through the %(count)s missed promises and correct the routing or the staffing behind them.",
                facts.count("missed"),
            )
            % {"count": facts.told("missed")}
        )
    return tuple(told)


def _missing(facts):
    if not facts.value("tickets"):
        return (_("Channels, answers, complaints and satisfaction: no ticket you may see was opened in 12 months."),)
    told = []
    if facts.value("promise_kept") is None:
        told.append(_("Promises: no ticket carries a promised time."))
    if not facts.rows("complaints_by_cause"):
        told.append(_("Root causes: none is recorded on a complaint of 12 months."))
    if not facts.value("rated"):
        told.append(_("Satisfaction with handling: no answer was rated in 12 months."))
    return tuple(told)
