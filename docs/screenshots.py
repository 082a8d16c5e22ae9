"""`make screenshots`: the four pictures of the README, from a synthetic utility that this script runs and throws away.

Set CHROMIUM to the browser's path where it is not found by itself.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from config.embedded import unprivileged
from config.embedded.paths import REPO
from config.embedded.processes import free_port, wait_until
from config.embedded.state import State
from tests.journeys.chromium import CHROMIUM, FLAGS, MISSING

IMG = Path(__file__).resolve().parent / "img"
SIZE = {"width": 1430, "height": 840}
MOST_BYTES = 250_000
ACCOUNTS = "2000"
SETTLED = "() => !document.querySelector('[hx-trigger=load], .htmx-request, [data-chart-url]:not([data-state]), [data-state=loading]')"


class Product:
    """`make run` with data of its own, gone afterwards."""

    def __init__(self):
        self.folder = unprivileged.temporary_folder("greenlane-pictures-", unprivileged.account_for_postgres())
        self.var, port = self.folder / "var", free_port()
        self.var.mkdir()
        self.address = f"http://127.0.0.1:{port}"
        self.env = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        self.env |= {"GREENLANE_VAR": str(self.var), "PORT": str(port), "DEMO": "1", "ACCOUNTS": ACCOUNTS}

    def __enter__(self):
        self.said = (self.folder / "said").open("w+")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "config.embedded.run"], cwd=REPO, env=self.env, stdout=self.said, stderr=self.said
        )
        wait_until(lambda: "Greenlane answers at" in self.output() or self.process.poll() is not None, seconds=300, every=0.5)
        assert self.process.poll() is None, self.output()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.said.close()
        subprocess.run(["rm", "-rf", str(self.folder)], check=True)

    def output(self):
        return (self.folder / "said").read_text()

    def manage(self, *arguments):
        urls = {name: value for name, value in (State(self.var, "embedded").read_if_alive() or {}).items() if name.endswith("_URL")}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=REPO, env=self.env | urls, check=True, capture_output=True, text=True).stdout


class Photographer:
    """A browser signed in as one role after the other."""

    def __init__(self, browser, product):
        self.browser, self.address = browser, product.address
        self.people = {person["role"]: person for person in json.loads(product.manage("demo_sign_ins", "--json"))}

    def page(self, role, path, *, language="en"):
        context = self.browser.new_context(viewport=SIZE, color_scheme="light", locale="en-US")
        context.add_cookies([{"name": "django_language", "value": language, "url": self.address}])
        page = context.new_page()
        page.goto(self.address + path)
        page.locator("input[name=login]").fill(self.people[role]["login"])
        page.locator("input[name=password]").fill(self.people[role]["password"])
        page.locator("input[name=password]").press("Enter")
        page.wait_for_load_state()
        page.goto(self.address + path)  # anew, without the greeting
        return page

    def take(self, page, name):
        page.wait_for_function(SETTLED)
        page.wait_for_timeout(1000)  # charts draw themselves in
        file = IMG / f"{name}.png"
        page.screenshot(path=file)
        assert file.stat().st_size < MOST_BYTES, f"{file.name} has {file.stat().st_size:,} bytes"
        print(f"{file.relative_to(REPO)}  {file.stat().st_size:,} bytes")  # noqa: T201


def portfolio(camera):
    camera.take(camera.page("manager", "/portfolio/?voltage=high&sort=-revenue"), "portfolio")


def account(camera):
    """The foundry whose use fades, as its manager reads it in Chinese."""
    page = camera.page("manager", "/portfolio/?q=hxjmzz", language="zh-hans")
    page.locator("[data-row-link]").first.click()
    page.wait_for_url("**/accounts/**")
    camera.take(page, "account")


def complaints(camera):
    """A call in the middle: the account is found, the clock is known, the text half written."""
    page = camera.page("agent", "/complaints/")
    page.keyboard.press("n")
    page.keyboard.type("ytll", delay=50)
    expect(page.locator("#log-found [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    page.locator("#log_matter").select_option("outage/notice")
    page.locator("#log_text").fill("Cold store lost power at noon without notice; 40 t of seafood at risk.")
    expect(page.locator("#log-clock")).to_contain_text("answer")
    camera.take(page, "complaints")


def tiers(camera):
    camera.take(camera.page("supervisor", "/tiers/"), "tiers")


def main():
    if CHROMIUM is None:
        return MISSING
    IMG.mkdir(exist_ok=True)
    with Product() as product, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        camera = Photographer(browser, product)
        for picture in (portfolio, account, complaints, tiers):
            picture(camera)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
