"""A partner that really listens: keeps what it is sent and answers as told."""

import contextlib
import http.server
import threading
from dataclasses import dataclass, field


@dataclass
class Receiver:
    url: str = ""
    answers: list = field(default_factory=list)
    heard: list = field(default_factory=list)
    """`[(path, headers, body)]`"""


@contextlib.contextmanager
def listening():
    """A receiver on a port of its own; `answers` are statuses or functions `(handler)`, used up one by one, then 200."""
    partner = Receiver()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            partner.heard.append((self.path, dict(self.headers), body))
            answer = partner.answers.pop(0) if partner.answers else 200
            if callable(answer):
                answer(self)
                return
            self.send_response(answer)
            if 300 <= answer < 400:
                self.send_header("Location", f"{partner.url}/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    partner.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield partner
    finally:
        server.shutdown()
        server.server_close()
