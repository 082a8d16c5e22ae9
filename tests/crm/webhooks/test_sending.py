"""Addresses that we let ourselves be sent to, and those that we do not."""

import socket

import pytest

from crm.webhooks.sending import WHY, NotAllowed, in_words, parts_of, place_of, post


def code_of(url):
    with pytest.raises(NotAllowed) as refusal:
        place_of(url)
    return refusal.value.error.partition(":")[0]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "https://127.0.0.1:8000/", "https://localhost/", "https://10.1.2.3/", "https://192.168.1.1/", "https://172.16.0.9/",
        "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://[fe80::1]/", "https://[fd00::1]/", "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/", "https://100.64.0.1/", "https://224.0.0.1/", "https://[2002:7f00:1::]/", "https://2130706433/", "https://0x7f.1/",
    ],
)  # fmt: skip
def test_no_address_of_our_own_network_is_called(url):
    assert code_of(url) in ("private", "name")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://partner.example/", "address"), ("partner.example/hooks", "address"), ("https://", "address"), ("file:///etc/passwd", "address"),
        ("https://partner.example:99999/", "address"), ("https://partner.example/a b", "address"), ("https://a\r\nHost: b/", "address"),
        ("https://me:secret@partner.example/", "password"),
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_with_the_reason(url, code):
    with pytest.raises(NotAllowed) as refusal:
        parts_of(url)
    assert refusal.value.error == code and str(refusal.value) == str(WHY[code])


def resolving_to(*addresses):
    def answer(host, port, **more):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return answer


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("93.184.216.34", "10.0.0.1"))
    assert code_of("https://partner.example/") == "private"


def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch):
    """A name server that answers differently the second time leads nowhere else."""
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("93.184.216.34"))
    called = []

    def refuse(address, *more):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert post("https://partner.example/hooks", body=b"{}", headers={}).error == "refused"
    assert called == [("93.184.216.34", 443)]


def test_plain_http_goes_only_where_an_operator_allows_it(monkeypatch, settings):
    monkeypatch.setattr(socket, "getaddrinfo", resolving_to("93.184.216.34"))
    assert code_of("http://partner.example/") == "http"
    settings.WEBHOOK_ALLOWED_NETWORKS = ["93.184.216.0/24"]
    assert place_of("http://partner.example/")[2] == "93.184.216.34"


def test_the_reason_is_told_in_the_readers_language():
    from django.utils.translation import override

    with override("zh-hans"):
        assert in_words("status: 500") == "接收方应答 500。" and in_words("") == ""
