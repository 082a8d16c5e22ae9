"""Every icon a page asks for is in the sprite, and no page carries what the content policy refuses."""

import re
from pathlib import Path

import pytest

from config import assets

TEMPLATES = sorted((assets.ROOT / "templates").rglob("*.html"))
ICON = re.compile(r'_components/icon\.html" with name="([\w-]+)"|icon="([\w-]+)"')
REFUSED = re.compile(
    r"""\sstyle=["']|\son(?:click|change|submit|load|input|keydown|focus|blur)=["']|hx-on"""
    r"""|<script(?![^>]*\bsrc=)(?![^>]*application/json)"""
)


def icons_named(path: Path) -> set[str]:
    return {first or second for first, second in ICON.findall(path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(assets.ROOT)))
def test_every_icon_named_in_a_template_is_shipped(path):
    assert icons_named(path) <= set(assets.ICONS), "add the icon to config/assets.py and run python -m config.assets"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(assets.ROOT)))
def test_no_template_holds_inline_script_or_style(path):
    assert REFUSED.search(path.read_text(encoding="utf-8")) is None


def test_the_sprite_holds_each_icon_once(tmp_path):
    if not assets.SOURCE.exists():
        pytest.skip("npm packages are not installed")
    assert assets.build(["search", "x", "x", "no-such-icon"], target=tmp_path / "icons.svg") == ["no-such-icon"]
    sprite = (tmp_path / "icons.svg").read_text(encoding="utf-8")
    assert sprite.count("<symbol") == 2
    assert "M0 0h24v24H0z" not in sprite
