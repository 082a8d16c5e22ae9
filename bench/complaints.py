"""Complaints under load: clients that keep to their own schedule, and ask again with the same key when an answer gets lost."""

import contextlib
import json
import os
import subprocess
import sys
import threading
import uuid
from urllib.parse import urlencode

import psutil

from bench.figures import MILLION, Figure
from bench.judging import change_bills
from bench.load import percentile
from bench.months import judged_on
from bench.pages import CSRF, cookie_of, wait_for
from bench.world import scratch_file
from config.embedded.services import HEAVY_NICE

CALM, RUSH, BESIDE_RECOMPUTE = 20, 100, 40  # a second
CALM_MS, RUSH_MS = 60, 150
CALM_SECONDS, WHOLE_SECONDS, SHORT_SECONDS = 3, 60, 5
THROWN_AWAY = 50  # of so many answers one is thrown away, and the complaint sent again
WORDS = "Outage since 08:20 without notice, the cold store is warming up."


def under_load(world):
    """p95 at a calm pace by form and by API; at 100 a second; at 40 a second while a recompute runs; none lost, none doubled."""
    seconds = WHOLE_SECONDS if world.accounts >= MILLION else SHORT_SECONDS
    port = world.web_port
    wait_for(port)
    shoot = _Shooter(world, port)
    shoot("api", CALM, 1)
    for way in ("form", "api"):
        done = shoot(way, CALM, CALM_SECONDS)
        yield _p95(f"ticket create by {way}, p95 at {CALM}/s", done, CALM_MS)
    done = shoot("api", RUSH, seconds, forget_every=THROWN_AWAY)
    yield from _outcome(f"complaints at {RUSH}/s for {seconds} s", done, RUSH_MS)
    with _recomputing(world) as finished:
        done = shoot("api", BESIDE_RECOMPUTE, seconds, forget_every=THROWN_AWAY)
    name = f"complaints at {BESIDE_RECOMPUTE}/s beside a recompute"
    yield from _outcome(name, done, RUSH_MS, note=f"{len(finished)} recomputes finished meanwhile")


def _p95(name, done, most_ms, note=""):
    times = [1000 * seconds for _status, seconds, tried in done["answers"] if tried == 1]
    told = f"p50 {percentile(times, 0.5):.0f} ms of {len(times)}, worst {max(times, default=0):.0f}"
    return Figure(name, percentile(times, 0.95), "ms", most_ms, note=f"{told}; {note}" if note else told)


def _outcome(name, done, most_ms, note=""):
    yield _p95(f"{name}, p95", done, most_ms, note)
    asked_again = sum(tried > 1 for _status, _seconds, tried in done["answers"])
    yield Figure(f"{name}, lost", done["lost"], "tickets", 0, note=f"of {len(done['answers'])}; {asked_again} were sent again")
    yield Figure(f"{name}, doubled", done["doubled"], "tickets", 0, note="tickets, lines of story, audit rows")
    count = len(done["answers"])
    told = f"processor: {1000 * done['web_seconds'] / count:.1f} ms a complaint in the web server, {1000 * done['cpu_seconds'] / count:.1f} in the client"
    yield Figure(f"{name}, pace", count / done["seconds"], "/s", note=told)


class _Shooter:
    """Posts complaints from a process of its own, then looks in the database what became of them."""

    def __init__(self, world, port):
        from rest_framework.authtoken.models import Token

        from crm.accounts.models import Account
        from crm.people.models import User

        self.world, self.port, self.cookie = world, port, cookie_of("agent")
        self.token = Token.objects.get_or_create(user=User.objects.get(username="agent"))[0].key
        self.accounts = list(Account.objects.filter(status="active").order_by("?").values_list("pk", flat=True)[:10_000])

    def __call__(self, way, per_second, seconds, forget_every=0):
        keys = [str(uuid.uuid4()) for _ in range(per_second * seconds)]
        make = {"api": self._by_api, "form": self._by_form}[way]
        requests = [make(self.accounts[number % len(self.accounts)], key) for number, key in enumerate(keys)]
        plan = scratch_file(self.world, "complaints.json")
        plan.write_text(json.dumps({"port": self.port, "per_second": per_second, "forget_every": forget_every, "requests": requests}))
        busy = _web_busy_seconds()
        ran = subprocess.run([sys.executable, "-m", "bench.fire", plan], capture_output=True, text=True, check=True)
        return json.loads(ran.stdout) | _in_the_database(keys) | {"web_seconds": _web_busy_seconds() - busy}

    def _by_api(self, account, key):
        body = json.dumps({"account": account, "category": "outage", "topic": "notice", "text": f"{WORDS} {key}"})
        head = {"Content-Type": "application/json", "Authorization": f"Token {self.token}", "Idempotency-Key": key}
        return _request("/api/v1/tickets/", body, head)

    def _by_form(self, account, key):
        form = {"kind": "complaint", "matter": "outage/notice", "severity": "normal", "channel": "phone", "csrfmiddlewaretoken": CSRF}
        body = urlencode(form | {"account": account, "text": f"{WORDS} {key}", "idempotency_key": key})
        return _request("/complaints/new/", body, {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie})


def _web_busy_seconds():
    """Seconds of processor the web server used so far: it is the only tree of processes we keep besides the databases."""
    busy = 0.0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # PostgreSQL's processes come and go
            if "gunicorn" in " ".join(child.cmdline()):
                busy += sum(child.cpu_times()[:2])
    return busy


def _request(path, body, head):
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Length: {len(body)}",
        *[f"{name}: {value}" for name, value in head.items()],
    ]
    return "\r\n".join([*lines, "", body])


def _in_the_database(keys):
    """`{"lost", "doubled"}`: complaints without a ticket, and rows too many; each was told apart by a word of its own in the text."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("create temporary table sent (key text primary key)")
        cursor.execute("insert into sent select unnest(%s)", [keys])
        cursor.execute(
            """
            with made as (select id, right(text, 36) as key from crm_ticket where opened_at > now() - interval '15 minutes')
            select (select count(*) from sent where not exists (select from made where made.key = sent.key)),
                   (select count(*) - count(distinct made.key) from made join sent using (key))
                 + (select count(*) - count(distinct note.ticket_id) from crm_ticketnote note join made on made.id = note.ticket_id
                    join sent using (key) where note.what = 'logged')
                 + (select count(*) - count(distinct entry.subject_id) from crm_auditentry entry
                    join made on made.id::text = entry.subject_id and entry.subject_kind = 'crm.ticket' join sent using (key))
            """
        )
        lost, doubled = cursor.fetchone()
        cursor.execute("drop table sent")
    connection.close()
    return {"lost": lost, "doubled": doubled}


@contextlib.contextmanager
def _recomputing(world):
    """Recomputes one after the other, at the priority of the worker that does them, until the block ends, which stops the last; gives the list
    of those finished."""
    finished, running, over = [], [], threading.Event()

    def go():
        while not over.is_set():
            command = [sys.executable, "manage.py", "recompute", "--as-of", judged_on().isoformat(), "--json"]
            running[:] = [
                subprocess.Popen(
                    command, env=world.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.nice(HEAVY_NICE)
                )
            ]
            code = running[0].wait()
            if not over.is_set():
                finished.append(code)

    change_bills()
    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield finished
    finally:
        over.set()
        for one in running:
            one.terminate()
        thread.join()
