"""Chapter 3: who pays when and how, what is owed and by whom."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from segmentation.reports.document import Chapter, Chart, Column, Series, Table
from segmentation.reports.facts import Facts, known
from segmentation.reports.figures import Breakdown

NAME, TITLE = "credit", gettext_lazy("Credit and payment")
OWED = "arrears_fen > 0"
AGES = f"case when {OWED} then case when arrears_days <= 30 then '1' when arrears_days <= 90 then '2' when arrears_days <= 180 then '3' else '4' end end"
BREAKDOWNS = (
    Breakdown("arrears_by_age", AGES, ("arrears_accounts", "arrears", "old_debt")),
    Breakdown("arrears_by_category", "category", ("arrears_accounts", "arrears_share", "arrears", "overdue_90", "on_time_share"), words="category"),
    Breakdown("arrears_by_unit", "branch", ("arrears", "arrears_accounts", "arrears_share", "on_time_share"), words="unit", most=15, where="arrears_fen is not null"),
    Breakdown("by_grade", "credit_grade", ("standings", "arrears_accounts", "arrears_share", "arrears", "high_risk_share"), words="grade", where="credit_grade <> ''"),
    Breakdown("by_channel", "channel", ("payments", "paid"), words="payment", most=12),
    Breakdown("by_day", "day_of_month", ("payments", "paid")),
)  # fmt: skip
OFTEN = 0.05


def chapter(facts: Facts) -> Chapter:
    blocks = known(
        *facts.figures(
            "arrears_accounts", "arrears_share", "arrears", "old_debt", "overdue_90", "on_time_share", "late_payers", "prepaid_share"
        ),
        *_ageing(facts),
        _causes(facts),
        facts.chart("arrears_by_category", _("Overdue money by category"), "bar", "arrears", horizontal=True),
        facts.table("arrears_by_category", _("Arrears by category"), key=_("Category"), link="arrears=true&category={key}")
        if _owed(facts) is not None
        else None,
        facts.table("arrears_by_unit", _("Arrears by unit"), key=_("Unit"), note=_("The units with the most overdue money, at most 15.")),
        *facts.figures("grade_a", "grade_b", "grade_c"),
        _grades(facts),
        *(facts.figures("payments", "paid", "online_payments") if facts.value("payments") else ()),
        facts.chart("by_channel", _("Payments by channel"), "pie", "payments", takeaway=_channel(facts)),
        facts.table("by_channel", _("Payment channels"), key=_("Channel")),
        facts.chart("by_day", _("Payments by day of the month"), "bar", "payments", takeaway=_day(facts)),
    )
    return Chapter(
        name=NAME, title=str(TITLE), sentences=_sentences(facts), blocks=blocks, actions=_actions(facts), missing=_missing(facts)
    )


def _owed(facts):
    return facts.value("arrears_share")


def _ageing(facts):
    rows = facts.rows("arrears_by_age")
    if not rows:
        return ()
    words = {"1": _("up to 30 days"), "2": _("31 to 90 days"), "3": _("91 to 180 days"), "4": _("over 180 days")}
    named = tuple(words[row[0]] for row in rows)
    table = Table(
        name="arrears_by_age", title=_("Arrears by age of the oldest debt"), rows=tuple((word, *row[1:]) for word, row in zip(named, rows, strict=True)),
        columns=(Column("age", _("Oldest debt"), "text"), *map(facts.head, ("arrears_accounts", "arrears", "old_debt"))),
    )  # fmt: skip
    if len(rows) < 2:
        return (table,)
    takeaway = _("%(share)s of the overdue money is owed by accounts more than 90 days late.") % {
        "share": facts.say(_old_share(facts), "share")
    }
    chart = Chart(
        "ageing_chart",
        _("Overdue money by age"),
        "bar",
        "fen",
        named,
        (Series(facts.label("arrears"), tuple(row[2] for row in rows)),),
        takeaway=takeaway,
    )
    return (chart, table)


def _old_share(facts):
    return (facts.value("overdue_90") or 0) / facts.value("arrears") if facts.value("arrears") else 0


def _causes(facts):
    """What stands beside arrears in the facts; several may hold for one account, and none is proved to be the reason."""
    names = [name for name in ("arrears_stopped", "arrears_complaining", "arrears_dearer") if facts.value(name)]
    if not names:
        return None
    whole = facts.value("arrears_accounts")
    most = max(names, key=facts.value)
    takeaway = _("The sign met most with arrears: %(sign)s, %(share)s of the accounts that owe.") % {
        "sign": facts.label(most), "share": facts.say(facts.value(most) / whole, "share"),
    }  # fmt: skip
    return Table(
        name="arrears_causes", title=_("What goes along with arrears"), takeaway=takeaway, note=_("Several may hold for one account; none is proved to be the cause."),
        columns=(Column("cause", _("Sign"), "text"), Column("accounts", facts.label("accounts"), "count"), Column("share", _("Share of accounts in arrears"), "share")),
        rows=tuple((facts.label(name), facts.value(name), facts.value(name) / whole) for name in names),
    )  # fmt: skip


def _grades(facts):
    rows = [row for row in facts.rows("by_grade") if row[0] in ("A", "B", "C")]
    if not rows:
        return None
    rule = _(
        "100 points less late and overdue bills; A from 90, B from 70, C below or where a rule forces it. Run's credit policy: version %(version)s."
    )
    owing = facts.column("by_grade", "arrears_share")
    takeaway = ""
    if owing.get("A") is not None and owing.get("C") is not None:
        takeaway = _("Of grade C %(worst)s are in arrears, of grade A %(best)s.") % {
            "worst": facts.say(owing["C"], "share"), "best": facts.say(owing["A"], "share"),
        }  # fmt: skip
    return facts.table(
        "by_grade", _("Arrears and early warning by credit grade"), key=_("Grade"), link="credit_grade={key}", takeaway=takeaway,
        note=rule % {"version": facts.run.credit_policy.version if facts.run.credit_policy else 1},
    )  # fmt: skip


def _top_channel(facts):
    rows = facts.rows("by_channel")
    return (facts.word("by_channel", rows[0][0]), rows[0][1] / facts.value("payments")) if rows and facts.value("payments") else None


def _channel(facts):
    top = _top_channel(facts)
    return _("%(channel)s carries %(share)s of the payments.") % {"channel": top[0], "share": facts.say(top[1], "share")} if top else ""


def _day(facts):
    rows = facts.rows("by_day")
    if not rows:
        return ""
    busiest = max(rows, key=lambda row: (row[1], -row[0]))
    return _("Most payments come on day %(day)s of the month: %(share)s.") % {
        "day": busiest[0],
        "share": facts.say(busiest[1] / facts.value("payments"), "share"),
    }


def _sentences(facts):
    told = []
    if _owed(facts) is not None:
        told.append(
            ngettext(
                "%(count)s account, %(share)s of those whose payments are known, owes %(money)s past its due date.",
                "%(count)s accounts, %(share)s of those whose payments are known, owe %(money)s past its due date.",
                facts.count("arrears_accounts"),
            )
            % {
                "count": facts.told("arrears_accounts"),
                "share": facts.told("arrears_share"),
                "money": facts.say(facts.value("arrears") or 0, "fen"),
            }
        )
        if facts.value("arrears"):
            told.append(
                (
                    _("%(share)s of it is owed by accounts more than 90 days late, and %(old)s stems from earlier years.")
                    if facts.value("old_debt")
                    else _("%(share)s of it is owed by accounts more than 90 days late; none stems from earlier years.")
                )
                % {"share": facts.say(_old_share(facts), "share"), "old": facts.say(facts.value("old_debt") or 0, "fen")}
            )
        else:
            told.append(
                ngettext(
                    "%(late)s account was late three times or more in 12 months.",
                    "%(late)s accounts were late three times or more in 12 months.",
                    facts.count("late_payers"),
                )
                % {"late": facts.told("late_payers")}
            )
    if (top := _top_channel(facts)) and facts.value("on_time_share") is not None:
        told.append(
            _("%(share)s of the bills were paid on time; %(channel)s carries %(part)s of the payments.")
            % {"share": facts.told("on_time_share"), "channel": top[0], "part": facts.say(top[1], "share")}
        )
    if not told:
        told.append(ngettext(
            "Nothing is known of due dates and payments, so nobody is called late: %(count)s account has no credit grade.",
            "Nothing is known of due dates and payments, so nobody is called late: %(count)s accounts have no credit grade.", facts.count("standings") - facts.count("graded")) % {
            "count": facts.say(facts.value("standings") - facts.value("graded"), "count")
        })  # fmt: skip
    return tuple(told)


def _actions(facts):
    told = []
    if facts.value("overdue_90"):
        told.append(
            _("Agree on payment plans for the %(money)s owed by accounts more than 90 days late.") % {"money": facts.told("overdue_90")}
        )
    if facts.value("late_payers"):
        told.append(
            ngettext(
                "Offer bank debit or prepayment to the %(count)s account late three times or more.",
                "Offer bank debit or prepayment to the %(count)s accounts late three times or more.",
                facts.count("late_payers"),
            )
            % {"count": facts.told("late_payers")}
        )
    if facts.value("arrears_stopped"):
        told.append(
            ngettext(
                "Call on the %(count)s account that owes and whose use falls or stopped, before it closes.",
                "Call on the %(count)s accounts that owe and whose use falls or stopped, before they close.",
                facts.count("arrears_stopped"),
            )
            % {"count": facts.told("arrears_stopped")}
        )
    return tuple(told)


def _missing(facts):
    told = []
    if _owed(facts) is None:
        told.append(_("Arrears, ageing and payment on time: no due dates with money, or no payments, have been imported."))
    if not facts.value("payments"):
        told.append(_("Payment channels and days: no payment was received in the last 12 months."))
    if not facts.value("graded"):
        told.append(_("Credit grades: none was given by this run."))
    return tuple(told)
