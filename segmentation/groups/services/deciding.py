"""What people decide about groups: names, how they are sought, expert rules, and to seek them anew."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from segmentation.engine.features import FEATURES
from segmentation.groups.models import BehaviourGroup, GroupingRequest, GroupRule, GroupSetting

LONGEST_NAME = 60


@transaction.atomic
def rename(*, group: BehaviourGroup, name: str, by) -> BehaviourGroup:
    """Call the group `name`; an empty one brings the name after its shape back. Raises `Refused` where another group of the kind has it."""
    name = " ".join(name.split())
    if len(name) > LONGEST_NAME:
        raise Refused(_("A name has at most 60 characters."), code="too_long")
    others = BehaviourGroup.objects.filter(kind=group.kind).exclude(pk=group.pk)
    if name and any(name in (other.called("en"), other.called("zh-hans")) for other in others):
        raise Refused(_("Another group is called “%(name)s” already; choose another name.") % {"name": name}, code="taken")
    before = str(group)
    BehaviourGroup.objects.filter(pk=group.pk).update(name=name)
    group.refresh_from_db()
    record(by=by, did="renamed a group", on=group, before=before, after=str(group))
    return group


@transaction.atomic
def change_settings(*, kind: str, k: int | None, floor: float, with_answers: bool, by) -> GroupSetting:
    """How the next grouping of the kind is sought."""
    setting, _made = GroupSetting.objects.update_or_create(kind=kind, defaults={"k": k, "floor": floor, "with_answers": with_answers})
    record(by=by, did="changed how groups are sought", on=setting, kind=kind, k=k, floor=floor, with_answers=with_answers)
    return setting


@transaction.atomic
def add_rule(
    *, group: BehaviourGroup, feature: str, comparison: str, threshold: float, category: str, note: str, by, at: dt.datetime
) -> GroupRule:
    """Accounts the rule holds for belong to the group from the next grouping on. Raises `Refused` for a feature that is not measured."""
    if feature not in {it.name for it in FEATURES}:
        raise Refused(_("There is no feature “%(name)s”; choose one from the list.") % {"name": feature}, code="no_feature")
    if group.retired:
        raise Refused(_("This group has no accounts any more; make the rule for one that stands."), code="retired")
    rule = GroupRule.objects.create(
        group=group, feature=feature, comparison=comparison, threshold=threshold, category=category, note=note, made_by=by, made_at=at
    )
    record(by=by, did="made an expert rule", on=group, rule=str(rule), note=note)
    return rule


@transaction.atomic
def drop_rule(*, rule: GroupRule, by):
    """From the next grouping on the rule no longer holds."""
    record(by=by, did="dropped an expert rule", on=rule.group, rule=str(rule))
    GroupRule.objects.filter(pk=rule.pk).delete()


@transaction.atomic
def ask(*, run, by, at: dt.datetime) -> GroupingRequest:
    """Seek the groups of the run in force anew. Raises `Refused` without a run, `AlreadyDone` while another request waits."""
    if run is None:
        raise Refused(_("Nothing has been judged yet; recompute first, groups are found with it."), code="not_judged")
    try:
        with transaction.atomic():
            asked = GroupingRequest.objects.create(run=run, asked_by=by, asked_at=at)
    except IntegrityError as already:
        raise AlreadyDone(_("Groups are being sought already; the page shows them when they are there.")) from already
    record(by=by, did="asked for groups", on=asked, run=run.pk)
    return asked
