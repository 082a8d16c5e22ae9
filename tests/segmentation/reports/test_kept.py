"""Reports written by the worker: their way from asked to ready, whose they are, links, and those of every month."""

import datetime as dt
import io
import json

import pytest
from django.core import signing
from django.utils import timezone
from pptx import Presentation

from crm.audit.models import AuditEntry
from crm.people.errors import AlreadyDone, Refused
from crm.people.models import User
from crm.satisfaction.senders import NotSent
from segmentation.reports import services
from segmentation.reports.models import GeneratedReport, ReportSchedule
from segmentation.reports.services import generating, telling
from tests.segmentation.reports import made_report

AT = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
State = GeneratedReport.State


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def counted(monkeypatch):
    """The figures are those of a document made by hand; what is asked of them is kept."""
    asked = []

    def build(**what):
        asked.append(what)
        return made_report.report(what["language"])

    monkeypatch.setattr(generating, "build", build)
    return asked


@pytest.fixture
def asked(counted, run):
    def ask(owner, **what):
        return services.ask(**{"kind": "behaviour", "format": "xlsx", "language": "en", "owner": owner, "at": AT} | what)

    return ask


@pytest.fixture
def ready(asked, monkeypatch, run):
    """`ready(supervisor)`: a report of theirs that was written."""

    def make(owner, **what):
        report = asked(owner, **what)
        monkeypatch.setattr(made_report, "report", _with_run(made_report.report, run.pk))
        services.generate(report_id=report.pk)
        report.refresh_from_db()
        assert report.state == State.READY, report.error
        return report

    return make


def _with_run(make, run):
    import dataclasses

    return lambda *args, **more: dataclasses.replace(document := make(*args, **more), inputs=document.inputs | {"run": run})


def test_a_report_is_written_and_kept_with_what_it_was_made_from(ready, supervisor, counted, run):
    report = ready(supervisor, format="pptx", language="zh-hans")
    assert counted[0]["reader"] == supervisor and counted[0]["language"] == "zh-hans"
    assert report.as_of == dt.date(2026, 10, 31) and report.run == run and report.inputs["policies"]["value"] == 3
    content = report.file.read()
    assert len(Presentation(io.BytesIO(content)).slides) > 10 and report.size == len(content) and report.done == report.of == 5
    assert list(AuditEntry.objects.values_list("did", flat=True).order_by("id"))[-2:] == ["asked for a report", "was given a report"]


def test_made_again_it_has_the_same_bytes(ready, supervisor):
    first = ready(supervisor, format="pdf")
    second = services.again(report=first, at=AT)
    services.generate(report_id=second.pk)
    second.refresh_from_db()
    assert second.sha256 == first.sha256 and second.run == first.run and second.asked_as_of == first.as_of


def test_a_second_worker_finds_nothing_to_do(ready, supervisor, counted):
    report = ready(supervisor)
    services.generate(report_id=report.pk)
    assert len(counted) == 1


def test_cancelled_while_it_is_drawn_leaves_no_file(asked, supervisor, counted, tmp_path, monkeypatch):
    report = asked(supervisor)
    real = generating.build

    def build(**what):
        services.cancel(report=report, by=supervisor, at=AT)
        return real(**what)

    monkeypatch.setattr(generating, "build", build)
    services.generate(report_id=report.pk)
    report.refresh_from_db()
    assert report.state == State.CANCELLED and not list(tmp_path.rglob("*.xlsx"))
    with pytest.raises(AlreadyDone):
        services.cancel(report=report, by=supervisor, at=AT)


def test_a_refusal_is_told_in_words_and_a_fault_of_ours_plainly(asked, sign_in, supervisor, monkeypatch):
    refused, broken = asked(supervisor), asked(supervisor)
    for report, error in ((refused, Refused("Recompute first.")), (broken, ZeroDivisionError())):

        def build(error=error, **what):
            raise error

        monkeypatch.setattr(generating, "build", build)
        services.generate(report_id=report.pk)
    page = sign_in(supervisor).get("/reports/kept/").content.decode()
    assert "Recompute first." in page and "Something failed inside Greenlane" in page and "ZeroDivision" not in page


def test_a_report_whose_worker_died_is_written_again_and_given_up_the_third_time(asked, supervisor):
    report = asked(supervisor)
    row = GeneratedReport.objects.filter(pk=report.pk)
    for attempts, state in ((1, State.WAITING), (3, State.FAILED)):
        row.update(state=State.WORKING, heartbeat_at=AT, attempts=attempts)
        assert services.waiting(at=AT + dt.timedelta(minutes=6)) == ([report.pk] if state == State.WAITING else [])
        assert row.get().state == state


