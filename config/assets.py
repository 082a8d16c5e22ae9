"""Write the icon sprite: ``python -m config.assets``.

Only the icons named here travel to the browser. They come from the pinned npm package; the sprite lands in
``static/build`` (not kept in git).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "@tabler" / "icons" / "icons"
SPRITE = ROOT / "static" / "build" / "icons.svg"

# Named as on the Tabler icons site; "name/filled" takes the filled drawing.
_NAMES = """
activity adjustments adjustments-horizontal alarm alert-circle alert-triangle antenna archive arrow-back-up arrow-down arrow-down-right
arrow-left arrow-merge arrow-narrow-down arrow-narrow-right arrow-narrow-up arrow-right arrow-up arrow-up-right arrows-sort award ban bell
binoculars bolt bookmark brain briefcase building building-community building-factory building-factory-2 bulb calculator calendar
calendar-event calendar-time certificate chart-arrows chart-bar chart-dots chart-line chart-pie check checkbox checklist chevron-down
chevron-left chevron-right chevron-up chevrons-left circle-check circle-dashed circle-dot circle-minus circle-x clipboard clipboard-check
clipboard-list clock clock-exclamation clock-pause coin coins columns columns-3 contract copy credit-card cross crown currency-yuan
dashboard database database-import device-floppy diamond discount dots dots-vertical download droplet edit external-link eye eye-off file
file-alert file-check file-description file-export file-import file-spreadsheet file-text filter filter-plus flag flag-exclamation flame
folder gauge gavel gift git-branch git-compare hand-stop heart heart-handshake help-circle hierarchy hierarchy-2 history home hourglass
id-badge inbox info-circle key keyboard language layout-dashboard layout-list leaf link list list-check list-details loader lock login
logout mail map-pin math-function medal menu-2 message message-2 message-circle message-plus message-report messages microphone minus
mood-sad mood-smile moon moon-stars note notes package paperclip pencil percentage phone phone-call phone-incoming pinned player-pause
player-play player-stop plug plus point presentation printer progress-check quote receipt receipt-2 refresh report report-analytics
report-money rocket rotate-clockwise route ruler-2 run scale school search select send settings shield shield-check shield-lock
solar-panel sort-ascending sort-descending sparkles speakerphone square-check stack-2 star stars sun sun-moon switch-horizontal table
table-export tag tags target target-arrow thumb-down thumb-up ticket timeline timeline-event tool tornado transfer transform trash
trending-down trending-up trophy umbrella upload user user-check user-circle user-cog user-exclamation user-minus user-plus user-search
users users-group vip wallet wand wifi-off world x zoom-in
"""
ICONS = sorted(_NAMES.split())


class IconMissing(LookupError):
    """A name in ICONS that the icon package does not hold."""


def symbol(name: str, source: Path = SOURCE) -> str:
    """The icon as an SVG symbol whose colour is the text's."""
    icon, _, style = name.partition("/")
    path = source / (style or "outline") / f"{icon}.svg"
    if not path.exists():
        raise IconMissing(icon)
    body = re.sub(r"<svg\b[^>]*>|</svg>|<!--.*?-->", "", path.read_text(encoding="utf-8"), flags=re.S)
    body = re.sub(r'<path[^>]*d="M0 0h24v24H0z"[^>]*/>', "", body)
    paint = 'fill="currentColor"' if style == "filled" else 'fill="none" stroke="currentColor" stroke-width="1.75"'
    body = re.sub(r"\s+", " ", body).strip()
    return f'<symbol id="{icon}" viewBox="0 0 24 24" {paint} stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'


def build(names: list[str] = ICONS, source: Path = SOURCE, target: Path = SPRITE) -> list[str]:
    """Write the sprite and return the names that could not be found."""
    symbols, missing = [], []
    for name in sorted(set(names)):
        try:
            symbols.append(symbol(name, source))
        except IconMissing:
            missing.append(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".tmp")
    draft.write_text('<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", encoding="utf-8")
    draft.replace(target)
    return missing


if __name__ == "__main__":
    if not SOURCE.exists():
        sys.exit("Icons are not installed: run `npm ci` first.")
    if absent := build():
        sys.exit("These icons are not in the icon package; correct their names in config/assets.py: " + ", ".join(absent))
