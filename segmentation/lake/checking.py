"""Are the files that should stand there, and are they what was written?"""

import logging
import os
import zlib
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from crm.changes.services import touch
from segmentation.lake.models import WHOLE, LakeMonth
from segmentation.lake.store import Lake

log = logging.getLogger(__name__)
PIECE = 4 << 20
MISSING, DAMAGED = "missing", "damaged"


@dataclass(frozen=True)
class Fault:
    path: str
    what: str
    table: str
    months: tuple


def path_of(lake: Lake, month: LakeMonth) -> str:
    if month.period == WHOLE:
        return lake.whole(month.table)
    return lake.year(month.table, month.period.year) if month.in_year_file else lake.month(month.table, month.period)


def fingerprint(lake: Lake, path: str) -> dict:
    """`bytes` and `checksum` of a file as `LakeMonth` keeps them. Object storage keeps checksums of its own."""
    if lake.is_object_storage:
        return {"bytes": None, "checksum": None}
    total, checksum = 0, 0
    with open(path, "rb") as handle:
        while piece := handle.read(PIECE):
            total, checksum = total + len(piece), zlib.crc32(piece, checksum)
    return {"bytes": total, "checksum": checksum}


def faults(*, session, lake: Lake) -> list[Fault]:
    """Files that are missing or are not what was written: cut short, or a bit of them turned. Damage is logged and its months go into
    the ledger at once, so that they stay named there until they have been written again."""
    files = defaultdict(list)
    for month in LakeMonth.objects.order_by("table", "period"):
        files[path_of(lake, month)].append(month)
    standing = set()
    for table in {months[0].table for months in files.values()}:
        standing |= lake.standing_files(session, table)
    with ThreadPoolExecutor(os.cpu_count()) as pool:  # zlib lets go of the interpreter while it works
        wrong = list(pool.map(lambda path: _wrong(lake, path, standing, files[path][0]), files))
    found = [
        Fault(path, what, files[path][0].table, tuple(month.period for month in files[path]))
        for path, what in zip(files, wrong, strict=True) if what
    ]  # fmt: skip
    for fault in found:
        if fault.what == DAMAGED:
            log.error("the lake's file %s is damaged; it is written again from PostgreSQL", fault.path)
            touch(table=fault.table, periods=fault.months)
    return found


def _wrong(lake, path, standing, month) -> str:
    if path not in standing:
        return MISSING
    if month.checksum is None or lake.is_object_storage:
        return ""
    if os.path.getsize(path) != month.bytes or fingerprint(lake, path)["checksum"] != month.checksum:
        return DAMAGED
    return ""
