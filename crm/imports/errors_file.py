"""Wrong rows, kept beside the uploaded file and given back as a CSV that can be corrected and sent in again."""

import csv
import gzip
import itertools
import json
import os
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.imports.problems import row_reason


def path_of(batch) -> Path:
    return Path(f"{batch.file.path}.problems.gz")


def write(batch, problems):
    """Keep all problems of a batch; takes the place of an earlier file in one step."""
    target = path_of(batch)
    unfinished = target.with_suffix(".part")
    with gzip.open(unfinished, "wt", encoding="utf-8", compresslevel=3) as file:
        for problem in problems:
            file.write(json.dumps(problem, ensure_ascii=False) + "\n")
    os.replace(unfinished, target)


def read(batch):
    """The problems of a batch as dicts, in the order of the file."""
    path = path_of(batch)
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def safe(cell) -> str:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; plain numbers stay as they are."""
    text = "" if cell is None else str(cell)
    if text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and not _is_number(text)):
        return "'" + text
    return text


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def lines(batch, kind, language):
    """CSV lines in the reader's language: row, field, value, reason of each wrong row, then the row as it was.

    A page streams them after the request's own language has been put away, so the language is told.
    """
    remaining = _lines(batch, kind)
    while True:
        with translation.override(language):
            line = next(remaining, None)
        if line is None:
            return
        yield line


def _lines(batch, kind):
    header, originals = kind.originals(Path(batch.file.path), batch.file_name)
    writer = csv.writer(_Echo(), lineterminator="\r\n")
    yield "\ufeff" + writer.writerow([_("Row"), _("Field"), pgettext("cell", "Value"), _("Reason"), *map(safe, header)])
    titles = {each.name: str(each.title) for each in kind.fields}
    number, cells = 0, []
    for row, problems in itertools.groupby(read(batch), key=lambda problem: problem["row"]):
        problems = list(problems)
        while number < row:
            number, cells = next(originals, (float("inf"), []))
        fields = " · ".join(titles.get(p["field"], p["field"]) for p in problems)
        values = " · ".join(p["value"] for p in problems)
        reasons = " · ".join(reason_of(kind, p) for p in problems)
        original = cells if number == row else []
        yield writer.writerow([row, safe(fields), safe(values), safe(reasons), *map(safe, original)])


def reason_of(kind, problem) -> str:
    """A problem's reason in the reader's language; allowed values by their labels."""
    params = dict(problem["params"])
    if problem["code"] == "bad_choice":
        choices = next((getattr(each.parse, "choices", None) for each in kind.fields if each.name == problem["field"]), None)
        labels = dict(choices.choices) if choices else {}
        params["allowed"] = [str(labels.get(code, code)) for code in params["allowed"]]
    return row_reason(problem["code"], params)


class _Echo:
    """A file for `csv.writer` that hands each line back."""

    def write(self, line):
        return line
