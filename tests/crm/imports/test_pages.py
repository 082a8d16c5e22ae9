"""The pages and the API of imports, by role, from upload to error file."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.billing.models import Bill
from crm.imports import services
from crm.imports.models import ImportBatch

ROLES = ["manager", "colleague", "stranger", "supervisor", "agent", "analyst", "administrator"]


def upload_of(account, *lines):
    content = "户号,账期,电量\n" + "".join(f"{line.format(account.number)}\n" for line in lines or ("{},2026-10,1",))
    return SimpleUploadedFile("bills.csv", content.encode(), "text/csv")


@pytest.fixture
def batch(account, check):
    return check("bills", f"户号,账期,电量\n{account.number},2026-10,1\n{account.number},2026-13,=2+3\n")


@pytest.mark.parametrize("role", ROLES)
def test_only_administrators_reach_imports(role, request, sign_in, batch, django_capture_on_commit_callbacks):
    client = sign_in(request.getfixturevalue(role))
    expected = 200 if role == "administrator" else 403
    for name, args in [
        ("import-list", []),
        ("import-detail", [batch.pk]),
        ("import-errors", [batch.pk]),
        ("import-formats", []),
        ("import-template", ["bills"]),
    ]:
        assert client.get(reverse(f"crm:{name}", args=args)).status_code == expected, name
    assert client.get("/api/v1/imports/").status_code == expected
    assert client.get(f"/api/v1/imports/{batch.pk}/").status_code == expected
    if role != "administrator":
        for name in ("import-confirm", "import-discard"):
            assert client.post(reverse(f"crm:{name}", args=[batch.pk])).status_code == 403
        assert client.post(reverse("crm:import-upload"), {}).status_code == 403
        assert client.post("/api/v1/imports/", {}).status_code == 403
        assert client.post(f"/api/v1/imports/{batch.pk}/confirm/").status_code == 403


def test_a_file_goes_from_upload_to_loaded_on_the_pages(sign_in, administrator, account):
    client = sign_in(administrator)
    answer = client.post(reverse("crm:import-upload"), {"kind": "bills", "file": upload_of(account)})
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("crm:import-detail", args=[batch.pk])
    assert b"every 1s" in client.get(answer.url).content
    services.check(batch_id=batch.pk)
    page = client.get(answer.url, headers={"HX-Request": "true"}).content.decode()
    assert "every 1s" not in page and "Load 1 row" in page and "<html" not in page
    assert client.post(reverse("crm:import-confirm", args=[batch.pk])).status_code == 302
    services.load(batch_id=batch.pk)
    assert "Everything that is right stands in the product now." in client.get(answer.url).content.decode()
    assert Bill.objects.count() == 1


def test_a_file_that_would_change_nothing_says_so_and_offers_no_loading(sign_in, administrator, account, load, check):
    load("bills", f"户号,账期,电量\n{account.number},2026-10,1\n")
    batch = check("bills", f"户号,账期,电量\n{account.number},202610,1.0\n")
    page = sign_in(administrator).get(reverse("crm:import-detail", args=[batch.pk])).content.decode()
    assert "there is nothing to load" in page and reverse("crm:import-confirm", args=[batch.pk]) not in page


def test_an_upload_that_cannot_be_taken_comes_back_with_its_reason(sign_in, administrator, account):
    client = sign_in(administrator)
    answer = client.post(reverse("crm:import-upload"), {"kind": "consumption", "file": upload_of(account)}, headers={"HX-Request": "true"})
    assert answer.status_code == 422 and "ends in .tsf" in answer.content.decode()
    assert client.post(reverse("crm:import-upload"), {"kind": "bills"}).status_code == 422
    empty = SimpleUploadedFile("bills.csv", b"PK\x03\x04not a table", "text/csv")
    answer = client.post(reverse("crm:import-upload"), {"kind": "bills", "file": empty})
    assert answer.status_code == 422 and "its content is something else" in answer.content.decode()
    assert not ImportBatch.objects.exists()


def test_a_file_too_large_is_refused_before_it_is_read(sign_in, administrator, account, settings):
    settings.IMPORT_MAX_BYTES = 0
    answer = sign_in(administrator).post(
        reverse("crm:import-upload"), {"kind": "bills", "file": SimpleUploadedFile("b.csv", b"x" * 70_000)}
    )
    assert answer.status_code == 409 and "larger than" in answer.content.decode()


def test_a_forged_upload_without_a_token_is_refused(administrator, account):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    assert client.post(reverse("crm:import-upload"), {"kind": "bills", "file": upload_of(account)}).status_code == 403


def test_the_error_file_gives_reasons_in_the_readers_language_and_the_row_as_it_was(sign_in, administrator, batch, account):
    client = sign_in(administrator)
    answer = client.get(reverse("crm:import-errors", args=[batch.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert rows[0][:4] == ["Row", "Field", "Value", "Reason"] and rows[0][4:] == ["户号", "账期", "电量"]
    assert rows[1][0] == "3" and rows[1][1] == "kWh · Month"
    assert rows[1][4:] == [account.number, "2026-13", "'=2+3"], "a formula is not carried into the spreadsheet"


def test_the_error_file_is_still_in_the_readers_language_while_it_streams(sign_in, administrator, batch, monkeypatch):
    from django.utils.translation import get_language

    from crm.imports import errors_file

    monkeypatch.setattr(errors_file, "reason_of", lambda kind, problem: get_language())
    client = sign_in(administrator)
    client.cookies["django_language"] = "zh-hans"
    assert b"zh-hans" in b"".join(client.get(reverse("crm:import-errors", args=[batch.pk])).streaming_content)


def test_the_error_file_corrected_can_be_sent_in_again(sign_in, administrator, batch, account, load):
    answer = sign_in(administrator).get(reverse("crm:import-errors", args=[batch.pk]))
    corrected = (
        b"".join(answer.streaming_content)
        .decode("utf-8-sig")
        .replace("'=2+3", "5")
        .replace(f"{account.number},2026-13", f"{account.number},2026-12")
    )
    again = load("bills", corrected)
    assert (again.created, again.failed) == (1, 0), again.problems
    assert Bill.objects.get().kwh == 5


@pytest.mark.parametrize("kind", ["accounts", "bills", "payments", "tickets"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_template_is_understood_as_it_stands(kind, language, sign_in, administrator, province, make_account, load):
    if kind != "accounts":
        make_account(number="3304012289")
    client = sign_in(administrator)
    client.cookies["django_language"] = language
    content = client.get(reverse("crm:import-template", args=[kind])).content
    batch = load(kind, content)
    assert (batch.created + batch.updated, batch.failed) == (1, 0), batch.problems or batch.message
    assert all(each["field"] for each in batch.preview["mapping"])


@pytest.mark.parametrize("size", [2, 30])
def test_the_list_costs_the_same_at_any_size(size, sign_in, administrator, django_assert_max_num_queries):
    from tests.crm.imports.conftest import AT

    ImportBatch.objects.bulk_create(
        ImportBatch(kind="bills", file_name=f"{i}.csv", sha256=f"{i}", uploaded_by=administrator, uploaded_at=AT, state="loaded")
        for i in range(size)
    )
    client = sign_in(administrator)
    with django_assert_max_num_queries(9):
        assert f"{size - 1}.csv" in client.get(reverse("crm:import-list")).content.decode()


def test_the_list_is_narrowed_by_kind_and_state(sign_in, administrator, batch):
    client = sign_in(administrator)
    assert "file.csv" in client.get(reverse("crm:import-list"), {"kind": "bills", "state": "checked"}).content.decode()
    assert "No import matches" in client.get(reverse("crm:import-list"), {"kind": "payments"}).content.decode()
    assert client.get(reverse("crm:import-list"), {"cursor": "nonsense"}).status_code == 404


def test_a_program_sends_a_file_follows_it_and_reads_what_was_wrong(sign_in, administrator, account):
    client = sign_in(administrator)
    answer = client.post("/api/v1/imports/", {"kind": "bills", "file": upload_of(account, "{},2026-10,1", "{},oops,1")})
    assert answer.status_code == 201, answer.content
    pk = answer.json()["id"]
    assert client.post(f"/api/v1/imports/{pk}/confirm/").status_code == 409, "not checked yet"
    services.check(batch_id=pk)
    told = client.get(f"/api/v1/imports/{pk}/").json()
    assert (told["state"], told["created"], told["failed"]) == ("checked", 1, 1)
    assert told["problems"][0] | {"row": 3, "field": "period", "code": "bad_month"} == told["problems"][0]
    assert client.post(f"/api/v1/imports/{pk}/confirm/").status_code == 202
    services.load(batch_id=pk)
    assert client.get(f"/api/v1/imports/{pk}/").json()["state"] == "loaded"
    assert b"oops" in b"".join(client.get(f"/api/v1/imports/{pk}/errors/").streaming_content)
    assert client.post(f"/api/v1/imports/{pk}/discard/").status_code == 409
    again = client.post("/api/v1/imports/", {"kind": "bills", "file": SimpleUploadedFile("x.csv", b"\x00\x01", "text/csv")})
    assert again.status_code == 409 and again.json()["code"] == "not_what_it_says"
