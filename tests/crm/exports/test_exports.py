"""Exports: written with the owner's rights of the moment, harmless in a spreadsheet, one's own only."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook

from crm.accounts.models import Account
from crm.audit.models import AuditEntry
from crm.exports import registry, services, tasks
from crm.exports.models import Export
from crm.people.errors import AlreadyDone, Refused
from crm.people.roles import Role

AT = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
State = Export.State
EVERYONE = ["manager", "stranger", "supervisor", "agent", "analyst", "administrator"]


def account_rows(user, query, language):
    for account in Account.objects.visible_to(user).select_related("customer").order_by("number").iterator():
        yield account.number, account.customer.name, account.contract_kva, account.opened_on, AT, query, language


@pytest.fixture(autouse=True)
def accounts_kind(monkeypatch):
    monkeypatch.setattr(registry, "KINDS", {})
    columns = (_("Account"), _("Customer"), _("Capacity"), _("Opened on"), _("At"), "query", "language")
    registry.register("accounts", _("Accounts"), columns, account_rows, permission="crm.view_account")


@pytest.fixture
def ask(manager):
    def asking(owner=None, **more):
        values = {"what": "accounts", "query": "tier=gold", "format": "csv", "language": "en", "at": AT}
        return services.ask(owner=owner or manager, **values | more)

    return asking


def written(export):
    services.write(export_id=export.pk)
    export.refresh_from_db()
    return export


def rows_of(export):
    with export.file.open("rb") as file:
        content = file.read()
    if export.format == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]


@pytest.mark.parametrize(
    ("format", "expected"),
    [("csv", ["630.00", "2015-05-01", "2026-11-20 17:00:00"]), ("xlsx", [630, dt.datetime(2015, 5, 1), dt.datetime(2026, 11, 20, 17)])],
)
def test_an_export_holds_the_rows_with_their_types(format, expected, ask, account):
    export = written(ask(format=format))
    head, row = rows_of(export)
    assert head[:2] == ["Account", "Customer"]
    assert row == [account.number, account.customer.name, *expected, "tier=gold", "en"]
    assert (export.state, export.rows_done) == (State.READY, 1)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("name", ["=1+2", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_text_becomes_a_formula(format, name, ask, make_account):
    make_account(name=name)
    export = written(ask(format=format))
    value = rows_of(export)[1][1]
    assert value == ("'" + name if format == "csv" else name)
    if format == "xlsx":
        with export.file.open("rb") as file:
            assert load_workbook(file).active["B2"].data_type == "s"


def test_an_export_holds_what_its_owner_may_see_when_it_is_written(ask, make_account, west, manager):
    mine, theirs = make_account(), make_account(unit=west, manager=None)
    export = ask()
    type(manager).objects.filter(pk=manager.pk).update(unit=west)
    Account.objects.filter(pk=mine.pk).update(manager=None)
    assert [row[0] for row in rows_of(written(export))[1:]] == [theirs.number]


def test_who_lost_the_right_or_left_gets_nothing(ask, account, manager):
    export = ask()
    type(manager).objects.filter(pk=manager.pk).update(is_active=False)
    export = written(export)
    assert (export.state, export.error, bool(export.file)) == (State.FAILED, "not_allowed", False)


def test_asking_for_what_one_may_not_see_or_what_is_not_there_is_refused(ask, agent):
    registry.register("runs", "Runs", ("a",), account_rows, permission="segmentation.view_run")
    for more, code in [({"what": "runs", "owner": agent}, "not_allowed"), ({"what": "nothing"}, "unknown_export"),
                       ({"format": "pdf"}, "unknown_format"),
                       ({"query": "q" * 2001}, "filter_too_long")]:  # fmt: skip
        with pytest.raises(Refused) as refused:
            ask(**more)
        assert refused.value.code == code


def test_an_eleventh_waiting_export_is_refused(ask):
    for _number in range(10):
        ask()
    with pytest.raises(Refused) as refused:
        ask()
    assert refused.value.code == "too_many"


def test_asking_writing_and_cancelling_are_in_the_audit_trail(ask, account, manager):
    written(ask())
    services.cancel(export=ask(), by=manager, at=AT)
    assert set(AuditEntry.objects.values_list("did", flat=True)) == {"asked for an export", "exported", "cancelled an export"}


def test_an_export_rung_twice_is_written_once(ask, account):
    export = written(ask())
    before = Export.objects.values().get()
    tasks.write(export.pk)
    assert Export.objects.values().get() == before


def test_a_cancelled_export_stops_and_leaves_no_file(ask, manager, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    export = ask()

    def endless(user, query, language):
        for number in range(10_000):
            if number == 500:
                services.cancel(export=export, by=manager, at=AT)
            yield (number,)

    registry.register("accounts", "Accounts", ("n",), endless)
    export = written(export)
    assert (export.state, list(tmp_path.rglob("*.csv"))) == (State.CANCELLED, [])
    with pytest.raises(AlreadyDone):
        services.cancel(export=export, by=manager, at=AT)


def test_a_failing_export_says_so_and_leaves_no_file(ask, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path

    def broken(user, query, language):
        yield (1,)
        raise KeyError("x")

    registry.register("accounts", "Accounts", ("n",), broken)
    export = written(ask())
    assert (export.state, export.error, list(tmp_path.rglob("*.csv"))) == (State.FAILED, "unexpected KeyError", [])


def test_an_export_whose_writer_died_is_written_after_all(ask, account):
    export = ask(at=timezone.now())
    now = timezone.now()
    Export.objects.filter(pk=export.pk).update(state=State.WRITING, heartbeat_at=now)
    assert services.waiting(at=now) == []
    assert services.waiting(at=now + dt.timedelta(minutes=3)) == [export.pk]
    assert written(export).state == State.READY


def test_a_lost_bell_is_rung_again(ask):
    export = ask(at=AT)
    assert services.waiting(at=AT + dt.timedelta(minutes=1)) == []
    assert services.waiting(at=AT + dt.timedelta(minutes=3)) == [export.pk]


def test_a_file_is_forgotten_after_a_week_and_the_page_says_so(ask, account, sign_in, manager):
    export = written(ask())
    stored = export.file.path
    assert services.forget(at=timezone.now() + dt.timedelta(days=6)) == 0
    assert services.forget(at=timezone.now() + dt.timedelta(days=8)) == 1
    from pathlib import Path

    assert not Path(stored).exists()
    client = sign_in(manager)
    assert "Expired" in client.get(reverse("crm:export-list")).content.decode()
    assert client.get(reverse("crm:export-download", args=[export.pk])).status_code == 404


def test_a_big_decimal_is_written_as_a_number(ask):
    registry.register("accounts", "Accounts", ("n",), lambda *_a: iter([(Decimal("1234567.89"),), (None,)]))
    assert rows_of(written(ask(format="xlsx")))[1] == [1234567.89]


@pytest.mark.parametrize("role", EVERYONE)
def test_everybody_exports_for_themselves_and_sees_nobody_elses(role, request, sign_in, ask, colleague, make_account):
    person, foreign = request.getfixturevalue(role), written(ask(owner=colleague))
    client = sign_in(person)
    answer = client.post(reverse("crm:export-create"), {"what": "accounts", "query": "?a=1", "format": "csv"})
    assert answer.status_code == 302
    own = written(Export.objects.get(owner=person))
    assert own.query == "a=1"
    for name, expected in (("export-download", 200), ("export-bell", 200)):
        assert client.get(reverse(f"crm:{name}", args=[own.pk])).status_code == expected
        assert client.get(reverse(f"crm:{name}", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("crm:export-cancel", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("crm:export-cancel", args=[own.pk])).status_code == 409
    assert client.get(f"/api/v1/exports/{foreign.pk}/").status_code == 404
    assert client.get(f"/api/v1/exports/{foreign.pk}/file/").status_code == 404
    assert client.get(f"/api/v1/exports/{own.pk}/file/")["Content-Disposition"].startswith("attachment")
    assert [each["id"] for each in client.get("/api/v1/exports/").json()["results"]] == [own.pk]


def test_the_list_asks_again_while_something_moves_and_stops_after(sign_in, manager, ask, account):
    client, export = sign_in(manager), ask()
    assert b"every 2s" in client.get(reverse("crm:export-list")).content
    written(export)
    page = client.get(reverse("crm:export-list"), headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in page and "Download" in page and "<html" not in page


def test_the_bell_tells_when_the_export_is_ready(sign_in, manager, account):
    client = sign_in(manager)
    answer = client.post(reverse("crm:export-create"), {"what": "accounts"}, headers={"HX-Request": "true"})
    export = Export.objects.get()
    assert "toast" in answer["HX-Trigger"] and reverse("crm:export-bell", args=[export.pk]) in answer.content.decode()
    written(export)
    answer = client.get(reverse("crm:export-bell", args=[export.pk]), headers={"HX-Request": "true"})
    assert "is ready" in answer["HX-Trigger"] and "every 2s" not in answer.content.decode()


def test_a_program_asks_follows_and_cancels(sign_in, analyst, account):
    client = sign_in(analyst)
    answer = client.post("/api/v1/exports/", {"what": "accounts", "format": "xlsx"})
    assert answer.status_code == 201 and answer.json()["state"] == "waiting"
    pk = answer.json()["id"]
    assert client.get(f"/api/v1/exports/{pk}/file/").status_code == 404
    assert client.post(f"/api/v1/exports/{pk}/cancel/").json()["state"] == "cancelled"
    assert client.post("/api/v1/exports/", {"what": "nothing"}).status_code == 409
    assert client.post("/api/v1/exports/", {"what": "accounts", "format": "pdf"}).status_code == 400


@pytest.mark.parametrize("size", [2, 30])
def test_the_list_costs_the_same_at_any_size(size, sign_in, manager, django_assert_max_num_queries):
    Export.objects.bulk_create(Export(owner=manager, what="accounts", state=State.READY, asked_at=AT) for _number in range(size))
    client = sign_in(manager)
    with django_assert_max_num_queries(8):
        client.get(reverse("crm:export-list"))


def test_an_export_of_a_role_that_changed_is_not_fetched_any_more(sign_in, ask, account, manager):
    registry.register("accounts", "Accounts", ("n",), lambda *_a: iter([(1,)]), permission="crm.view_desk")
    export = written(ask())
    type(manager).objects.filter(pk=manager.pk).update(role=Role.AGENT)
    assert sign_in(manager).get(reverse("crm:export-download", args=[export.pk])).status_code == 404