@pytest.mark.parametrize(
    "wrong", [{"kind": "x"}, {"format": "doc"}, {"tier": "tin"}, {"category": "x"}, {"unit": "33999"}, {"segment": "Nobody"}]
)
def test_what_cannot_be_had_is_refused_with_words(asked, supervisor, wrong):
    with pytest.raises(Refused) as refusal:
        asked(supervisor, **wrong)
    assert len(str(refusal.value)) > 20 and not GeneratedReport.objects.exists()


def test_an_eleventh_waiting_report_is_refused(asked, supervisor):
    for _ in range(10):
        asked(supervisor)
    with pytest.raises(Refused, match="Ten of your reports"):
        asked(supervisor)


# --- whose it is ----------------------------------------------------------------------------------------------------------------------------


def test_others_do_not_see_it_and_lose_it_with_their_rights(ready, supervisor, analyst, west):
    report = ready(supervisor)
    assert GeneratedReport.objects.visible_to(supervisor).get() == report
    assert not GeneratedReport.objects.visible_to(analyst).exists()
    User.objects.filter(pk=supervisor.pk).update(unit=west)
    assert not GeneratedReport.objects.visible_to(User.objects.get(pk=supervisor.pk)).exists()


def test_a_link_opens_to_who_may_see_as_much_and_to_nobody_else(
    ready, client, supervisor, analyst, manager, colleague, make_user, county, province, agent
):
    chief, deputy = make_user("chief", "supervisor", province), make_user("deputy", "supervisor", county)
    path = services.path_of(services.share(report=ready(supervisor), by=supervisor, at=timezone.now()))
    answers = {}
    for person in (chief, deputy, manager, analyst, agent):
        client.force_login(person)
        answers[person.username] = client.get(path).status_code
    # the analyst reads names of private people masked, the manager one station of the county, the agent no report at all
    assert answers == {"chief": 200, "deputy": 200, "anna": 404, "ada": 404, "lina": 403}
    client.logout()
    assert client.get(path).status_code == 302


def test_a_masked_report_may_be_read_by_those_who_read_plainly_but_not_beyond_their_unit(ready, client, analyst, administrator, supervisor):
    path = services.path_of(services.share(report=ready(analyst), by=analyst, at=timezone.now()))
    client.force_login(administrator)
    assert client.get(path).status_code == 200
    client.force_login(supervisor)
    assert client.get(path).status_code == 404


def test_accounts_of_a_manager_outside_the_unit_keep_the_report_to_who_manages_them(
    ready, client, manager, colleague, supervisor, make_account, west
):
    account = make_account(unit=west, manager=manager)
    report = ready(manager)
    assert report.others == [account.pk] and GeneratedReport.objects.visible_to(manager).exists()
    path = services.path_of(services.share(report=report, by=manager, at=timezone.now()))
    for person in (colleague, supervisor):
        client.force_login(person)
        assert client.get(path).status_code == 404
    account.manager = colleague
    account.save()
    assert not GeneratedReport.objects.visible_to(manager).exists()


def test_a_link_that_ended_says_so_and_a_forged_one_leads_nowhere(ready, client, supervisor):
    report = ready(supervisor)
    client.force_login(supervisor)
    old = services.path_of(services.share(report=report, by=supervisor, at=AT - dt.timedelta(days=3000)))
    answer = client.get(old)
    assert answer.status_code == 409 and "This link ended on" in answer.content.decode()
    good = services.path_of(services.share(report=report, by=supervisor, at=timezone.now()))
    token = good.rstrip("/").rpartition("/")[2]
    other = signing.Signer(salt="something else").sign(token.partition(":")[0])
    for forged in (token[:-1] + ("A" if token[-1] != "A" else "B"), "1-2", other, "x" * 500):
        assert client.get(f"/reports/shared/{forged}/").status_code == 404


