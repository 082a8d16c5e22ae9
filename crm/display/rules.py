"""How figures are written: units chosen by size, in the way readers of each language expect.

Pure text: no Django, no clock. ``language`` is a code such as ``en`` or ``zh-hans``; only its first two letters count.
Anything that is not a figure (None, NaN, infinity) is written as ``—``.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from math import isfinite

NOTHING = "—"
MINUS = "\u2212"
SPACE = "\u00a0"  # figures never part from their unit at a line's end

DAY_SECONDS, HOUR_SECONDS, MINUTE_SECONDS = 86_400, 3_600, 60
# A clock turns amber inside a working day's length and red inside half of one.
SOON_SECONDS, CRITICAL_SECONDS = 8 * HOUR_SECONDS, 4 * HOUR_SECONDS


def as_decimal(value: object) -> Decimal | None:
    """The figure as a Decimal, or None when there is none to show."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        figure = value if isinstance(value, Decimal) else Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return figure if figure.is_finite() else None


def is_chinese(language: str | None) -> bool:
    return (language or "").lower().startswith("zh")


def rounded(figure: Decimal, decimals: int) -> Decimal:
    """Half up, as money is rounded on a bill."""
    return figure.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _grouped(figure: Decimal, decimals: int) -> str:
    return f"{rounded(figure, decimals):,.{decimals}f}"


def _sign(figure: Decimal, decimals: int) -> str:
    return MINUS if rounded(figure, decimals) < 0 else ""


def number(value: object, decimals: int = 0) -> str:
    """``1,284``; decimals are padded, so that columns line up."""
    figure = as_decimal(value)
    if figure is None:
        return NOTHING
    return _sign(figure, decimals) + _grouped(abs(figure), decimals)


def percent(ratio: object, decimals: int = 0) -> str:
    """``71 %`` from the ratio 0.71."""
    figure = as_decimal(ratio)
    return NOTHING if figure is None else f"{number(figure * 100, decimals)}{SPACE}%"


def delta(value: object, decimals: int = 0) -> str:
    """A change with its sign: ``+8``, ``−14``, ``0``."""
    figure = as_decimal(value)
    if figure is None:
        return NOTHING
    return ("+" if rounded(figure, decimals) > 0 else "") + number(figure, decimals)


def _three_figures(figure: Decimal) -> str:
    """Three significant figures below a thousand, whole and grouped above: ``4.21``, ``18.4``, ``1,842``."""
    decimals = 2 if rounded(figure, 2) < 10 else 1 if rounded(figure, 1) < 100 else 0
    return _grouped(figure, decimals)


def _in_units(figure: Decimal, steps: Sequence[tuple[Decimal, str]]) -> tuple[str, str]:
    """The figure's text and unit, for steps ``(size of one unit, unit)`` from large to small; the last step is for the rest."""
    for index, (size, unit) in enumerate(steps):
        last = index == len(steps) - 1
        if last or figure >= size:
            return (_grouped(figure, 0) if size == 1 else _three_figures(figure / size)), unit
    raise ValueError("steps must not be empty")


KWH_EN = ((Decimal(1_000_000), "GWh"), (Decimal(1_000), "MWh"), (Decimal(1), "kWh"))
KWH_ZH = ((Decimal(100_000_000), "亿kWh"), (Decimal(10_000), "万kWh"), (Decimal(1), "kWh"))
YUAN_EN = ((Decimal(1_000_000_000), "B"), (Decimal(100_000), "M"), (Decimal(1), ""))
YUAN_ZH = ((Decimal(100_000_000), "亿"), (Decimal(10_000), "万"), (Decimal(1), ""))


def kwh(value_kwh: object, language: str | None) -> str:
    """``18.4 GWh`` or ``1,842 万kWh`` from kWh."""
    figure = as_decimal(value_kwh)
    if figure is None:
        return NOTHING
    text, unit = _in_units(abs(figure), KWH_ZH if is_chinese(language) else KWH_EN)
    return f"{_sign(figure, 0)}{text}{SPACE}{unit}"


def yuan(value_yuan: object, language: str | None) -> str:
    """``¥ 4.21 M`` or ``¥ 421 万`` from yuan; below 100,000 (10,000 in Chinese) whole yuan are written out.

    English writes millions from 0.1 M, so that a column of revenues stays in one unit.
    """
    figure = as_decimal(value_yuan)
    if figure is None:
        return NOTHING
    whole = abs(figure)
    steps = YUAN_ZH if is_chinese(language) else YUAN_EN
    if not is_chinese(language) and Decimal(100_000) <= whole < Decimal(1_000_000_000):
        text, unit = _three_figures(whole / 1_000_000), "M"
    else:
        text, unit = _in_units(whole, steps)
    return f"{_sign(figure, 0)}¥{SPACE}{text}{SPACE + unit if unit else ''}"


def money(value_yuan: object) -> str:
    """Exact to the fen: ``¥ 5,200.00``."""
    figure = as_decimal(value_yuan)
    return NOTHING if figure is None else f"{_sign(figure, 2)}¥{SPACE}{_grouped(abs(figure), 2)}"


def fen(value_fen: object) -> str:
    """``¥ 5,200.00`` from an integer number of fen, as money is kept in the lake."""
    figure = as_decimal(value_fen)
    return NOTHING if figure is None else money(figure / 100)


def clock_parts(seconds: float) -> list[tuple[str, int]]:
    """The two largest parts of a length of time, ``[("hour", 4), ("minute", 52)]``; a zero second part is left out.

    Whole minutes are cut, not rounded: a clock never shows more time than is left.
    """
    left = int(abs(seconds))
    parts: list[tuple[str, int]] = []
    for unit, size in (("day", DAY_SECONDS), ("hour", HOUR_SECONDS), ("minute", MINUTE_SECONDS), ("second", 1)):
        count, left = divmod(left, size)
        if count or parts:
            parts.append((unit, count))
        if len(parts) == 2:
            break
    parts = [part for part in parts if part[1]]
    return parts or [("second", 0)]


def due_state(seconds_left: float) -> str:
    """``ok``, ``soon`` (under 8 h), ``critical`` (under 4 h) or ``overdue``."""
    if seconds_left < 0:
        return "overdue"
    if seconds_left < CRITICAL_SECONDS:
        return "critical"
    return "soon" if seconds_left < SOON_SECONDS else "ok"


def sparkline(values: Sequence[float | None], *, width: int, height: int, pad: float = 2) -> list[str]:
    """Point lists for SVG polylines, one per unbroken stretch: a missing month is a gap, not a zero.

    The lowest value lies at the bottom, the highest at the top; a flat line lies in the middle. A lone value becomes a short dash.
    """
    figures = [None if value is None else float(value) for value in values]
    known = [figure for figure in figures if figure is not None and isfinite(figure)]
    if not known:
        return []
    low, spread = min(known), max(known) - min(known)
    step = (width - 2 * pad) / max(len(figures) - 1, 1)
    scale = (height - 2 * pad) / spread if spread else 0

    def point(index: int, figure: float) -> tuple[float, float]:
        return pad + index * step, height - pad - (figure - low) * scale if spread else height / 2

    lines: list[list[tuple[float, float]]] = [[]]
    for index, figure in enumerate(figures):
        if figure is None or not isfinite(figure):
            lines.append([])
        else:
            lines[-1].append(point(index, figure))
    drawn = [line if len(line) > 1 else [*line, (line[0][0] + 1.5, line[0][1])] for line in lines if line]
    return [" ".join(f"{_tenth(x)},{_tenth(y)}" for x, y in line) for line in drawn]


def _tenth(number):
    return f"{number:.1f}".removesuffix(".0")
