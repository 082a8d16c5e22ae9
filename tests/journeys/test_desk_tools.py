"""What stands around a ticket: who gets it, files and answers, two tickets of one matter, the wall, and what the customer says in the end."""

import datetime as dt
import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from crm.answers.models import CannedAnswer
from crm.engagement.models import Engagement
from crm.routing import services as routing
from crm.satisfaction import services as satisfaction
from crm.satisfaction.links import token_of
from crm.tickets import services as tickets
from crm.tickets.models import State, Ticket
from tests.journeys.chromium import journey

pytestmark = [*journey, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("calendar_for_today")]

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture
def logged(account, agent):
    """`logged(text)`: a complaint of an outage at Anna's account."""

    def log(text, **more):
        about = {"account": account, "kind": "complaint", "category": "outage", "title": text, "text": text}
        return tickets.log(**(about | more), by=agent, at=timezone.now())

    return log


def test_a_rule_tried_on_last_month_and_saved_sends_the_next_complaint_where_it_says(visit, administrator, agent, colleague, logged):
    logged("Transformer hums loudly at night")
    root = visit(administrator, "/routing/new/")
    root.get_by_label("Name", exact=True).fill("变压器噪声")
    root.get_by_label("English name").fill("Transformer noise to Ben")
    root.get_by_label("Words in the text").fill("hums")
    root.get_by_label("Goes to").select_option("person")
    root.locator("#id_person").evaluate("(list, key) => { list.value = key; list.tomselect?.sync() }", str(colleague.pk))
    root.get_by_role("button", name="Try on last month").click()
    expect(root.locator("#trial")).to_contain_text("This rule would have taken 1 of them")
    expect(root.locator("#trial")).to_contain_text("Nothing is saved yet.")
    root.get_by_role("button", name="Save").click()
    expect(root.get_by_role("link", name="Transformer noise to Ben")).to_be_visible()

    ticket = logged("Ours hums as well")
    routing.route_due(at=timezone.now())  # what the worker does at the bell of a new ticket
    ticket.refresh_from_db()
    assert ticket.assignee == colleague
    lina = visit(agent, f"/complaints/{ticket.pk}/")
    expect(lina.locator("main")).to_contain_text("Transformer noise to Ben")


def test_the_wall_counts_what_is_late_and_each_number_leads_to_its_tickets(visit, supervisor, logged):
    late, fresh = logged("Dark since Monday"), logged("Flickering light")
    Ticket.objects.filter(pk=late.pk).update(answer_due_at=timezone.now() - dt.timedelta(hours=3))
    boss = visit(supervisor, "/wall/")
    overdue = boss.locator(".wall-tile", has_text="Overdue")
    expect(overdue).to_contain_text("1")
    expect(boss.get_by_role("row", name="East Station")).to_be_visible()
    overdue.click()
    expect(boss.locator("#queue")).to_contain_text(late.title)
    expect(boss.locator("#queue")).not_to_contain_text(fresh.title)


def test_a_file_an_answer_from_the_shelf_and_the_close_with_its_cause(visit, agent, logged, tmp_path, troubles):
    CannedAnswer.objects.create(
        name="停电抱歉", name_en="Sorry for the outage", text="您好，工单 {number} 已处理。", text_en="We are sorry about {number}."
    )
    ticket = logged("No power in hall 3")
    (tmp_path / "photo.pdf").write_bytes(PDF)
    (tmp_path / "invoice.pdf").write_bytes(b"MZ\x90\x00 no document at all")

    lina = visit(agent, f"/complaints/{ticket.pk}/")
    lina.get_by_label("Add files").set_input_files(tmp_path / "photo.pdf")
    lina.get_by_role("button", name="Add", exact=True).click()
    expect(lina.get_by_role("link", name="photo.pdf")).to_be_visible()
    with lina.expect_download() as download:
        lina.get_by_role("link", name="photo.pdf").click()
    assert download.value.path().read_bytes() == PDF
    lina.get_by_label("Add files").set_input_files(tmp_path / "invoice.pdf")
    lina.get_by_role("button", name="Add", exact=True).click()
    expect(lina.locator("main")).to_contain_text("The content of “invoice.pdf” is of no type that is taken")
    troubles.forgive("409")  # the browser notes the refused file
    lina.get_by_role("link", name="Back").click()
    assert [file.name for file in ticket.attachments.all()] == ["photo.pdf"]

    for language in ("中文", "English"):  # each asks for the shelf anew; what is opened before it came would be closed again
        choice = lina.locator("#ticket-answers").get_by_role("button", name=language)
        choice.click()
        expect(choice).to_have_attribute("aria-pressed", "true")
    lina.locator("summary", has_text="Sorry for the outage").click()
    lina.get_by_role("button", name="Use in the answer").click()
    dialog = lina.get_by_role("dialog", name="Answer")
    expect(dialog.get_by_role("textbox")).to_have_value(re.compile(f"We are sorry about #?{ticket.pk}."))
    lina.keyboard.press("Control+Enter")
    expect(lina.locator("main")).to_contain_text("Answered")

    lina.keyboard.press("c")
    dialog = lina.get_by_role("dialog", name="Close")
    dialog.get_by_role("button", name="Close").click()
    expect(lina.get_by_role("alert")).to_contain_text("Nothing was changed yet")
    troubles.forgive("422")
    lina.get_by_label("Root cause", exact=True).select_option(index=1)
    lina.get_by_role("button", name="Save").click()
    expect(lina.locator("main")).to_contain_text("Root cause")
    ticket.refresh_from_db()
    assert ticket.state == State.CLOSED and ticket.root_cause


