"""Requests at a given pace over kept connections. A request's time runs from the moment it was due, so that waiting in line counts."""

import http.client
import queue
import threading
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Request:
    """`kind` groups the figures; `cookie` is the whole header; `body` makes it a POST."""

    kind: str
    path: str
    cookie: str
    body: str = ""
    headers: tuple = field(default_factory=tuple)


@dataclass(frozen=True)
class Answer:
    kind: str
    status: int
    seconds: float


def send(port, requests, *, per_second=None, hands=16, patience=10.0):
    """Send the requests in order, at a pace or as fast as `hands` connections can; returns (answers, seconds in all).

    `patience`: seconds a request may wait for its turn past the moment it was due; then it is given up with status 0.
    """
    waiting, answers = queue.SimpleQueue(), queue.SimpleQueue()
    began = time.perf_counter() + 0.05
    for number, request in enumerate(requests):
        waiting.put((began + number / per_second if per_second else None, request))
    threads = [threading.Thread(target=_work, args=(port, waiting, answers, patience)) for _ in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers.get() for _ in range(answers.qsize())], time.perf_counter() - began


def _work(port, waiting, answers, patience):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while True:
        try:
            due, request = waiting.get_nowait()
        except queue.Empty:
            connection.close()
            return
        if due:
            time.sleep(max(0, due - time.perf_counter()))
        due = due or time.perf_counter()
        status = _ask(connection, request) if time.perf_counter() - due < patience else 0
        answers.put(Answer(request.kind, status, time.perf_counter() - due))


def _ask(connection, request, again=True):
    headers = {"Cookie": request.cookie, **dict(request.headers)}
    if request.body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        connection.request("POST" if request.body else "GET", request.path, request.body or None, headers)
        response = connection.getresponse()
        response.read()
        return response.status
    except (http.client.HTTPException, OSError):
        connection.close()
        # The server closes idle connections: a page is asked for once more, a form is not sent twice.
        return _ask(connection, request, again=False) if again and not request.body else 0


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0
