"""Pages as people open them: through gunicorn as `make run` starts it, 20 mixed requests a second; queries and bytes counted apart."""

import html
import random
import re
import time
from urllib.parse import quote

from bench.figures import MILLION, Figure
from bench.load import Request, percentile, send

PER_SECOND, SECONDS, SECONDS_OF_A_MILLION = 20, 10, 60  # of twenty kinds: the longer, the less a 95th percentile is the worst of a few
MOST_MS, MOST_QUERIES, MOST_KB = 60, 12, 100
LISTS = ("portfolio", "search", "complaints")
ROLES = ("manager", "supervisor", "analyst", "administrator", "agent")
CSRF = "b" * 32
RUSH = 120
MOST_TRIED = 12
SORTS = ["", "?sort=-risk", "?sort=-value", "?sort=growth", "?sort=-arrears"]
WORST = [
    "tier=diamond", "tier=diamond&risk_band=high&sort=-value", "tier=unscored", "category=residential&sort=growth", "credit_grade=C&sort=-value",
    "open_complaint=true", "green_channel=ending", "q=%E5%8D%8E", "q=%E5%85%AC", "q=%E5%8D%8E%E9%91%AB&sort=-risk", "q=qwertyzxcv",
    "quadrant=potential_large&usage_state=stopped",
]  # fmt: skip


def mixed(world):
    """Median and 95th percentile of each kind of page under the mixed load, how many a second are the most, and what one of each costs."""
    pages = _pages()
    cookies = {role: cookie_of(role) for role in ROLES}
    draw = random.Random(7)
    port = world.web_port
    wait_for(port)
    kinds = list(pages)
    send(port, [Request(kind, path, cookies[role]) for kind, (role, paths) in pages.items() for path in paths[:MOST_TRIED]], hands=4)
    seconds = SECONDS_OF_A_MILLION if world.accounts >= MILLION else SECONDS
    load = [_request(draw, pages, cookies, draw.choice(kinds)) for _ in range(PER_SECOND * seconds)]
    answers, _ = send(port, load, per_second=PER_SECOND)
    yield from _times(kinds, answers)
    rush, seconds = send(port, [_request(draw, pages, cookies, draw.choice(kinds)) for _ in range(RUSH)], hands=8)
    served = sum(answer.status == 200 for answer in rush)
    yield Figure("pages, most in a second", served / seconds, "/s", PER_SECOND, at_least=True, note="8 readers who never pause")
    yield from _costs(pages, draw)


def _pages():
    """{kind: (role, paths to draw from)}; the worst filters are those that match few, nothing, or nearly all."""
    from django.urls import reverse

    portfolio, search, desk = reverse("segmentation:portfolio"), reverse("crm:search"), reverse("crm:ticket-list")
    pages = {f"portfolio, {role}": (role, [f"{portfolio}{sort}" for sort in SORTS]) for role in ROLES}
    for role in ("supervisor", "analyst"):
        pages[f"portfolio, {role}, worst filters"] = (role, [f"{portfolio}?{filters}" for filters in WORST])
    pages["portfolio, a far page"] = ("analyst", _far(portfolio, pages=40))
    mine = _some_accounts("manager", 200)
    pages["account page"] = ("manager", [reverse("crm:account-detail", args=[pk]) for pk, *_ in mine])
    panels = ("crm:account-alerts", "crm:account-contacts", "crm:account-recent", "segmentation:account-panel")
    pages["account panel"] = ("manager", [reverse(name, args=[pk]) for pk, *_ in mine[:40] for name in panels])
    pages["search"] = ("agent", [f"{search}?q={quote(word)}" for word in _words(_some_accounts("agent", 300))])
    pages["search, one slip"] = ("agent", [f"{search}?q={quote(word)}" for word in ("huaxni", "yongtia", "ruifeg", "华新铸造", "兰廷酒店")])
    pages["complaints, agent"] = ("agent", [desk, f"{desk}?queue=open", f"{desk}?queue=all"])
    pages["complaints, manager"] = ("manager", [desk, f"{desk}?queue=open", f"{desk}?queue=all"])
    pages["complaints, supervisor"] = ("supervisor", [f"{desk}?queue={queue}" for queue in ("open", "overdue", "unassigned", "all")])
    pages["complaints, a far page"] = ("agent", _far(f"{desk}?queue=all", pages=20, role="agent"))
    pages["tier report"] = ("supervisor", [reverse("segmentation:tier-report")])
    pages["my desk"] = ("manager", [reverse("marketing:desk")])
    pages["my desk, what comes"] = ("manager", [reverse("marketing:desk-ahead")])
    return pages


def _far(address, *, pages, role="analyst"):
    """The address that so many clicks on “next” lead to."""
    client, path = _client(role), address.partition("?")[0]
    for _ in range(pages):
        following = re.search(r'<a href="([^"]+)" rel="next"', client.get(address).content.decode())
        if not following:
            break
        address = path + html.unescape(following[1])
    return [address]


def _some_accounts(role, count):
    """[(key, number, name)] of accounts the role sees, from all over the key's range: sorting a million at random would take longer."""
    from django.db.models import Max, Min

    from crm.accounts.models import Account
    from crm.people.models import User

    visible = Account.objects.visible_to(User.objects.get(username=role))
    ends = visible.aggregate(first=Min("pk"), last=Max("pk"))
    draw = random.Random(11)
    keys = visible.filter(pk__in=[draw.randint(ends["first"], ends["last"]) for _ in range(20 * count)])
    rows = keys if role == "agent" else visible
    return list(rows.values_list("pk", "number", "customer__name")[:count])


def _words(accounts):
    """Numbers, Chinese of one, two and four characters, and pinyin, as people type them."""
    third = len(accounts) // 3
    words = [number[:8] for _pk, number, _name in accounts[:third]] + [name[2:6] for *_, name in accounts[third : 2 * third]]
    return [*words, *[name[:2] for *_, name in accounts[2 * third :]], "华", "huaxin", "ruifeng", "hxjm", "jinyuan"]


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
    """Queries and bytes, counted inside Django: the most among the addresses of a list, and of one page of any other kind."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clients = {role: _client(role) for role in ROLES}
    for kind, (role, paths) in pages.items():
        client, tried = clients[role], paths if kind.startswith(LISTS) and len(paths) <= MOST_TRIED else [draw.choice(paths)]
        asked, size = 0, 0
        client.get(tried[0])
        busy = time.process_time()
        for path in tried:
            with CaptureQueriesContext(connection) as queries:
                response = client.get(path)
            asked, size = max(asked, len(queries)), max(size, len(response.content))
        note = f"of {len(tried)} the most; {1000 * (time.process_time() - busy) / len(tried):.0f} ms of processor in Python each"
        yield Figure(f"{kind}, queries", asked, "", MOST_QUERIES if kind.startswith(LISTS) else None, note=note)
        yield Figure(f"{kind}, size", size / 1024, "KB", MOST_KB)
    connection.close()
