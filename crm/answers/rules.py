"""Variables in canned answers. Pure: no Django."""

import re

NAMES = ("customer", "number", "account", "due", "title", "answer", "unit", "agent")
_VARIABLE = re.compile(r"\{(\w*)\}")


def unknown_variables(text: str) -> list[str]:
    """Names in braces that nothing fills, in order: `["costumer"]` for `Dear {costumer}`."""
    return list(dict.fromkeys(name for name in _VARIABLE.findall(text) if name not in NAMES))


def fill(text: str, values: dict[str, str]) -> str:
    """The text with its variables filled; an unknown one is left standing, so that the agent sees it. Values are never read as templates."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)
