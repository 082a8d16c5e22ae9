"""What a chapter is written from: the numbers of a report with their names in the reader's language."""

from collections.abc import Sequence
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from crm.display import rules
from segmentation.reports.document import Chart, Column, Figure, Series, Table
from segmentation.reports.figures import ALL, FIGURES
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

    def count(self, name) -> int:
        """For the choice between one and many."""
        return int(self.value(name) or 0)

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
        return capfirst(words_of(kind, key))

    @cached_property
    def units(self):
        return units_of({row[0] for name, each in self.breakdowns.items() if each.words == "unit" for row in self.rows(name)})

    @cached_property
    def people(self):
        return people_of({row[0] for name, each in self.breakdowns.items() if each.words == "person" for row in self.rows(name)})

    def _row_query(self, name, link, key) -> str:
        """The portfolio's filters of one row of a table; none for a unit that others of the table lie under: it would show theirs too."""
        kind = self.breakdowns[name].words
        if kind == "unit":
            under = any(other != key and other.startswith(key) for other in self.column(name, self.breakdowns[name].figures[0]))
            return "" if under or key not in self.units else link.format(key=self.units[key].pk)
        if kind == "person" and key == NAMELESS:
            return "unmanaged=true"
        return link.format(key=key) if key != NAMELESS else ""

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

    def points(self, share) -> str:
        """A difference of shares: `31.8 pp`."""
        return f"{rules.number(100 * share, 1)}{rules.SPACE}{pgettext('percentage points', 'pp')}"

    def told(self, name) -> str:
        """A figure's value as it stands in a sentence."""
        return self.say(self.value(name), FIGURES[name].unit)

    def figure(self, name) -> Figure:
        it = FIGURES[name]
        return Figure(
            name=name, label=it.label[self.chinese], value=self.value(name), unit=it.unit, meaning=it.meaning[self.chinese],
            before=self.before(name), link=self.link(it.link),
        )  # fmt: skip

    def figures(self, *names) -> tuple[Figure, ...]:
        """Those that are known."""
        return tuple(self.figure(name) for name in names if self.value(name) is not None)

    def link(self, query: str) -> str:
        """The portfolio's rows, in the scope of the report; `ALL` asks for every one. Only the run in force has rows there, and only its own
        moves; chosen accounts without a name cannot be said in a query."""
        pairs = self.scope.in_portfolio()
        if not query or pairs is None or not self.run.in_force or ("moved=" in query and not self.own_moves):
            return ""
        query = "" if query == ALL else query
        given = {pair.split("=")[0] for pair in query.split("&")}
        ours = urlencode([(key, value) for key, value in pairs if key not in given])
        return f"{reverse('segmentation:portfolio')}?{'&'.join(part for part in (query, ours) if part)}"

    @property
    def own_moves(self) -> bool:
        """Whether moves are counted from where the run itself started, as the portfolio remembers them."""
        return self.against is None or self.against.pk == self.run.counts.get("previous_run")

    def links(self, queries: Sequence[str]) -> tuple[str, ...]:
        """Where the heads of rows lead; nothing at all where none leads anywhere."""
        found = tuple(self.link(query) for query in queries)
        return found if any(found) else ()

    def drill(self, queries: Sequence[str], figures: Sequence[str], words=1) -> tuple[tuple[str, ...], ...]:
        """Where each number of a table leads, behind as many columns of `words`; nothing at all where none leads anywhere."""
        found = tuple((*("",) * words, *self._numbers(query, figures)) for query in queries)
        return found if any(map(any, found)) else ()

    def _numbers(self, row, figures):
        """The rows of the row's query that each figure counts. `row`: nothing to link."""
        links = []
        for name in figures:
            own = FIGURES[name].link
            both = {pair.split("=")[0] for pair in own.split("&")} & {pair.split("=")[0] for pair in row.split("&")}
            links.append(self.link(row if own == ALL else f"{row}&{own}") if row and own and not both else "")
        return links

    def table(self, name, title, *, key, note="", figures: Sequence[str] = (), link="", takeaway="") -> Table | None:
        """A breakdown as a table; None when it has no rows. Columns nobody knows a value of are left out. `link`: query with {key}."""
        breakdown, rows = self.breakdowns[name], self.rows(name)
        if not rows:
            return None
        wanted = figures or breakdown.figures
        places = [(figure, breakdown.figures.index(figure) + 1) for figure in wanted]
        places = [(figure, place) for figure, place in places if any(row[place] is not None for row in rows)]
        queries = [self._row_query(name, link, row[0]) for row in rows] if link else []
        return Table(
            name=name, title=title, note=note, takeaway=takeaway,
            columns=(Column("key", key, "month" if breakdown.words == "month" else "text"), *[self.head(figure) for figure, _place in places]),
            rows=tuple((self.word(name, row[0]), *[row[place] for _figure, place in places]) for row in rows),
            links=self.links(queries), drill=self.drill(queries, [figure for figure, _place in places]),
        )  # fmt: skip

    def chart(self, name, title, kind, *figures, takeaway="", horizontal=False, most=0, called="") -> Chart | None:
        """A breakdown as a chart; None where there is nothing to draw: fewer than two bars, or no value at all. Says who leads unless told."""
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
            name=called or f"{name}_chart", title=title, kind=kind, unit=FIGURES[wanted[0]].unit, horizontal=horizontal,
            takeaway=takeaway or self.leading(name, wanted[0]),
            categories=tuple(self.word(name, row[0]) for row in rows), series=tuple(series),
            x_unit="month" if breakdown.words == "month" else "text",
        )  # fmt: skip

    def leading(self, name, figure) -> str:
        """`Manufacturing leads with 328, 26.1 % of all.`; nothing for what cannot be added up. Without the share where rows were left out."""
        breakdown, column = self.breakdowns[name], {key: value for key, value in self.column(name, figure).items() if value}
        if not column or FIGURES[figure].unit not in ("count", "fen", "kwh"):
            return ""
        key = max(column, key=lambda each: column[each])
        told = {"name": self.word(name, key), "value": self.say(column[key], FIGURES[figure].unit)}
        if breakdown.most and len(self.rows(name)) >= breakdown.most:
            return _("%(name)s leads with %(value)s.") % told
        return _("%(name)s leads with %(value)s, %(share)s of all.") % (
            told | {"share": self.say(column[key] / sum(column.values()), "share")}
        )

    def drawn(self, name, title, kind, figure, pairs, takeaway="", horizontal=False) -> Chart | None:
        """A chart of (label, value) pairs in the unit of a figure; None where there is nothing to draw."""
        if len(pairs) < 2 or not any(value for _label, value in pairs):
            return None
        values = (Series(self.label(figure), tuple(value for _label, value in pairs)),)
        if not takeaway and FIGURES[figure].unit in ("count", "fen", "kwh"):
            label, most = max(((label, value) for label, value in pairs if value is not None), key=lambda pair: pair[1])
            share = self.say(most / sum(value or 0 for _label, value in pairs), "share")
            takeaway = _("%(name)s leads with %(value)s, %(share)s of all.") % {
                "name": label, "value": self.say(most, FIGURES[figure].unit), "share": share,
            }  # fmt: skip
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
        large = abs(value) >= 10_000 and not rules.is_chinese(language)
        return f"{rules.number(value / 1000, 1)}{rules.SPACE}MW" if large else f"{rules.number(value)}{rules.SPACE}kW"
    if unit == "share":
        return rules.percent(value, 1)
    if unit in ("ratio", "score", "hours", "days"):
        return rules.number(value, 0 if unit == "days" else 1 if unit in ("hours", "score") else 2)
    return rules.number(value) if not isinstance(value, str) else value


def known(*blocks) -> tuple:
    """Blocks without those that could not be made."""
    return tuple(block for block in blocks if block is not None)
