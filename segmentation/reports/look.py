"""The product's colours and typefaces as drawings outside the browser need them: read from the same tokens as the pages."""

import re
from functools import lru_cache

from django.conf import settings

# What stands on nearly every office machine, so that a deck looks there as it looked when it was checked.
LATIN, CHINESE = "Arial", "Microsoft YaHei"
KEYS = {
    "diamond": "--tier-1", "platinum": "--tier-2", "gold": "--tier-3", "silver": "--tier-4", "standard": "--tier-5",
    "sharp": "--band-sharp", "peak": "--band-peak", "flat": "--band-flat", "valley": "--band-valley", "deep_valley": "--band-deep-valley",
    "risk": "--risk", "warn": "--warn", "muted": "--faint", "accent": "--tier-3",
}  # fmt: skip
ORDER = ["--tier-3", "--tier-1", "--tier-4", "--faint", "--tier-2", "--warn"]  # as in static/js/chart_options.js


@lru_cache(maxsize=1)
def tokens() -> dict[str, str]:
    """`{"--ink": "#0f1f1c", …}` of the light theme, which is the one of paper and projectors."""
    css = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    light = css[css.index(":root") : css.index("}")]
    return {name: value.strip() for name, value in re.findall(r"(--[\w-]+):\s*([^;]+);", light)}


def colour(name: str) -> str:
    """A token as `RRGGBB`."""
    value = tokens()[name].lstrip("#")
    return (value if len(value) == 6 else "".join(2 * letter for letter in value)).upper()


def colour_of(key: str, place: int) -> str:
    """The colour of a series by its key, else by its place."""
    return colour(KEYS.get(key) or ORDER[place % len(ORDER)])
