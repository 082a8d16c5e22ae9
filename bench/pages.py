"""Pages as people open them: through gunicorn as `make run` starts it, 20 mixed requests a second; queries and bytes counted apart."""

import random
import time
from urllib.parse import quote

from bench.figures import Figure
from bench.load import Request, percentile, send

PER_SECOND, SECONDS = 20, 20
MOST_MS, MOST_QUERIES, MOST_KB = 60, 12, 100
LISTS = ("portfolio", "search", "complaints")
ROLES = ("manager", "supervisor", "analyst", "administrator", "agent")
CSRF = "b" * 32


def mixed(world):
    """Median and 95th percentile of each kind of page under the mixed load; then what one request of each costs."""
    pages = _pages()
    cookies = {role: cookie_of(role) for role in ROLES}
    draw = random.Random(7)
    with world.web() as port:
        wait_for(port)
        kinds = list(pages)
        send(port, [_request(draw, pages, cookies, kind) for kind in kinds * 4], hands=4)
        load = [_request(draw, pages, cookies, draw.choice(kinds)) for _ in range(PER_SECOND * SECONDS)]
        answers, _ = send(port, load, per_second=PER_SECOND)
        yield from _times(kinds, answers)
    yield from _costs(pages, draw)


def _pages():
    """{kind: (role, paths to draw from)}"""
    from django.urls import reverse

    from crm.accounts.models import Account
    from crm.people.models import User

    portfolio, search = reverse("segmentation:portfolio"), reverse("crm:search")
    pages = {f"portfolio, {role}": (role, [portfolio, f"{portfolio}?sort=-risk", f"{portfolio}?sort=-value"]) for role in ROLES}
    mine = Account.objects.visible_to(User.objects.get(username="manager")).order_by("?").values_list("pk", flat=True)[:300]
    pages["account page"] = ("manager", [reverse("crm:account-detail", args=[pk]) for pk in mine])
    known = Account.objects.filter(customer__kind="organisation").order_by("?").values_list("number", "customer__name")[:150]
    words = [number[:8] for number, _ in known[:50]] + [name[2:6] for _, name in known[50:100]] + [name[2:4] for _, name in known[100:]]
    words += ["huaxin", "yongtai lengl", "ruifeng", "jinyuan suliao", "hxjmzz"]
    pages["search"] = ("agent", [f"{search}?q={quote(word)}" for word in words])
    pages["complaints, agent"] = ("agent", [reverse("crm:ticket-list")])
    pages["complaints, manager"] = ("manager", [reverse("crm:ticket-list")])
    pages["tier report"] = ("supervisor", [reverse("segmentation:tier-report")])
    pages["my desk"] = ("manager", [reverse("marketing:desk")])
    return pages


def _request(draw, pages, cookies, kind):
    role, paths = pages[kind]
    return Request(kind, draw.choice(paths), cookies[role])


def _client(role):
    from django.test import Client

    from crm.people.models import User

    client = Client()
    client.force_login(User.objects.get(username=role))
    return client


def cookie_of(role):
    return f"sessionid={_client(role).cookies['sessionid'].value}; csrftoken={CSRF}"


def wait_for(port):
    request = Request("", "/healthz", "")
    for _ in range(120):
        if send(port, [request], hands=1)[0][0].status == 200:
            return
        time.sleep(0.25)
    raise TimeoutError("the web server did not come up within 30 s")


def _times(kinds, answers):
    refused = [answer for answer in answers if answer.status != 200]
    yield Figure("pages refused or failed", len(refused), "requests", 0, note=", ".join(sorted({f"{a.kind}: {a.status}" for a in refused})))
    for kind in kinds:
        times = [1000 * answer.seconds for answer in answers if answer.kind == kind]
        note = f"p50 {percentile(times, 0.5):.0f} ms of {len(times)}"
        yield Figure(f"{kind}, p95", percentile(times, 0.95), "ms", MOST_MS, note=note)


def _costs(pages, draw):
    """Queries and bytes of one page each, counted inside Django."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clients = {role: _client(role) for role in ROLES}
    for kind, (role, paths) in pages.items():
        path = draw.choice(paths)
        clients[role].get(path)
        with CaptureQueriesContext(connection) as queries:
            response = clients[role].get(path)
        asked = len(queries)  # now: the next request empties the log
        busy = time.process_time()
        for _ in range(3):
            clients[role].get(path)
        note = f"{1000 * (time.process_time() - busy) / 3:.0f} ms of processor in Python"
        yield Figure(f"{kind}, queries", asked, "", MOST_QUERIES if kind.startswith(LISTS) else None, note=note)
        yield Figure(f"{kind}, size", len(response.content) / 1024, "KB", MOST_KB)
    connection.close()