def test_one_link_is_taken_back_and_the_others_stay_good(ready, sign_in, supervisor):
    report, client = ready(supervisor), sign_in(supervisor)
    links = [services.share(report=report, by=supervisor, at=timezone.now()) for _ in range(2)]
    answer = client.post(f"/reports/kept/{report.pk}/links/{links[0].pk}/revoke/", follow=True)
    assert [link.pk for link in answer.context["links"]] == [links[1].pk]
    gone = client.get(services.path_of(links[0]))
    assert gone.status_code == 409 and "taken back" in gone.content.decode()
    assert client.get(services.path_of(links[1])).status_code == 200
    assert (
        client.post(f"/api/v1/kept-reports/{report.pk}/revoke/", {"link": links[0].pk}, content_type="application/json").status_code == 409
    )
    assert (
        client.post(f"/api/v1/kept-reports/{report.pk}/revoke/", {"link": links[1].pk}, content_type="application/json").status_code == 204
    )
    assert client.get(services.path_of(links[1])).status_code == 409


def test_downloading_is_written_down_and_the_file_is_what_was_kept(ready, sign_in, supervisor):
    report = ready(supervisor)
    answer = sign_in(supervisor).get(f"/reports/kept/{report.pk}/file/")
    assert b"".join(answer.streaming_content) == report.file.read()
    assert answer["Content-Disposition"] == 'attachment; filename="behaviour-all-2026-10-31-en.xlsx"'
    assert AuditEntry.objects.filter(did="downloaded a report").exists()


def test_a_file_is_put_away_after_its_time_and_removed_when_asked(ready, sign_in, supervisor, tmp_path):
    old, removed = ready(supervisor), ready(supervisor)
    GeneratedReport.objects.filter(pk=old.pk).update(finished_at=AT - services.KEEP_FOR)
    assert services.forget(at=AT + dt.timedelta(days=1)) == 1
    assert sign_in(supervisor).get(f"/reports/kept/{old.pk}/").status_code == 200
    assert sign_in(supervisor).get(f"/reports/kept/{old.pk}/file/").status_code == 404
    services.remove(report=removed, by=supervisor)
    assert not GeneratedReport.objects.filter(pk=removed.pk).exists()


# --- pages and API --------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [3, 30])
def test_the_list_costs_the_same_at_any_size(asked, supervisor, sign_in, county, rows, django_assert_max_num_queries):
    GeneratedReport.objects.bulk_create(
        GeneratedReport(owner=supervisor, asked_at=AT, reach=county, plain=True, unit=county, state=State.CANCELLED) for _ in range(rows)
    )
    client = sign_in(supervisor)
    with django_assert_max_num_queries(15):
        assert client.get("/reports/kept/").context["page"].rows


def test_a_wrong_form_comes_back_with_its_errors(sign_in, supervisor, run):
    answer = sign_in(supervisor).post("/reports/kept/generate/", {"kind": "behaviour", "format": "doc", "language": "en"})
    assert answer.status_code == 422 and answer.context["form"].errors.keys() == {"format"}
    answer = sign_in(supervisor).post(
        "/reports/kept/generate/", {"kind": "behaviour", "format": "pdf", "language": "en", "segment": "Nobody"}
    )
    assert answer.status_code == 422 and "Nobody" in answer.context["refusal"]


def test_a_program_asks_follows_and_fetches(sign_in, supervisor, counted, run, county, monkeypatch):
    monkeypatch.setattr(made_report, "report", _with_run(made_report.report, run.pk))
    client = sign_in(supervisor)
    asked = client.post(
        "/api/v1/kept-reports/", {"kind": "behaviour", "format": "json", "unit": county.code}, content_type="application/json"
    )
    assert asked.status_code == 201 and asked.json()["state"] == "waiting" and asked.json()["unit"] == county.code
    key = asked.json()["id"]
    assert client.get(f"/api/v1/kept-reports/{key}/file/").status_code == 404
    services.generate(report_id=key)
    assert client.get(f"/api/v1/kept-reports/{key}/").json()["state"] == "ready"
    told = json.loads(b"".join(client.get(f"/api/v1/kept-reports/{key}/file/").streaming_content))
    assert told["as_of"] == "2026-10-31" and len(told["chapters"]) == 5
    link = client.post(f"/api/v1/kept-reports/{key}/share/").json()["path"]
    assert client.get(link).status_code == 200
    refused = client.post("/api/v1/kept-reports/", {"kind": "behaviour", "segment": "Nobody"}, content_type="application/json")
    assert refused.status_code == 409 and refused.json()["code"] == "no_segment"


# --- every month ----------------------------------------------------------------------------------------------------------------------------

PLAN = {
    "name": "To the board",
    "kind": "tiers",
    "format": "pptx",
    "language": "zh-hans",
    "category": "",
    "tier": "",
    "segment": "",
    "day": 20,
}


