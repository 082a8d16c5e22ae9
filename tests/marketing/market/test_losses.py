"""Losses as their managers know them, and the lists of who takes customers away."""

import datetime as dt

import pytest
from django.utils import timezone

from crm.accounts.models import Account
from crm.people.errors import AlreadyDone, Refused
from marketing.market import services
from marketing.market.models import LossNote, Rival, unexplained
from marketing.market.services import Loss


@pytest.fixture
def now():
    return timezone.localtime()


@pytest.fixture
def rival(db):
    return Rival.objects.filter(kind="competitor").first()


def test_a_loss_is_noted_once_and_a_wrong_note_withdrawn(account, manager, colleague, rival, now):
    loss = Loss(now.date(), "switched", "offer", competitor=rival)
    noted = services.note(account=account, loss=loss, by=manager, at=now)
    with pytest.raises(AlreadyDone, match="noted already"):
        services.note(account=account, loss=loss, by=manager, at=now)
    with pytest.raises(Refused):
        services.withdraw(loss_note=noted, by=colleague, at=now)
    services.withdraw(loss_note=noted, by=manager, at=now)
    with pytest.raises(AlreadyDone):
        services.withdraw(loss_note=noted, by=manager, at=now)
    services.note(account=account, loss=loss, by=manager, at=now)
    assert LossNote.objects.standing().count() == 1


def test_what_cannot_be_is_refused(account, manager, colleague, rival, now):
    today = now.date()
    for loss, by, why in (
        (Loss(today + dt.timedelta(days=1), "closed", "price"), manager, "still to come"),
        (Loss(today, "closed", "price"), colleague, "looks after"),
        (Loss(today, "switched", "offer"), manager, "whose offer"),
        (Loss(today, "switched", "price", substitute=rival), manager, "is not a substitute"),
    ):
        with pytest.raises(Refused, match=why):
            services.note(account=account, loss=loss, by=by, at=now)
    assert not LossNote.objects.exists()


def test_a_note_is_seen_by_who_sees_the_account(account, manager, supervisor, stranger, agent, now):
    services.note(account=account, loss=Loss(now.date(), "closed", "relocation"), by=manager, at=now)
    seen = [LossNote.objects.visible_to(person).count() for person in (manager, supervisor, stranger, agent)]
    assert seen == [1, 1, 0, 0]


def test_closed_accounts_nobody_explained_are_told(make_account, manager, now):
    since, today = now.date() - dt.timedelta(days=300), now.date()
    explained, silent, old = (make_account(status="closed", closed_on=today - dt.timedelta(days=days)) for days in (10, 20, 400))
    services.note(account=explained, loss=Loss(today - dt.timedelta(days=10), "closed", "relocation"), by=manager, at=now)
    assert list(unexplained(Account.objects.visible_to(manager), since=since)) == [silent]
    assert old not in unexplained(Account.objects.all(), since=since)


def test_rivals_are_renamed_not_doubled(analyst):
    made = services.save_rival(kind="competitor", name="新奥售电", name_en="ENN", is_active=True, by=analyst)
    with pytest.raises(Refused, match="in the list"):
        services.save_rival(kind="competitor", name=" 新奥售电 ", name_en="", is_active=True, by=analyst)
    services.save_rival(rival=made, kind="competitor", name="新奥能源", name_en="ENN", is_active=False, by=analyst)
    assert Rival.objects.get(pk=made.pk).name == "新奥能源"
