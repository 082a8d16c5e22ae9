"""One signed POST to an address a person gave us, and nothing else that such an address could talk us into.

Addresses inside our own network are refused unless `WEBHOOK_ALLOWED_NETWORKS` names them; the name is looked up once and that address is
called, so that a second answer of the name server cannot lead elsewhere; redirects are not followed; of the answer only the head is read.
"""

import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy

ANSWER_SECONDS = 10
READ_AT_MOST = 1000


# Why an attempt failed. Written into the log as `code: detail`, since a worker has no reader's language; told by `in_words`.
WHY = {
    "address": gettext_lazy("This is no web address: write it as https://partner.example/hooks."),
    "password": gettext_lazy("Leave name and password out of the address: the signature proves who sends."),
    "name": gettext_lazy("The name %(detail)s is not known to the name server."),
    "private": gettext_lazy(
        "%(detail)s is inside a private network. If it is meant, an operator adds the network to WEBHOOK_ALLOWED_NETWORKS."
    ),
    "http": gettext_lazy("Plain http goes only to networks named in WEBHOOK_ALLOWED_NETWORKS: use https."),
    "redirect": gettext_lazy("Redirects are not followed: enter the final address."),
    "slow": gettext_lazy("No answer within 10 seconds."),
    "refused": gettext_lazy("The connection was refused."),
    "tls": gettext_lazy("The certificate or the encryption was not accepted: %(detail)s"),
    "lost": gettext_lazy("The sender stopped on the way: whether it arrived is not known."),
    "status": gettext_lazy("The receiver answered %(detail)s."),
    "other": gettext_lazy("It could not be sent: %(detail)s"),
}


def in_words(error: str) -> str:
    """`private: intranet.example` as a sentence in the reader's language; "" stays ""."""
    code, _colon, detail = error.partition(": ")
    return str(WHY[code]) % {"detail": detail} if code in WHY else error


class NotAllowed(Exception):
    """We do not call this address; `error` is `code: detail`, `str()` says why and what to do."""

    def __init__(self, code, detail=""):
        self.error = f"{code}: {detail}" if detail else code
        super().__init__(self.error)

    def __str__(self):
        return in_words(self.error)


@dataclass(frozen=True)
class Outcome:
    """`status` None when nothing answered; then `error` says why. Anything but 2xx is a failure."""

    status: int | None
    duration_ms: int
    error: str = ""
    answer: str = ""

    @property
    def is_good(self):
        return self.status is not None and 200 <= self.status < 300


def _networks():
    return [ipaddress.ip_network(text, strict=False) for text in settings.WEBHOOK_ALLOWED_NETWORKS]


def _is_ours_to_call(address) -> bool:
    address = ipaddress.ip_address(address.split("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address in network for network in _networks()):
        return True
    return address.is_global and not address.is_multicast and not (address.version == 6 and (address.sixtofour or address.teredo))


def parts_of(url: str):
    """The parts of an address that may be called by its looks. Raises `NotAllowed`."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed("address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or any(ord(c) <= 32 or ord(c) > 126 for c in url):
        raise NotAllowed("address")
    if parts.username or parts.password:
        raise NotAllowed("password")
    return parts, port or (443 if parts.scheme == "https" else 80)


def place_of(url: str) -> tuple:
    """(parts, port, ip to call). Looks the name up. Raises `NotAllowed` for an address of our own network, or plain http outside it."""
    parts, port = parts_of(url)
    try:
        found = list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)))
    except (OSError, UnicodeError) as error:
        raise NotAllowed("name", parts.hostname) from error
    if not all(_is_ours_to_call(address) for address in found):
        raise NotAllowed("private", parts.hostname)
    if parts.scheme == "http" and not any(ipaddress.ip_address(found[0].split("%")[0]) in network for network in _networks()):
        raise NotAllowed("http")
    return parts, port, found[0]


def post(url: str, *, body: bytes, headers: dict) -> Outcome:
    """Send it; at most ten seconds. Never raises."""
    began = time.monotonic()

    def took():
        return int((time.monotonic() - began) * 1000)

    connection = None
    try:
        parts, port, address = place_of(url)
        connection = _Pinned(parts, port, address)
        watch = threading.Timer(ANSWER_SECONDS, connection.cut)  # a receiver that drips its answer byte by byte is cut off all the same
        watch.daemon = True
        watch.start()
        try:
            target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("POST", target, body=body, headers=headers)
            answer = connection.getresponse()
            text = answer.read(READ_AT_MOST).decode("utf-8", "replace").replace("\x00", "")
        finally:
            watch.cancel()
    except NotAllowed as refusal:
        return Outcome(None, took(), error=refusal.error)
    except (OSError, http.client.HTTPException, ValueError) as trouble:
        return Outcome(None, took(), error=_code_of(trouble, connection))
    finally:
        if connection is not None:
            connection.close()
    good = 200 <= answer.status < 300
    error = "" if good else "redirect" if 300 <= answer.status < 400 else f"status: {answer.status}"
    return Outcome(answer.status, took(), error=error, answer=text)


class _Pinned(http.client.HTTPConnection):
    """Calls the address that was checked, by the name that was given."""

    def __init__(self, parts, port, address):
        super().__init__(parts.hostname, port, timeout=ANSWER_SECONDS)
        self.address, self.secure, self.was_cut = address, parts.scheme == "https", False
        self.default_port = 443 if self.secure else 80  # so that the Host header is as browsers write it

    def connect(self):
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    def cut(self):
        self.was_cut = True
        try:
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def _code_of(error, connection):
    if isinstance(error, TimeoutError) or (connection is not None and connection.was_cut):
        return "slow"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    if isinstance(error, ssl.SSLError):
        return f"tls: {getattr(error, 'verify_message', '') or error.reason}"[:300]
    return f"other: {type(error).__name__}: {error}"[:300]
