"""Axe and a ruler, held to a page in both themes and at both widths."""

from axe_playwright_python.sync_playwright import Axe

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 860}
# A theme changes colours alone and a width everything else, so that two looks see nearly all.
# Roles, names and structure are the same in all; what is hidden or scrolls at one width is not.
EVERYTHING, NOT_COLOURS, COLOURS, LOOKS = (
    {},
    {"rules": {"color-contrast": {"enabled": False}}},
    {"runOnly": {"type": "rule", "values": ["color-contrast"]}},
    {
        "runOnly": {
            "type": "rule",
            "values": ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block", "meta-viewport"],
        }
    },
)
TWO_LOOKS = [("light", DESKTOP, EVERYTHING), ("dark", PHONE, LOOKS)]
FOUR_LOOKS = [*TWO_LOOKS, ("light", PHONE, NOT_COLOURS), ("dark", DESKTOP, COLOURS)]
SETTLED = """() => !document.querySelector(
  '[hx-trigger=load], .htmx-request, [data-chart-url]:not([data-state]), [data-state=loading]')"""
# What stands many times under one parent and is built alike (rows, days, entries) is looked at once: contrast is measured element by element.
# The page is drawn anew at its new width first. Colours fade from one theme to the other; axe must see where they end.
VIOLATIONS = """async ({within, options, impacts}) => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  for (const fade of document.getAnimations()) { try { fade.finish() } catch { fade.cancel() } }
  const built = (part) => [part, ...part.querySelectorAll('*')].map((one) => `${one.tagName}.${one.getAttribute('class')}.${one.getAttribute('style')}`).join();
  const alike = [...document.querySelectorAll('main tbody, main tr, main ul, main ol, main dl, main div')].flatMap((parent) => {
    const seen = new Set();
    return [...parent.children].filter((child) => { const look = built(child), known = seen.has(look); seen.add(look); return known });
  });
  const outermost = alike.filter((part) => !alike.some((other) => other !== part && other.contains(part)));
  return axe.run({include: [within], exclude: outermost}, {preload: false, resultTypes: ['violations'], ...options})
  .then(({violations}) => violations.filter(({impact}) => impacts.includes(impact))
  .map(({id, nodes}) => `${id}: ` + nodes.slice(0, 3).map(({target, html}) => `${target} ${html.slice(0, 160)}`).join(' | '))) }"""
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [
  `${document.documentElement.scrollWidth} wide: ` + [...document.querySelectorAll('main *')]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && !part.closest('.table-wrap')).slice(0, 3).map((part) => part.outerHTML.slice(0, 120))]"""

SERIOUS = ["serious", "critical"]
ANY = ["minor", "moderate", *SERIOUS]


def faults_of(page, looks=FOUR_LOOKS, *, impacts=SERIOUS, within="html"):
    """What axe (within that part) and a ruler find on the page as it stands, once everything on it is loaded."""
    page.wait_for_function(SETTLED)
    page.evaluate(Axe().axe_script)
    faults = []
    for scheme, size, options in looks:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        faults += [
            f"{scheme} {size['width']}: {fault}"
            for fault in page.evaluate(VIOLATIONS, {"within": within, "options": options, "impacts": impacts}) + page.evaluate(TOO_WIDE)
        ]
    page.set_viewport_size(DESKTOP)
    return faults
