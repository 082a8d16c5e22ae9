"""People in front of browsers. Every page they open is watched: a script error, a refused resource or a 5xx fails the test at its end."""

import os
import threading

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from tests.journeys.chromium import CHROMIUM, FLAGS

PATIENCE_MS = 40_000  # a busy machine; nothing waits that long on an idle one
ANSWERED_SECONDS = 10
GIVEN_UP = ("htmx:afterRequest", "htmx:sendAbort")  # how htmx notes a request that a newer one, or leaving the page, made pointless


@pytest.fixture(scope="package")
def browser():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop running in this thread; Django's calls here are plain
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
        connections.close_all()  # beside a running loop Django keeps connections of their own, which nobody else would close
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def address(live_server):
    """Where the product answers."""
    return live_server.url


class Troubles(list):
    def forgive(self, words):
        """Take out what the test provoked on purpose."""
        self[:] = [line for line in self if words not in line]


@pytest.fixture
def troubles():
    """What the consoles of a test's pages complained of."""
    found = Troubles()
    yield found
    assert found == []


def is_trouble(line):
    return line.type == "error" and not line.text.startswith(GIVEN_UP)


@pytest.fixture
def new_page(browser, address, troubles):
    """`new_page(session=…)`: a watched page of a browser of its own (cookies, storage), signed in when given a session."""
    contexts = []

    def opened(*, session="", width=1280, height=860, scheme="light", **more):
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, locale="en-US", **more)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        if session:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on("console", lambda line: troubles.append(f"{page.url}: {line.text}") if is_trouble(line) else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    _let_the_server_finish()


def _let_the_server_finish():
    """What a closed page asked for last is answered: the next test must not meet somebody who reads its tables (each connection has a thread)."""
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(ANSWERED_SECONDS)


@pytest.fixture
def visit(new_page, address):
    """`visit(anna, "/portfolio/")`: Anna, signed in, on that page."""

    def go(person, path="/", **more):
        client = Client()
        client.force_login(person)
        page = new_page(session=client.session.session_key, **more)
        page.goto(address + path)
        return page

    return go


@pytest.fixture
def sign_in_by_form(new_page, address):
    """`sign_in_by_form("anna", password)`: through the door, as people do."""

    def go(username, password, path="/", **more):
        page = new_page(**more)
        page.goto(address + path)
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("navigation", name="Main").wait_for(state="attached")
        return page

    return go
