"""Interval readings as a kind of import: registered with the imports of the wing below."""

from pathlib import Path

from django.utils import timezone

from crm.imports.formats.csv_file import read as read_csv
from crm.imports.formats.table import check_content, check_extension, extension_of
from crm.imports.kinds import register as register_kind
from crm.imports.kinds.kind import Kind
from crm.imports.models import ImportKind
from crm.imports.reading import Reading
from segmentation.readings import way
from segmentation.readings.formats import cells, green_button
from segmentation.readings.formats.interval_csv import IntervalCsv

EXTENSIONS = (".csv", ".txt", ".xml")
BYTES_A_READING = 34  # of a line of CSV, for the bar of progress


def read(path: Path, name: str) -> Reading:
    """Raises `FileProblem`."""
    extension = check_extension(name, EXTENSIONS)
    check_content(path, extension)
    zone = timezone.get_default_timezone()
    return _green_button(path, name, zone) if extension == ".xml" else _csv(path, zone)


def _csv(path, zone):
    source = IntervalCsv(path, zone)
    found = {position: field for field, position in source.layout.at.items()} | dict.fromkeys(source.layout.day_columns, source.layout.unit)
    return Reading(
        fields=list(cells.SHOWN), chunks=source.blocks(), expected_rows=path.stat().st_size // BYTES_A_READING, about={"encoding": source.encoding},
        mapping=[{"header": title, "field": found.get(position)} for position, title in enumerate(source.header)],
    )  # fmt: skip


def _green_button(path, name, zone):
    source = green_button.GreenButton(path, zone, name)
    reading = Reading(fields=list(cells.SHOWN), chunks=iter(()), about={"encoding": "Green Button"}, mapping=[
        {"header": "timePeriod/start", "field": "starts_at"}, {"header": "value", "field": "kwh"},
        {"header": "timePeriod/duration", "field": "minutes"},
    ])  # fmt: skip
    reading.chunks = _with_note(source, reading.notes, zone)
    return reading


def _with_note(source, notes, zone):
    """What zone the file speaks of is known when it is read. Its times count from 1970 in UTC, so none is shifted."""
    yield from source.blocks()
    offset, ours = source.feed.offset_seconds, zone.utcoffset(timezone.datetime(2001, 1, 1)).total_seconds()
    if offset is not None and offset != ours:
        notes.append({"code": "other_zone", "params": {"hours": f"{offset / 3600:+g}", "zone": str(zone)}})


def originals(path: Path):
    if extension_of(path.name) == ".xml":
        return green_button.originals(path)
    table = read_csv(path)
    return table.header, table.rows


KIND = Kind(
    name=ImportKind.READINGS.value, fields=cells.SHOWN, key=("account", "starts_at"), extensions=EXTENSIONS, reader=read,
    original_reader=originals, way=way,
)  # fmt: skip


def register():
    register_kind(KIND)
