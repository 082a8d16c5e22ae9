"""Every way a file or a cell can be wrong: a code for programs, a sentence for the reader.

Problems are kept as codes with parameters and put into words when somebody reads them, so the same import speaks both languages.
"""

import dataclasses

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from crm.people.errors import Refused

# Reasons for one cell or row. Parameters in the text are those the finder of the problem gave.
ROW_REASONS = {
    "required": _("Nothing is filled in, and this field is needed."),
    "not_a_number": _("This is not a number. Write it like 1234.56 or 1,234.56."),
    "too_many_decimals": _("At most %(places)s decimals are kept; round the figure first."),
    "too_large": _("The number is too large: at most %(digits)s digits before the decimal point."),
    "too_small": _("The number may not be below %(least)s."),
    "above": _("The number may not be above %(most)s."),
    "must_be_positive": _("The number must be greater than zero."),
    "zero": _("An amount of zero is no payment."),
    "not_whole": _("This must be a whole number."),
    "bad_date": _("This is not a date. Write it like 2026-10-31."),
    "bad_month": _("This is not a month. Write it like 2026-10, 202610 or 2026年10月."),
    "bad_moment": _("This is not a time. Write it like 2026-10-31 14:05."),
    "no_such_time": _("Clocks were put forward over this time: it never was. Write the offset, like 2026-03-29T03:15+02:00."),
    "off_grid": _("An interval of %(minutes)s minutes does not begin at this time."),
    "bad_interval": _("Only intervals of %(allowed)s minutes can be kept."),
    "mixed_intervals": _("The same day is read in intervals of another length further up."),
    "in_future": _("This day has not come yet."),
    "cells_do_not_fit": _("The row has more or fewer cells than the header has columns."),
    "unknown_usage_point": _("No account is known by this usage point. Put the account number into the name of the file."),
    "bad_choice": _("This is not one of the values: %(allowed)s."),
    "bad_flag": _("Write yes or no."),
    "too_long": _("The text is longer than %(length)s characters."),
    "control_characters": _("The text holds characters that cannot be shown; type it again."),
    "bad_account_number": _("An account number has 10 or 13 digits."),
    "mangled_account_number": _("A spreadsheet has shortened this account number; format the column as text and export again."),
    "bad_industry": _("An industry is a letter from A to T and two to four digits (GB/T 4754)."),
    "bad_credit_code": _("A unified social credit code has 18 digits and capital letters."),
    "unknown_account": _("There is no account with this number. Import the account first."),
    "unknown_unit": _("There is no unit with this code."),
    "unit_needed": _("No unit is given here, and none was chosen for new accounts."),
    "unknown_manager": _("There is no active customer manager with this sign-in name."),
    "unknown_person": _("There is no active colleague with this sign-in name."),
    "unknown_tariff_plan": _("There is no tariff plan with this code."),
    "duplicate": _("The same as row %(first)s of this file."),
    "customer_differs": _("Row %(first)s of this file says something else about the same customer."),
    "credit_code_taken": _("This credit code belongs to customer %(number)s."),
    "receipt_elsewhere": _("This receipt belongs to account %(number)s already."),
    "ticket_elsewhere": _("This ticket belongs to account %(number)s already."),
    "closed_without_date": _("A closed account needs the day it was closed."),
    "answered_without_time": _("An answered or closed ticket needs the time of the answer or the closing."),
    "too_many_cells": _("The row has more cells than the header has columns; is there a comma inside a text without quotation marks?"),
    "no_series_number": _("The name of the series holds no number to make an account number from."),
    "bad_start": _("The series has no readable first date."),
    "external_id_elsewhere": _("Account %(number)s exists already under another identifier."),
}

