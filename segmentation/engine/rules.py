"""A rule that gives points and says why: the one shape in which credit and the early warning are written."""

from dataclasses import dataclass, field

import narwhals as nw

from .policy import Ramp


@dataclass(frozen=True)
class Rule:
    """`code` names the words in `explain.py`; `outcome` what it points to; `points` an expression, null or 0: nothing to say;
    `numbers` the columns its sentence tells."""

    code: str
    outcome: str
    points: nw.Expr = field(repr=False)
    numbers: tuple[str, ...] = ()


def along(ramp: Ramp, value: nw.Expr) -> nw.Expr:
    """Points of a value on a ramp; null where the value is unknown, 0 where the ramp has not begun."""
    part = ((value - ramp.starts) / (ramp.full - ramp.starts)).clip(0.0, 1.0)
    return nw.when(part > 0).then(ramp.least + (ramp.points - ramp.least) * part).otherwise(0.0)


def either(parts: list[nw.Expr]) -> nw.Expr:
    """Points together: each takes its percentage of what the others left, so the whole stays under 100 and no order matters."""
    left = nw.lit(1.0)
    for part in parts:
        left = left * (1.0 - part / 100.0)
    return (1.0 - left) * 100.0
