"""What a chapter is written from: the numbers of a report with their names in the reader's language."""

from collections.abc import Sequence
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.display import rules
from segmentation.reports.document import Chart, Column, Figure, Series, Table
from segmentation.reports.figures import FIGURES
from segmentation.reports.words import in_order, people_of, units_of, words_of

NAMELESS = ""


class Facts:
    """`value`, `before`, `rows` are numbers; `figure`, `table`, `chart` the same with words; `say` a number as it stands in a sentence."""

    def __init__(self, *, numbers, scope, run, breakdowns, against=None):
        self.numbers, self.scope, self.run, self.against = numbers, scope, run, against
        self.breakdowns = {each.name: each for each in breakdowns}
        self._rows = {
            each.name: rows if each.most else in_order(each.words, rows)
            for each in breakdowns
            if (rows := numbers["rows"][each.name]) is not None
        }
        self.has = numbers["has"]
        self.chinese = (get_language() or "").startswith("zh")

    def value(self, name):
        return self.numbers["values"][name][0]

    def before(self, name):
        return self.numbers["values"][name][1]

    def change(self, name):
        """Against the year before; None when either is unknown or nothing stood there before."""
        now, before = self.numbers["values"][name]
        return now / before - 1 if now is not None and before else None

    def rows(self, name) -> list[list]:
        return self._rows[name]

    def column(self, name, figure) -> dict:
        """One figure of a breakdown by its key."""
        place = self.breakdowns[name].figures.index(figure) + 1
        return {row[0]: row[place] for row in self.rows(name)}

    def word(self, name, key) -> str:
        kind = self.breakdowns[name].words
        if kind == "unit":
            return str(self.units.get(key, key))
        if kind == "person":
            return str(self.people[key]) if key in self.people else _("no manager")
        return words_of(kind, key)

    @cached_property
    def units(self):
        return units_of({row[0] for name, each in self.breakdowns.items() if each.words == "unit" for row in self.rows(name)})

    @cached_property
    def people(self):
        return people_of({row[0] for name, each in self.breakdowns.items() if each.words == "person" for row in self.rows(name)})

    def _row_link(self, name, link, key) -> str:
        """The portfolio's rows of one row of a table; none for a unit that others of the table lie under: it would show theirs too."""
        kind = self.breakdowns[name].words
        if kind == "unit":
            under = any(other != key and other.startswith(key) for other in self.column(name, self.breakdowns[name].figures[0]))
            return "" if under or key not in self.units else self.link(link.format(key=self.units[key].pk))
        return self.link(link.format(key=key)) if key != NAMELESS else ""

    def label(self, name) -> str:
        return FIGURES[name].label[self.chinese]

    def unit(self, name) -> str:
        return FIGURES[name].unit

    def meaning(self, name) -> str:
        return FIGURES[name].meaning[self.chinese]

    def head(self, name) -> Column:
        """A figure as the head of a column."""
        return Column(name, self.label(name), FIGURES[name].unit)

    def say(self, value, unit) -> str:
        return said(value, unit, "zh-hans" if self.chinese else "en")

    def told(self, name) -> str:
        """A figure's value as it stands in a sentence."""
        return self.say(self.value(name), FIGURES[name].unit)

    def figure(self, name) -> Figure:
        it = FIGURES[name]
        return Figure(
            name=name, label=it.label[self.chinese], value=self.value(name), unit=it.unit, meaning=it.meaning[self.chinese],
            before=self.before(name), link=self.link(it.link) if it.link else "",
        )  # fmt: skip

    def figures(self, *names) -> tuple[Figure, ...]:
        """Those that are known."""
        return tuple(self.figure(name) for name in names if self.value(name) is not None)

    def link(self, query: str) -> str:
        """The portfolio's rows, in the scope of the report. Only the run in force has rows there; a segment cannot be said in a query."""
        if not self.run.in_force or self.scope.segment is not None:
            return ""
        scope = self.scope
        pairs = [("unit", scope.unit.pk if scope.unit else ""), ("category", scope.category), ("tier", scope.tier)]
        given = {pair.split("=")[0] for pair in query.split("&")}
        ours = urlencode([(key, value) for key, value in pairs if value and key not in given])
        return f"{reverse('segmentation:portfolio')}?{'&'.join(part for part in (query, ours) if part)}"

    def table(self, name, title, *, key, note="", figures: Sequence[str] = (), link="") -> Table | None:
        """A breakdown as a table; None when it has no rows. Columns nobody knows a value of are left out. `link`: query with {key}."""
        breakdown, rows = self.breakdowns[name], self.rows(name)
        if not rows:
            return None
        wanted = figures or breakdown.figures
        places = [(figure, breakdown.figures.index(figure) + 1) for figure in wanted]
        places = [(figure, place) for figure, place in places if any(row[place] is not None for row in rows)]
        return Table(
            name=name, title=title, note=note,
            columns=(Column("key", key, "month" if breakdown.words == "month" else "text"), *[self.head(figure) for figure, _place in places]),
            rows=tuple((self.word(name, row[0]), *[row[place] for _figure, place in places]) for row in rows),
            links=tuple(self._row_link(name, link, row[0]) for row in rows) if link and self.link(link) else (),
        )  # fmt: skip

    def chart(self, name, title, kind, *figures, takeaway="", horizontal=False, most=0, called="") -> Chart | None:
        """A breakdown as a chart; None where there is nothing to draw: fewer than two bars, or no value at all."""
        breakdown, rows = self.breakdowns[name], self.rows(name)
        rows = rows[:most] if most else rows
        wanted = figures or breakdown.figures[:1]
        places = [breakdown.figures.index(figure) + 1 for figure in wanted]
        if horizontal:
            rows = sorted(rows, key=lambda row: -(row[places[0]] or 0))
        series = [
            Series(self.label(figure), tuple(row[place] for row in rows))
            for figure, place in zip(wanted, places, strict=True)
            if any(row[place] for row in rows)
        ]
        if len(rows) < 2 or not series:
            return None
        return Chart(
            name=called or f"{name}_chart", title=title, kind=kind, unit=FIGURES[wanted[0]].unit, takeaway=takeaway, horizontal=horizontal,
            categories=tuple(self.word(name, row[0]) for row in rows), series=tuple(series),
            x_unit="month" if breakdown.words == "month" else "text",
        )  # fmt: skip

    def drawn(self, name, title, kind, figure, pairs, takeaway="", horizontal=False) -> Chart | None:
        """A chart of (label, value) pairs in the unit of a figure; None where there is nothing to draw."""
        if len(pairs) < 2 or not any(value for _label, value in pairs):
            return None
        values = (Series(self.label(figure), tuple(value for _label, value in pairs)),)
        return Chart(
            name,
            title,
            kind,
            FIGURES[figure].unit,
            tuple(label for label, _value in pairs),
            values,
            horizontal=horizontal,
            takeaway=takeaway,
        )

    def trend(self, name) -> str:
        """`, 4.1 % more than a year before`, or nothing when that is not known."""
        change = self.change(name)
        if change is None:
            return ""
        if abs(change) < 0.0005:
            return _(", the same as a year before")
        said_change = self.say(abs(change), "share")
        return (_(", %(change)s more than a year before") if change > 0 else _(", %(change)s less than a year before")) % {
            "change": said_change
        }


def said(value, unit, language) -> str:
    """A number as it stands in a sentence: money and energy by size, shares in percent."""
    if value is None:
        return rules.NOTHING
    if unit == "fen":
        return rules.yuan(value / 100, language)
    if unit == "kwh":
        return rules.kwh(value, language)
    if unit == "kw":
        return f"{rules.number(value)}{rules.SPACE}kW"
    if unit == "share":
        return rules.percent(value, 1)
    if unit in ("ratio", "score", "hours", "days"):
        return rules.number(value, 0 if unit == "days" else 1 if unit in ("hours", "score") else 2)
    return rules.number(value) if not isinstance(value, str) else value


def known(*blocks) -> tuple:
    """Blocks without those that could not be made."""
    return tuple(block for block in blocks if block is not None)