# Reasons for the whole file.
FILE_REASONS = {
    "empty": _("The file is empty."),
    "wrong_extension": _("A file of this kind ends in %(allowed)s."),
    "not_what_it_says": _("The file is called %(extension)s but its content is something else (%(found)s)."),
    "unreadable": _("The file is damaged and cannot be read. Save it again and send it once more."),
    "too_large": _("The file is larger than %(megabytes)s MB. Split it, or let an administrator load it by command."),
    "encoding": _("The text is neither UTF-8 nor GB18030. Save the file as UTF-8 and send it again."),
    "open_quote": _("A quotation mark near row %(row)s is never closed, so the rest of the file cannot be read."),
    "no_rows": _("There is a header but no row below it."),
    "missing_columns": _("Columns are missing: %(columns)s. The template of this kind shows every header that is understood."),
    "column_twice": _("Two columns mean the same: %(first)s and %(second)s. Remove one."),
    "not_weekly": _("The series are %(frequency)s; only weekly series can be loaded."),
    "no_unit": _("There is no unit to hang new accounts on. Create the organisation first."),
    "no_unit_of_energy": _("No column says in its header that it holds kWh, Wh or kW (found: %(found)s). Write the unit into the header."),
    "interval_not_said": _("All readings lie %(minutes)s minutes apart. Add a column minutes that says so, or send 15-minute readings."),
    "xml_broken": _("The XML breaks off or is damaged at line %(line)s."),
    "xml_entities": _("The XML declares a document type, which no Green Button file needs; it was not read."),
    "unit_not_energy": _("The readings are in %(unit)s; only Wh and W are electricity that can be kept here."),
    "not_electricity": _("The readings are not of electricity."),
    "not_interval_energy": _("The readings are register totals, not energy by interval."),
    "flow_not_understood": _("The direction of flow %(flow)s is neither delivered (1) nor received (19)."),
    "interval_length": _("The readings are of %(minutes)s minutes each; only 15, 30 and 60 can be kept."),
    "no_reading_type": _("The file does not say what its readings measure (ReadingType)."),
    "already_loaded": _("Already loaded on %(at)s by %(by)s: nothing to do."),
    "being_loaded": _("The same file is being loaded right now."),
    "all_or_nothing": _("Nothing was loaded, because rows are wrong and you asked for all or nothing."),
    "no_good_rows": _("Nothing was loaded: every row is wrong."),
    "not_allowed": _("Whoever uploaded this file may not import any more."),
    "kept_dying": _("The load was broken off %(times)s times and was given up. Look at the worker's memory and log, then upload again."),
    "unexpected": _("Something failed inside Greenlane; nothing was loaded. The log tells more: %(error)s."),
}

# What the reader should know about a load that worked.
NOTES = {
    "licence_uci": _(
        "Electricity load diagrams 2011–2014, UCI Machine Learning Repository, weekly by Monash University; "
        "licence CC BY 4.0: name the source when you publish."
    ),
    "licence_unknown": _("The file names no known source; find out its licence before you publish anything from it."),
    "incomplete_months": _("Not loaded because days are missing in the file: %(months)s."),
    "weekly_split": _("Weekly kWh were spread evenly over seven days and summed by month. Money is left empty: the file holds none."),
    "accounts_created": _("New accounts for series without one: %(count)s."),
    "gaps": _("Left empty in the file, and left as they stood: %(count)s readings."),
    "other_zone": _("The file speaks of a zone %(hours)s h from UTC; its readings are filed by the day in %(zone)s."),
    "issued_assumed": _("Bills without an issue date count as issued on the last day of their month."),
}


class FileProblem(Refused):
    """The whole file cannot be taken. `code` and `params` are kept; the text is made for whoever reads it."""

    def __init__(self, code, **params):
        super().__init__(code=code)
        self.params = params

    def __str__(self):
        return file_reason(self.code, self.params)


class BadCell(Exception):
    """A cell that cannot be understood."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code, self.params = code, params


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """Row as counted in the file (header is row 1), field name, the value as written, why."""

    row: int
    field: str
    value: str
    code: str
    params: dict = dataclasses.field(default_factory=dict)

    def as_dict(self):
        return {"row": self.row, "field": self.field, "value": self.value[:200], "code": self.code, "params": self.params}


def _say(reasons, code, params):
    text = reasons.get(code)
    if text is None:
        return code
    comma = pgettext("between items of a list", ", ")
    shown = {name: comma.join(map(str, value)) if isinstance(value, list) else value for name, value in params.items()}
    try:
        return str(text) % shown
    except KeyError:
        return str(format_lazy("{}", text))


def row_reason(code, params):
    return _say(ROW_REASONS, code, params)


def file_reason(code, params):
    return _say(FILE_REASONS, code, params)


def note_text(code, params):
    return _say(NOTES, code, params)
