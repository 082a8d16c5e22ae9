"""What a feature is, and the few phrases feature files are written in.

A topic file holds `MEASURES` (how many rows become one number per account: a masked column and sum, max, min, mean or count) and
`FEATURES` (named expressions over those numbers). Measures stay that plain on purpose: plain aggregations run the same on DuckDB,
Spark and pyarrow.

A measure of bills says in `months` which months it looks at: month 0 is the one the judgement rests on, 12 the same month a year
before. Bills are counted a year at a time, so a measure must lie within one of `YEARS`. Ticket and payment rows carry days.
"""

from dataclasses import dataclass, field

import narwhals as nw

LANGUAGES = ("en", "zh-hans")
YEARS = ((0, 12), (12, 24), (24, 36))


@dataclass(frozen=True)
class Measure:
    """Many rows to one number per account: `how` is sum, max, min, mean or count of `of`. A sum of nothing is 0, the others null.

    `months`: first <= month < past, of bills only; the rest of the year is not looked at.
    """

    name: str
    of: nw.Expr
    how: str = "sum"
    months: tuple[int, int] | None = None


@dataclass(frozen=True)
class Feature:
    """A named number per account that explains itself.

    `unit` kWh, share, fen, days, ...; `meaning` by language; `needs` the tables it rests on: where one is absent the feature is null;
    `expr` over the measures of the account (and the shared steps in `use.BASIS`), never over other features: all are one select.
    """

    name: str
    unit: str
    meaning: dict[str, str]
    needs: tuple[str, ...]
    expr: nw.Expr = field(repr=False)
    dtype: object = None

    def __post_init__(self):
        for language in LANGUAGES:
            if not self.meaning.get(language):
                raise ValueError(f"Feature {self.name!r} has no meaning in {language!r}.")


def within(months: tuple[int, int], year: tuple[int, int]) -> bool:
    return year[0] <= months[0] and months[1] <= year[1]


def ratio(top: nw.Expr, bottom: nw.Expr) -> nw.Expr:
    """top / bottom; null where either is unknown or bottom is not above 0."""
    return nw.when(bottom > 0).then(top / bottom)


def known(value: nw.Expr, count: str) -> nw.Expr:
    """The value where at least one row stood behind it, else null."""
    return nw.when(nw.col(count) > 0).then(value)


def month(ago: int) -> nw.Expr:
    """kWh of one month."""
    return nw.col(f"kwh_m{ago}")


def months(first: int, past: int) -> list[nw.Expr]:
    return [month(ago) for ago in range(first, past)]


def total(parts: list[nw.Expr]) -> nw.Expr:
    """Sum, null when any part is null (unlike `nw.sum_horizontal`, which reads null as 0)."""
    whole = parts[0]
    for part in parts[1:]:
        whole = whole + part
    return whole


def how_many(parts: list[nw.Expr]) -> nw.Expr:
    """How many of the parts are known."""
    return nw.sum_horizontal(*[(~part.is_null()).cast(nw.Int64) for part in parts])


def days_between(early: nw.Expr, late: nw.Expr) -> nw.Expr:
    """Whole days from early to late; both dates or moments."""
    moment = nw.Datetime("us")
    return (late.cast(moment) - early.cast(moment)).dt.total_minutes().cast(nw.Float64) / 1440.0
