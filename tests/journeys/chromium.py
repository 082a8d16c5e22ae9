"""The browser of the journeys, and the mark every journey bears. Also a pytest plugin: where there is no Chromium the summary says so loudly."""

import os
import shutil

import pytest

# The shell first: the same engine without a browser's window around it opens a page for a quarter of the processor time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-software-rasterizer", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--force-prefers-reduced-motion",
    # A page lives for a second: its scripts, axe above all, are gone before compiling them well has paid.
    "--js-flags=--no-opt --no-maglev",
]  # fmt: skip
MISSING = "Chromium is not installed: no browser journeys (set CHROMIUM to its path)"

journey = [pytest.mark.journey, pytest.mark.skipif(CHROMIUM is None, reason=MISSING)]


def pytest_terminal_summary(terminalreporter):
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if MISSING in str(report.longrepr)]
    if skipped:
        terminalreporter.section("BROWSER JOURNEYS DID NOT RUN", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} tests skipped. {MISSING}.")
