"""What every format gives: readings as columns of one length. Pure."""

import dataclasses
from dataclasses import dataclass

import numpy as np

MINUTES = (15, 30, 60)
MOST_KWH = 2_000_000
"""In one interval: 8 GW for a quarter of an hour, below what four bytes of Wh can hold."""


@dataclass
class Wrong:
    """Readings that cannot be taken, for one reason: see `crm.imports.problems.Problem`; `readings` is how many it costs."""

    row: int
    field: str
    value: str
    code: str
    params: dict = dataclasses.field(default_factory=dict)
    readings: int = 1


@dataclass
class Block:
    """Readings of one piece of a file.

    row: as counted in the file · who: position in `names` · day, second: as `days.filed` gives · again: seconds until the same clock
    time comes again · minutes: length of the interval · received: from the customer's own generation · wh: whole Wh.
    `names` are account numbers as written, or tuples of names of a usage point of which any may be known. `count` is how many readings
    stood in the piece, the wrong ones and gaps included; `gaps` how many were left empty.
    """

    names: list
    row: np.ndarray
    who: np.ndarray
    day: np.ndarray
    second: np.ndarray
    again: np.ndarray
    minutes: np.ndarray
    received: np.ndarray
    wh: np.ndarray
    count: int = 0
    gaps: int = 0
    wrong: list[Wrong] = dataclasses.field(default_factory=list)

    COLUMNS = ("row", "who", "day", "second", "again", "minutes", "received", "wh")

    def keep(self, good: np.ndarray):
        """Only the readings of a mask."""
        if not good.all():
            for name in self.COLUMNS:
                setattr(self, name, getattr(self, name)[good])
