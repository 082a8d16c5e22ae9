"""Files of tickets: told by their content, fetched as downloads, seen by who sees the ticket."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.attachments import services
from crm.attachments.content import safe_name, type_of
from crm.attachments.models import Attachment
from crm.people.errors import AlreadyDone, Refused
from tests.crm.moments import log, monday  # noqa: F401

PNG = b"\x89PNG\r\n\x1a\n" + bytes(200)
URL = "/api/v1/attachments/"


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def archive(*names):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return data.getvalue()


def upload(data=PNG, name="meter.png"):
    return SimpleUploadedFile(name, data)


@pytest.mark.parametrize(
    ("data", "media"),
    [
        (PNG, "image/png"), (b"\xff\xd8\xff\xe0jfif", "image/jpeg"), (b"%PDF-1.7", "application/pdf"), ("户号,备注\n".encode(), "text/plain"),
        ("户号,备注\n".encode("gb18030"), "text/plain"), (b"<html><script>", ""), (b"<?xml version='1.0'?><svg onload=x>", ""), (b"MZ\x90\x00", ""),
        (b"#!/bin/sh\nrm", ""), (b"\x7fELF", ""), (b"PK\x03\x04 broken", ""), (archive("a.exe"), ""),
        (archive("[Content_Types].xml", "word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (archive("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), ""),
    ],
)  # fmt: skip
def test_a_file_is_what_its_content_says(data, media):
    assert type_of(data) == media


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../etc/passwd.png", "passwd.png"), ("C:\\photos\\电表.PNG", "电表.PNG"), ("run.exe", "run.exe.png"), ("a\r\nSet-Cookie: x.png", "aSet-Cookie x.png"),
     ("", "file.png"), ("…" * 400, "…" * 140 + ".png")],
)  # fmt: skip
def test_a_name_keeps_its_last_part_and_gets_the_extension_of_its_content(name, kept):
    assert safe_name(name, "image/png") == kept


@pytest.mark.parametrize(
    ("file", "code"),
    [(("", "empty.png"), "empty"), ((b"<html>", "photo.png"), "type_refused"), ((PNG + bytes(3 * 2**20), "big.png"), "too_large")],
)
def test_what_is_not_taken_is_refused_with_the_reason(file, code, log, agent, monday, settings):  # noqa: F811
    settings.ATTACHMENT_MAX_BYTES = 2**20
    with pytest.raises(Refused) as refused:
        services.add(ticket=log(), upload=upload(*file[::1]) if file[0] else upload(b"", file[1]), by=agent, at=monday)
    assert refused.value.code == code
    assert not Attachment.objects.exists()


def test_a_file_is_added_once_fetched_as_a_download_and_removed_with_its_trace(sign_in, manager, log):  # noqa: F811
    ticket, client = log(), sign_in(manager)
    add = reverse("crm:attachment-add", args=[ticket.pk])
    assert client.post(add, {"file": upload(name="电表 meter.png")}).status_code == 302
    assert client.post(add, {"file": upload(name="again.png")}).status_code == 409
    row = Attachment.objects.get()
    got = client.get(reverse("crm:attachment-download", args=[row.pk]))
    assert b"".join(got.streaming_content) == PNG
    assert got["Content-Disposition"].startswith("attachment;")
    assert (got["X-Content-Type-Options"], got["Content-Security-Policy"]) == ("nosniff", "default-src 'none'; sandbox")
    assert "电表 meter.png" in client.get(reverse("crm:attachment-panel", args=[ticket.pk])).content.decode()
    client.post(reverse("crm:attachment-remove", args=[row.pk]))
    assert client.get(reverse("crm:attachment-download", args=[row.pk])).status_code == 404
    assert set(ticket.notes.values_list("what", flat=True)) == {"logged", "filed", "unfiled"}


def test_programs_add_fetch_and_remove_files(sign_in, manager, log):  # noqa: F811
    ticket, client = log(), sign_in(manager)
    made = client.post(URL, {"ticket": ticket.pk, "file": upload()})
    assert (made.status_code, made.json()["content_type"]) == (201, "image/png")
    assert client.post(URL, {"ticket": ticket.pk, "file": upload(b"<svg>", "x.png")}).json()["code"] == "type_refused"
    one = f"{URL}{made.json()['id']}/"
    assert b"".join(client.get(one + "file/").streaming_content) == PNG
    assert [row["id"] for row in client.get(URL, {"ticket": ticket.pk}).json()["results"]] == [made.json()["id"]]
    assert client.post(one + "remove/").status_code == 204
    assert client.get(one).status_code == 404


def test_who_cannot_see_the_ticket_cannot_add_to_it_nor_learn_of_its_files(sign_in, agent, stranger, log, monday):  # noqa: F811
    ticket = log()
    row = services.add(ticket=ticket, upload=upload(), by=agent, at=monday)
    client = sign_in(stranger)
    assert client.post(URL, {"ticket": ticket.pk, "file": upload(b"%PDF-1", "a.pdf")}).status_code == 400
    assert client.get(URL).json()["results"] == []
    assert client.get(f"{URL}{row.pk}/file/").status_code == 404


def test_the_same_file_twice_is_told(log, agent, monday):  # noqa: F811
    ticket = log()
    services.add(ticket=ticket, upload=upload(), by=agent, at=monday)
    with pytest.raises(AlreadyDone):
        services.add(ticket=ticket, upload=upload(name="other.png"), by=agent, at=monday)


@pytest.mark.parametrize("rows", [1, 8])
def test_the_card_costs_the_same_at_any_size(rows, sign_in, agent, log, monday, cost_of):  # noqa: F811
    ticket = log()
    for number in range(rows):
        services.add(ticket=ticket, upload=upload(PNG + bytes([number])), by=agent, at=monday)
    sign_in(agent)
    assert cost_of(reverse("crm:attachment-panel", args=[ticket.pk])) <= 5
