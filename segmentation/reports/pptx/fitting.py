"""Will a text fit? Widths are estimated: a Chinese letter is as wide as it is high, a Latin one about half. Errs on the roomy side."""

from math import ceil

LINE = 1.22  # height of a line in font sizes
POINTS = 72


def width_of(text: str, size: float) -> float:
    """Inches."""
    return (
        sum(1.0 if letter > "\u2e7f" else 0.68 if letter.isupper() else 0.3 if letter in " .,:;'il|" else 0.56 for letter in text)
        * size
        / POINTS
    )


def lines_of(text: str, size: float, width: float) -> int:
    """How many lines the text takes; Latin words stay whole, so a line loses a little."""
    return sum(max(1, ceil(width_of(part, size) * 1.04 / width)) for part in text.split("\n"))


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
    while text and lines_of(text + "…", size, width) > lines:
        text = text[:-1]
    return text.rstrip() + "…"