def test_the_same_matter_logged_twice_becomes_one_and_can_be_two_again(visit, agent, logged):
    first, second = logged("Pole leans over the road"), logged("Pole nearly down")
    lina = visit(agent, f"/complaints/{second.pk}/")
    lina.keyboard.press("e")
    lina.keyboard.type(f"#{first.pk}")
    lina.keyboard.press("Control+Enter")
    expect(lina.get_by_text("Merged into", exact=False).first).to_be_visible()
    second.refresh_from_db()
    assert (second.duplicate_of, second.state) == (first, State.CLOSED)
    lina.goto(lina.url.replace(f"/complaints/{first.pk}/", f"/complaints/{second.pk}/"))
    lina.keyboard.press("u")
    expect(lina.get_by_role("button", name="Merge into…")).to_be_visible()
    second.refresh_from_db()
    assert (second.duplicate_of, second.state) == (None, State.NEW)


def test_of_two_who_take_one_ticket_the_second_is_told_who_was_first(visit, agent, make_user, logged, troubles):
    mei = make_user("mei", agent.role, full_name="梅")
    ticket = logged("Meter box open")
    one, other = visit(agent, f"/complaints/{ticket.pk}/"), visit(mei, f"/complaints/{ticket.pk}/")
    for page in (one, other):
        page.get_by_role("button", name="Take in hand").click()
    expect(one.locator("main")).to_contain_text("In hand")
    expect(other.locator("main")).to_contain_text("is already “In hand”, by Lina")
    troubles.forgive("409")  # the browser notes the refused move
    assert ticket.notes.filter(moved_to=State.WORKING).count() == 1


def test_a_customer_rates_on_a_phone_once_and_a_bad_mark_reaches_who_looks_after_them(
    new_page, visit, address, agent, manager, supervisor, logged, troubles
):
    ticket, now = logged("Out again"), timezone.now()
    tickets.answer(ticket=ticket, text="Fuse replaced", by=agent, at=now)
    tickets.close(ticket=ticket, root_cause="equipment", by=agent, at=now)
    assert satisfaction.ask_about_closed(at=timezone.now()) == 1
    link = f"{address}/rate/{token_of(ticket.surveys.get().pk)}/"

    customer = new_page(width=390, height=844)
    customer.goto(link)
    customer.locator("input[name=score][value='1']").check(force=True)
    customer.locator("textarea").fill("等了两天没有人回电话")
    customer.get_by_role("button").last.click()
    expect(customer.get_by_role("status")).to_be_visible()
    customer.goto(link)
    expect(customer.locator(".score")).to_have_count(0)
    customer.goto(link[:-2] + ("A" if link[-2] != "A" else "B") + "/")
    expect(customer.locator(".score")).to_have_count(0)

    troubles.forgive("404")  # a seal that is not ours

    boss = visit(supervisor, "/satisfaction/")
    expect(boss.get_by_role("row", name=ticket.title)).to_contain_text("等了两天没有人回电话")
    task = Engagement.objects.get(account=ticket.account)
    assert task.by == manager
    anna = visit(manager, "/desk/")
    expect(anna.locator("main")).to_contain_text(f"#{ticket.pk}")