@pytest.fixture
def planned(supervisor, manager, run):
    def make(recipients, **changed):
        return services.plan(by=supervisor, at=AT, on=AT.date(), recipients=recipients, **PLAN | changed)

    return make


def test_each_recipient_gets_one_a_month_under_their_own_rights(planned, supervisor, manager, make_user, west, county, east):
    elsewhere = make_user("far", "supervisor", west)
    schedule = planned([supervisor, manager, elsewhere])
    assert schedule.unit == county, "who is bound to a unit plans for it"
    made = services.make_due(at=AT, on=AT.date())
    rows = {row.owner.username: row for row in GeneratedReport.objects.all()}
    assert sorted(made) == sorted(rows[name].pk for name in ("boss", "anna"))
    assert (rows["boss"].unit, rows["anna"].unit) == (county, east)
    assert rows["far"].state == State.FAILED and "不在您可见的范围" in rows["far"].error
    assert services.make_due(at=AT, on=AT.date()) == []
    assert len(services.make_due(at=AT, on=dt.date(2026, 12, 21))) == 2


def test_a_schedule_waits_for_its_day_and_begins_next_month_when_that_is_past(planned, supervisor):
    planned([supervisor], day=21)
    planned([supervisor], day=19)
    assert services.make_due(at=AT, on=AT.date()) == []
    assert len(services.make_due(at=AT, on=dt.date(2026, 11, 21))) == 1
    assert len(services.make_due(at=AT, on=dt.date(2026, 12, 19))) == 1


def test_a_paused_schedule_makes_nothing(planned, supervisor):
    schedule = planned([supervisor])
    services.switch(schedule=schedule, by=supervisor, on=False)
    assert services.make_due(at=AT, on=AT.date()) == []
    services.end(schedule=schedule, by=supervisor)
    assert not ReportSchedule.objects.exists()


def test_a_message_with_the_address_goes_out_once_and_again_when_it_was_not_taken(planned, supervisor, counted, run, settings, monkeypatch):
    settings.REPORT_SENDER, settings.STAFF_URL = "tests.segmentation.reports.test_kept.send", "https://green.example"
    User.objects.filter(pk=supervisor.pk).update(email="boss@example.com")
    planned([supervisor], kind="behaviour", format="json")
    (key,) = services.make_due(at=AT, on=AT.date())
    monkeypatch.setattr(made_report, "report", _with_run(made_report.report, run.pk))
    assert services.tell_due(at=AT) == 0
    services.generate(report_id=key)
    Letters.sent, Letters.refuse = [], True
    assert services.tell_due(at=AT) == 0
    Letters.refuse = False
    assert services.tell_due(at=AT) == 1 and services.tell_due(at=AT) == 0
    ((to, text, subject),) = Letters.sent
    assert to == "boss@example.com" and f"https://green.example/reports/kept/{key}/" in text and "To the board" in subject
    assert telling.MOST_ATTEMPTS == 5


class Letters:
    sent: list = []
    refuse = False


def send(to, text, subject):
    if Letters.refuse:
        raise NotSent("busy")
    Letters.sent.append((to, text, subject))


def test_a_planner_names_only_people_in_reach(sign_in, supervisor, manager, stranger, analyst, run):
    client = sign_in(supervisor)
    told = PLAN | {"recipients": [manager.pk, stranger.pk]}
    answer = client.post("/reports/schedules/new/", told)
    assert answer.status_code == 422 and "recipients" in answer.context["form"].errors
    assert client.post("/api/v1/report-schedules/", told, content_type="application/json").status_code == 400
    assert client.post("/reports/schedules/new/", told | {"recipients": [manager.pk]}).status_code == 302
    one = ReportSchedule.objects.get()
    changed = client.post(f"/reports/schedules/{one.pk}/", told | {"recipients": [supervisor.pk], "day": 5})
    assert changed.status_code == 302 and list(ReportSchedule.objects.get().recipients.all()) == [supervisor]
    assert sign_in(stranger).get("/reports/schedules/").status_code == 403


@pytest.mark.parametrize("rows", [2, 20])
def test_the_list_of_schedules_costs_the_same_at_any_size(planned, sign_in, supervisor, manager, rows, django_assert_max_num_queries):
    for _ in range(rows):
        planned([supervisor, manager])
    client = sign_in(supervisor)
    with django_assert_max_num_queries(12):
        client.get("/reports/schedules/")
