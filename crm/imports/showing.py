"""A batch as people read it: codes become sentences in the reader's language."""

from dataclasses import dataclass

from crm.imports import errors_file
from crm.imports.kinds import ALL, kind_of
from crm.imports.problems import file_reason, note_text, row_reason

PROBLEMS_SHOWN = 50
TONES = {"loaded": "good", "checked": "info", "refused": "warn", "failed": "risk"}


@dataclass(frozen=True)
class Pace:
    """How a long piece of work is getting on."""

    rate: float | None
    seconds_left: float | None


def pace(batch, at) -> Pace:
    if not batch.started_at or not batch.rows_done:
        return Pace(None, None)
    elapsed = max(0.1, (at - batch.started_at).total_seconds())
    rate = batch.rows_done / elapsed
    left = max(0, batch.rows_total - batch.rows_done) / rate
    return Pace(round(rate), left if batch.rows_total > batch.rows_done else None)


def titles_of(batch):
    return {each.name: each.title for each in kind_of(batch.kind).fields}


def problems_of(batch):
    """The first problems with field titles and reasons."""
    kind, titles = kind_of(batch.kind), titles_of(batch)
    return [
        problem | {"title": titles.get(problem["field"], problem["field"]), "reason": errors_file.reason_of(kind, problem)}
        for problem in batch.problems[:PROBLEMS_SHOWN]
    ]


def kinds_of_problem(batch):
    """[(reason in general words, number of problems)], most frequent first."""
    found = {problem["code"]: problem for problem in batch.problems}
    kind = kind_of(batch.kind)
    counts = batch.preview.get("by_code", {})
    return [(errors_file.reason_of(kind, found[code]) if code in found else row_reason(code, {}), count) for code, count in counts.items()]


def understood(batch):
    """(titles of the fields, first rows as (row number, values in that order, is wrong)) as the file was understood."""
    titles, wrong = titles_of(batch), {problem["row"] for problem in batch.problems}
    names = batch.preview.get("fields", [])
    rows = [(row["row"], [row["values"].get(name) for name in names], row["row"] in wrong) for row in batch.preview.get("rows", [])]
    return [titles.get(name, name) for name in names], rows


def mapping_of(batch):
    """[(header in the file, title of the field or None)]."""
    titles = titles_of(batch)
    return [(each["header"], titles.get(each["field"]) if each["field"] else None) for each in batch.preview.get("mapping", [])]


def message_of(batch):
    code = batch.message.get("code")
    return file_reason(code, batch.message.get("params", {})) if code else ""


def notes_of(batch):
    return [note_text(note["code"], note["params"]) for note in batch.preview.get("notes", [])]


def described(batch, at):
    """Everything the page of a batch shows."""
    fields, rows = understood(batch)
    about = batch.preview.get("about", {})
    return {
        "batch": batch, "pace": pace(batch, at), "tone": TONES.get(batch.state, "muted"), "message": message_of(batch),
        "notes": notes_of(batch),
        "problems": problems_of(batch), "kinds_of_problem": kinds_of_problem(batch), "mapping": mapping_of(batch),
        "field_titles": fields, "rows": rows,
        "source": about.get("sheet") or about.get("relation") or about.get("encoding", ""), "landable": batch.rows_total - batch.failed,
        "changes": batch.created + batch.updated,
        "writing": batch.state == "loading" and batch.rows_total and batch.rows_done >= batch.rows_total,
    }  # fmt: skip


def templates():
    """What files look like: each kind with its fields as (field, English headers, Chinese headers)."""
    return [(name, [(each, _headers(each, ascii=True), _headers(each, ascii=False)) for each in kind.fields]) for name, kind in ALL.items()]


def _headers(field, *, ascii):
    return [header for header in field.headers if header.isascii() == ascii]
