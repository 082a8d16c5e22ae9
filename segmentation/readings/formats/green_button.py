"""Green Button (NAESB ESPI) XML: a feed of usage points, their meter readings, what these measure, and blocks of interval readings.

Read as a stream: a block is taken and forgotten when it ends. Times are seconds since 1970 UTC, so no zone is guessed. What a block
measures stands in its ReadingType, found through the links of its MeterReading.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from crm.imports.problems import FileProblem
from segmentation.readings import days
from segmentation.readings.block import MINUTES, MOST_KWH, Block, Wrong
from segmentation.readings.formats import espi_stream

WH, W = "72", "38"  # ESPI unitOfMeasure; units from the ESPI schema
UNIT_NAMES = {"0": "—", "42": "m³", "63": "VA", "71": "VAh", "73": "varh", "119": "ft³", "132": "Btu", "169": "therm"}
ELECTRICITY, DELTA = "0", {"", "0", "4"}  # ServiceCategory kind; accumulationBehaviour "deltaData" or not said
DELIVERED, RECEIVED = {"", "0", "1"}, {"19"}  # flowDirection: forward, reverse
GATHER = 20_000  # readings in a block given on
ACCOUNT_NUMBER = re.compile(r"(?<!\d)(?:\d{13}|\d{10})(?!\d)")
WHOLE = re.compile(r"-?\d{1,18}")


@dataclass(frozen=True)
class Kind:
    """A ReadingType: how values become Wh. Raises `FileProblem` where they are no energy."""

    uom: str
    multiplier: int
    flow: str
    behaviour: str
    minutes: int | None

    def check(self):
        if self.uom not in (WH, W):
            raise FileProblem("unit_not_energy", unit=UNIT_NAMES.get(self.uom, self.uom or "—"))
        if self.behaviour not in DELTA:
            raise FileProblem("not_interval_energy")
        if self.flow not in DELIVERED | RECEIVED:
            raise FileProblem("flow_not_understood", flow=self.flow)
        if self.minutes is not None and self.minutes not in MINUTES:
            raise FileProblem("interval_length", minutes=self.minutes)

    def wh(self, values, minutes):
        scale = 10.0**self.multiplier
        return values * scale * (minutes / 60.0) if self.uom == W else values * scale


@dataclass
class _Feed:
    points: dict = field(default_factory=dict)  # link of a usage point -> names it may be known by
    owner: dict = field(default_factory=dict)  # link of a meter reading -> link of its usage point
    type_of: dict = field(default_factory=dict)  # link of a meter reading -> links it is related to
    kinds: dict = field(default_factory=dict)  # link of a reading type -> Kind
    offset_seconds: int | None = None


class GreenButton:
    """`blocks()` reads the file. Raises `FileProblem`. `feed.offset_seconds` is the zone the file speaks of, once read."""

    def __init__(self, path: Path, zone, name: str = ""):
        self.path, self.zone, self.feed = path, zone, _Feed()
        self.account_in_name = tuple(ACCOUNT_NUMBER.findall(name or path.name))

    def blocks(self) -> Iterator[Block]:
        waiting, taken, number, held = [], [], 0, 0
        for link, texts in self._raw():
            known = self._kind_of(link) and self._point_of(link)
            (taken if known else waiting).append((link, number, texts))
            number += len(texts[2])
            held += len(texts[2]) if known else 0
            if held >= GATHER:
                yield from self._understood(taken)
                taken, held = [], 0
        yield from self._understood(taken + waiting)

    def _raw(self):
        """(link of the block's entry, (starts, durations, values) as texts) as the stream goes by."""
        for entry in espi_stream.entries(self.path):
            self._settle(entry)
            yield from ((entry.self_link, texts) for texts in entry.blocks)

    def _settle(self, entry):
        """What an entry said, filed under its link."""
        feed, leaves = self.feed, entry.leaves
        if entry.what == "UsagePoint":
            if leaves.get("kind", ELECTRICITY) != ELECTRICITY:
                raise FileProblem("not_electricity")
            named = (entry.title, entry.id.rpartition(":")[2], entry.id)
            feed.points[entry.self_link] = tuple(dict.fromkeys(filter(None, named)))
            feed.owner |= dict.fromkeys(entry.related, entry.self_link)
        elif entry.what == "ReadingType":
            feed.kinds[entry.self_link] = _kind(leaves)
        elif entry.what == "LocalTimeParameters":
            offset = leaves.get("tzOffset", "")
            feed.offset_seconds = int(offset) if WHOLE.fullmatch(offset) else None
        elif "/MeterReading/" in entry.self_link and "/IntervalBlock" not in entry.self_link:
            feed.type_of[entry.self_link] = entry.related

    def _meter_of(self, link):
        return link.partition("/IntervalBlock")[0]

    def _kind_of(self, link):
        related = self.feed.type_of.get(self._meter_of(link), ())
        return next((self.feed.kinds[each] for each in related if each in self.feed.kinds), None)

    def _point_of(self, link):
        meter = self._meter_of(link)
        points, owner = self.feed.points, self.feed.owner
        by_link = owner.get(meter) or owner.get(meter.rpartition("/")[0]) or meter.partition("/MeterReading")[0]
        return points.get(by_link)

    def _understood(self, pieces) -> Iterator[Block]:
        """Pieces of one usage point that measure the same, together."""
        kinds, points = self.feed.kinds, self.feed.points
        together: dict = {}
        for link, number, texts in pieces:
            # A feed with one of each needs no links to be understood.
            kind = self._kind_of(link) or (next(iter(kinds.values())) if len(kinds) == 1 else None)
            names = self._point_of(link) or (next(iter(points.values())) if len(points) == 1 else None)
            if kind is None:
                raise FileProblem("no_reading_type")
            kind.check()
            together.setdefault((kind, names), []).append((number, texts))
        for (kind, names), parts in together.items():
            yield self._block(kind, (*(names or ()), *self.account_in_name), parts)

    def _block(self, kind, names, parts):
        rows = np.concatenate([np.arange(number + 1, number + 1 + len(texts[2]), dtype=np.int64) for number, texts in parts])
        texts = [[text for _number, columns in parts for text in columns[which]] for which in range(3)]
        wrong: list[Wrong] = []
        starts, durations, values = (
            _whole(name, part, rows, wrong) for name, part in zip(("start", "duration", "value"), texts, strict=True)
        )
        minutes = durations // 60
        wh = np.rint(kind.wh(values.astype(np.float64), minutes))
        good = np.ones(len(rows), bool)
        good[np.isin(rows, [each.row for each in wrong])] = False
        years = (starts > 631_152_000) & (starts < 4_102_444_800)  # 1990 to 2100
        for bad, name, code, params in (
            (~np.isin(minutes, MINUTES) | (durations % 60 != 0), "duration", "bad_interval", {"allowed": [str(each) for each in MINUTES]}),
            (~years, "start", "bad_moment", {}),
            (wh < 0, "value", "too_small", {"least": "0"}),
            (wh > MOST_KWH * 1000, "value", "above", {"most": f"{MOST_KWH:,} kWh"}),
        ):
            shown = {"duration": durations, "start": starts, "value": values}[name]
            wrong += [Wrong(int(rows[i]), name, str(shown[i]), code, params) for i in np.flatnonzero(bad & good)]
            good &= ~bad
        day, second = days.filed(self.zone, np.where(good, starts, starts[good].max(initial=0)))
        off = good & (second % np.maximum(minutes * 60, 1) != 0)
        wrong += [Wrong(int(rows[i]), "start", str(starts[i]), "off_grid", {"minutes": int(minutes[i])}) for i in np.flatnonzero(off)]
        block = Block(
            names=[names], row=rows, who=np.zeros(len(rows), np.int32), day=day, second=second, again=np.zeros(len(rows), np.int32),
            minutes=minutes, received=np.full(len(rows), kind.flow in RECEIVED), wh=wh, count=len(rows), wrong=wrong,
        )  # fmt: skip
        block.keep(good & ~off)
        block.minutes, block.wh = block.minutes.astype(np.uint8), block.wh.astype(np.int32)
        return block


def _kind(leaves) -> Kind:
    length, power = leaves.get("intervalLength", ""), leaves.get("powerOfTenMultiplier", "")
    return Kind(
        uom=leaves.get("uom", ""), multiplier=int(power) if WHOLE.fullmatch(power) else 0, flow=leaves.get("flowDirection", ""),
        behaviour=leaves.get("accumulationBehaviour", ""), minutes=int(length) // 60 if length.isdigit() and int(length) else None,
    )  # fmt: skip


def _whole(name, texts, rows, wrong):
    """Texts as whole numbers; what is none is noted, once per reading, and read as 0."""
    try:
        return np.fromiter(map(int, texts), np.int64, len(texts)) if None not in texts else _one_by_one(name, texts, rows, wrong)
    except (ValueError, OverflowError):
        return _one_by_one(name, texts, rows, wrong)


def _one_by_one(name, texts, rows, wrong):
    noted, out = {each.row for each in wrong}, np.zeros(len(texts), np.int64)
    for i, text in enumerate(texts):
        bare = (text or "").strip()
        if WHOLE.fullmatch(bare):
            out[i] = int(bare)
        elif rows[i] not in noted:
            wrong.append(Wrong(int(rows[i]), name, bare[:200], "not_whole" if bare else "required"))
    return out


def originals(path: Path):
    """(header, rows as (number, cells)) of the readings as the file has them."""

    def rows():
        number = 0
        for entry in espi_stream.entries(path):
            for block in entry.blocks:
                for cells in zip(*block, strict=True):
                    number += 1
                    yield number, [(cell or "").strip() for cell in cells]

    return ["start", "duration", "value"], rows()
