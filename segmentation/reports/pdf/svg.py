"""Charts as SVG by the same file that draws them on the page: `static/js/chart_options.js` and ECharts, in a JavaScript engine without a browser.

One engine for all charts of a report: loading ECharts takes a tenth of a second, a chart some milliseconds.
"""

import json
import re
from functools import lru_cache

from django.conf import settings
from py_mini_racer import MiniRacer

from segmentation.reports.look import tokens

FONTS = "Liberation Sans, Noto Sans CJK SC, sans-serif"
ECHARTS = "node_modules/echarts/dist/echarts.min.js"
ENTRY = "chart_options.js"
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";$', re.M)
EXPORT = re.compile(r"^export (?=(?:async )?function\s+(\w+)|const\s+(\w+))", re.M)
# What the page's file asks its document for. ECharts itself must not see one, else it takes itself to be in a browser.
DRAW = """
const tokens = %(tokens)s;
const language = { lang: "en" };
const document = { documentElement: language, body: {} };
const getComputedStyle = () => ({ getPropertyValue: (name) => tokens[name] ?? "", fontFamily: %(fonts)s });
%(modules)s
globalThis.draw = (text, width, height, lang) => {
  language.lang = lang;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    const { option, unit } = %(entry)s.options(JSON.parse(text), { width, height });
    chart.setOption({ ...option, animation: false });
    return JSON.stringify({ svg: chart.renderToSVGString(), unit });
  } finally {
    chart.dispose();
  }
};
"""


class Charts:
    """`with Charts() as charts: svg, unit = charts.draw(data, width=640, height=280, language="en")`."""

    def __enter__(self):
        self.engine = MiniRacer()
        self.engine.eval((settings.BASE_DIR / ECHARTS).read_text())
        self.engine.eval(f"(() => {{{program()}}})()")
        return self

    def __exit__(self, *_):
        self.engine.close()

    def draw(self, data: dict, *, width: int, height: int, language: str) -> tuple[str, str]:
        """A chart of the contract at the head of static/js/charts.js, and the unit to write beside its title."""
        drawn = json.loads(self.engine.call("draw", json.dumps(data), width, height, "zh-Hans" if language.startswith("zh") else "en"))
        return drawn["svg"], drawn["unit"]


@lru_cache(maxsize=1)
def program() -> str:
    """The page's modules as one script."""
    modules: dict[str, str] = {}
    _gather(ENTRY, modules)
    fill = {"tokens": json.dumps(tokens()), "fonts": json.dumps(FONTS), "modules": "\n".join(modules.values()), "entry": _name(ENTRY)}
    return DRAW % fill


def _gather(file, modules):
    """The module after those it imports: each a function that gives what it exports."""
    if file in modules:
        return
    source = (settings.BASE_DIR / "static/js" / file).read_text()
    for _names, other in IMPORT.findall(source):
        _gather(other, modules)
    names = [function or constant for function, constant in EXPORT.findall(source)]
    body = IMPORT.sub(lambda found: f"const {{{found[1]}}} = {_name(found[2])};", source)
    modules[file] = f"const {_name(file)} = (() => {{\n{EXPORT.sub('', body)}\nreturn {{ {', '.join(names)} }};\n}})();"


def _name(file):
    return "module_" + re.sub(r"\W", "_", file.removesuffix(".js"))
