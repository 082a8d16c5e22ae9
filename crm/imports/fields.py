"""What a column may hold: each parser takes the trimmed text of a cell and gives the spelling the database reads, or raises `BadCell`."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation

from crm.imports.problems import BadCell

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00(?:\.0+)?)?)?")
DATE_TIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)")
MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
MONTH_TIGHT = re.compile(r"(\d{4})(\d\d)")
MOMENT = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?\s*(Z|[+-]\d\d:?\d\d)?")
NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
YEARS = range(1990, 2101)


@dataclass(frozen=True)
class Field:
    """One thing a column may mean. `aliases` are the headers understood, English first, then Chinese; `sql` is its type in staging.

    `default` is written for new rows when nothing is given. An empty cell clears a field whose default is None or ""
    and leaves any other as it is; a column the file does not have changes nothing.
    """

    name: str
    title: object
    aliases: tuple[str, ...]
    parse: Callable[[str], str | None]
    sql: str = "text"
    required: bool = False
    default: object = None
    example: str = ""

    @cached_property
    def headers(self):
        return (self.name, *self.aliases)


def plain(text: str) -> str:
    """Full-width digits, letters and punctuation as ordinary ones."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def text(length: int):
    def parse(value):
        if len(value) > length:
            raise BadCell("too_long", length=length)
        if CONTROL.search(value):
            raise BadCell("control_characters")
        return value

    return parse


def number(digits: int, places: int, *, least=None, most=None, positive=False, nonzero=False):
    """Decimal as the model's `max_digits` and `decimal_places`; thousands separators and a leading ¥ are understood."""

    def parse(value):
        return str(checked(to_decimal(value)))

    def checked(figure):
        if figure != figure.quantize(Decimal(1).scaleb(-places)):
            raise BadCell("too_many_decimals", places=places) if places else BadCell("not_whole")
        if nonzero and not figure:
            raise BadCell("zero")
        if positive and figure <= 0:
            raise BadCell("must_be_positive")
        if least is not None and figure < least:
            raise BadCell("too_small", least=str(least))
        if most is not None and figure > most:
            raise BadCell("above", most=str(most))
        return figure

    def to_decimal(value):
        value = plain(value).lstrip("¥").replace("−", "-").strip()
        if THOUSANDS.fullmatch(value):
            value = value.replace(",", "")
        if not NUMBER.fullmatch(value):
            raise BadCell("not_a_number")
        try:
            figure = Decimal(value)
        except InvalidOperation as error:
            raise BadCell("not_a_number") from error
        if figure.adjusted() >= digits - places and figure:
            raise BadCell("too_large", digits=digits - places)
        if figure.adjusted() < -30:
            raise BadCell("too_many_decimals", places=places) if figure else BadCell("not_a_number")
        return figure

    if not (positive or nonzero) and least in (None, 0) and most in (None, 1):
        # A function may carry attributes; the type checker does not know.
        parse.cell = _plain_number(digits, places, signed=least is None, share=most == 1)  # type: ignore[attr-defined]
        parse.lines = lines_of(parse.cell)  # type: ignore[attr-defined]
    return parse


def _plain_number(digits, places, *, signed, share):
    """An expression for a figure as the database reads it."""
    fraction = rf"(?:\.[0-9]{{1,{places}}})?" if places else ""
    return rf"(?:0{fraction}|1(?:\.0{{1,{places}}})?)" if share else rf"{'-?' if signed else ''}[0-9]{{1,{digits - places}}}{fraction}"


def lines_of(cell):
    """Expressions for a whole column of plain cells, one a line: {may be empty: expression}. Most columns are that."""
    return {False: re.compile(rf"(?:(?:{cell})\n)*"), True: re.compile(rf"(?:(?:{cell})?\n)*")}


def _day(year, month, day, code):
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError as error:
        raise BadCell(code) from error
    if found.year not in YEARS:
        raise BadCell(code)
    return found


def date(value):
    value = plain(value)
    match = DATE.fullmatch(value) or DATE_TIGHT.fullmatch(value)
    if not match:
        raise BadCell("bad_date")
    return _day(*match.groups(), "bad_date").isoformat()


def month(value):
    """First day of the month. A full date counts only when it is the first of its month."""
    value = plain(value)
    if match := MONTH.fullmatch(value) or MONTH_TIGHT.fullmatch(value):
        return _day(*match.groups(), 1, "bad_month").isoformat()
    if (match := DATE.fullmatch(value) or DATE_TIGHT.fullmatch(value)) and int(match[3]) == 1:
        return _day(*match.groups(), "bad_month").isoformat()
    raise BadCell("bad_month")


def moment(value):
    """A point in time; without a zone it is local time, without an hour midnight."""
    match = MOMENT.fullmatch(plain(value))
    if not match:
        raise BadCell("bad_moment")
    *parts, hour, minute, second, zone = match.groups()
    day = _day(*parts, "bad_moment")
    try:
        clock = dt.time(int(hour or 0), int(minute or 0), int(second or 0))
        if zone:
            return dt.datetime.fromisoformat(f"{day}T{clock}{zone.replace('Z', '+00:00')}").isoformat()
    except ValueError as error:
        raise BadCell("bad_moment") from error
    return dt.datetime.combine(day, clock, ZoneInfo(settings.TIME_ZONE)).isoformat()


FLAGS = {"yes": "true", "y": "true", "true": "true", "1": "true", "是": "true", "有": "true",
         "no": "false", "n": "false", "false": "false", "0": "false", "否": "false", "无": "false"}  # fmt: skip


def flag(value):
    try:
        return FLAGS[plain(value).casefold()]
    except KeyError as error:
        raise BadCell("bad_flag") from error


def account_number(value):
    value = plain(value).replace(" ", "")
    if value.isascii() and value.isdigit() and len(value) in (10, 13):
        return value
    raise BadCell("mangled_account_number" if re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", value) else "bad_account_number")


# Functions may carry attributes; the type checker does not know.
account_number.cell = "[0-9]{10}|[0-9]{13}"  # type: ignore[attr-defined]
account_number.lines = lines_of("[0-9]{10}|[0-9]{13}")  # type: ignore[attr-defined]


def pattern(expression: str, code: str):
    compiled = re.compile(expression)

    def parse(value):
        value = plain(value).upper()
        if not compiled.fullmatch(value):
            raise BadCell(code)
        return value

    return parse


def squeeze(word: str) -> str:
    """How headers and choices are compared: case, spaces, dashes and brackets do not count."""
    return re.sub(r"[\W_]+", "", plain(word).casefold())


def choice(choices, also: dict[str, str] | None = None):
    """A code, its English or its Chinese label, or one of the trade's other words (`also`)."""
    known = {}

    def learn():
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                known.update({squeeze(str(label)): code for code, label in choices.choices if code != ""})
        known.update({squeeze(word): code for word, code in (also or {}).items()})
        known.update({squeeze(code): code for code in choices.values if code != ""})

    def parse(value):
        if not known:
            learn()
        code = known.get(squeeze(value))
        if code is None:
            raise BadCell("bad_choice", allowed=[code for code in choices.values if code != ""])
        return code

    parse.choices = choices  # type: ignore[attr-defined]  # a function may carry attributes
    return parse


def one_of(values, suffix=""):
    """A figure out of a short list, with or without its unit."""

    def parse(value):
        bare = plain(value).casefold().removesuffix(suffix).strip()
        try:
            return next(known for known in values if Decimal(known) == Decimal(bare))
        except (StopIteration, InvalidOperation) as error:
            raise BadCell("bad_choice", allowed=list(values)) from error

    return parse
