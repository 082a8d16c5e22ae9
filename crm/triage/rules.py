"""What the words of a ticket say by rule: danger, many people, the press. Pure: no Django."""

import re

# (name, pattern): the first that matches makes a case major. Told to the agent by name.
MAJOR = [
    ("danger_to_life", r"触电|电死|伤亡|死亡|受伤|昏迷|呼吸机|透析|制氧|手术|electrocut|electric shock|injur|killed|ventilator|dialysis|oxygen"),
    ("fire", r"起火|着火|火灾|爆炸|冒烟|烧焦|on fire|fire broke|explo(?:ded|sion)|smoke"),
    ("line_down", r"断线|(?:电|高压|低压|导|裸)线(?:掉|落|断|垂)|杆(?:塔)?(?:倒|倾斜)|(?:wire|line|cable|pole)s? (?:is |are )?(?:down|fallen|hanging|leaning)"),
    ("important_place", r"医院|学校|考场|养老院|地铁|煤矿|化工|hospital|school|nursing home|underground railway|mine\b|chemical plant"),
    ("many_people", r"整个小区|整栋|全村|全镇|几百户|上百户|大面积|whole (?:village|block|estate|district)|hundreds of (?:homes|people)"),
    ("press", r"记者|媒体|曝光|热搜|上访|集体|起诉|律师|reporter|journalist|newspaper|on television|lawyer|petition"),
]  # fmt: skip
_COMPILED = [(name, re.compile(pattern, re.IGNORECASE)) for name, pattern in MAJOR]
# "I am not a hospital" is rare, "no one was injured" is not.
DENIED = re.compile(
    r"(?:没有?|无|未)(?:人员?)?(?:受伤|伤亡|触电|起火)|(?:no one|nobody|not) (?:was |is )?(?:injured|hurt)|no (?:fire|injur\w+)",
    re.IGNORECASE,
)


def major_by_rule(text: str) -> str:
    """The name of the rule by which a text is a major case; empty for none."""
    plain = DENIED.sub(" ", text)
    return next((name for name, pattern in _COMPILED if pattern.search(plain)), "")
