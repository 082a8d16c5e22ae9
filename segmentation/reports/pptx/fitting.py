"""Will a text fit? Widths are estimated: a Chinese letter is as wide as it is high, a Latin one about half. Errs on the roomy side."""

import re

LINE = 1.22  # height of a line in font sizes
POINTS = 72
PIECES = re.compile(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s?|\s")  # where a line may break: between Chinese letters, after Latin words


def width_of(text: str, size: float) -> float:
    """Inches."""
    return (
        sum(1.0 if letter > "\u2e7f" else 0.68 if letter.isupper() else 0.3 if letter in " .,:;'il|" else 0.56 for letter in text)
        * size
        / POINTS
    )


def lines_of(text: str, size: float, width: float) -> int:
    """How many lines the text takes; Latin words stay whole as long as they are no wider than the line."""
    return sum(_lines(part, size, width) for part in text.split("\n"))


def _lines(text, size, width):
    if (whole := width_of(text, size) * 1.04) <= width:
        return 1
    if whole > 40 * width:  # of a text as long as that the exact number does not matter
        return int(whole / width) + 1
    lines, used = 1, 0.0
    for piece in PIECES.findall(text):
        wide = width_of(piece, size) * 1.04
        if used and used + width_of(piece.rstrip(), size) * 1.04 > width:
            lines, used = lines + 1, 0.0
        over, used = divmod(used + wide, width) if wide > width else (0, used + wide)
        lines += int(over)
    return lines


def height_of(text: str, size: float, width: float) -> float:
    return lines_of(text, size, width) * size * LINE / POINTS


def largest_size(texts, width: float, height: float, sizes, *, gap: float = 0.0) -> float:
    """The largest of `sizes` in which all texts, one under the other with `gap` inches between, fit; the smallest when none does."""
    for size in sizes:
        if sum(height_of(text, size, width) for text in texts) + gap * max(0, len(texts) - 1) <= height:
            return size
    return sizes[-1]


def shortened(text: str, size: float, width: float, lines: int = 1) -> str:
    """The text, cut with an ellipsis where it would take more than `lines` lines."""
    if lines_of(text, size, width) <= lines:
        return text
    low, high = 0, len(text)  # the longest beginning that fits
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lines_of(text[:middle] + "…", size, width) <= lines else (low, middle - 1)
    return text[:low].rstrip() + "…"
