"""What the pages of groups show, made of rows already found."""

from django.db.models import Count
from django.utils.translation import get_language

from crm.accounts.models import Account
from segmentation.engine.groups import rules_in_words
from segmentation.groups import words
from segmentation.groups.forms import SettingsForm
from segmentation.groups.models import BehaviourGroup, Grouping, GroupingRequest, GroupSetting, Kind, Membership


def kinds_for(user) -> list[dict]:
    """A card for each grouping: the result in force, or the newest with why there is none; its groups with how many of them the reader sees."""
    groups = list(BehaviourGroup.objects.visible_to(user).standing())
    in_force = {row.kind: row for row in Grouping.objects.visible_to(user).filter(in_force=True).select_related("run")}
    newest = {row.kind: row for row in Grouping.objects.visible_to(user).select_related("run").order_by("run")}
    settings = {row.kind: row for row in GroupSetting.objects.all()}
    return [_card(kind, groups, in_force.get(kind), newest.get(kind), settings.get(kind.value), user) for kind in Kind]


def _card(kind, groups, held, newest, setting, user):
    done = held if held and held.state == Grouping.State.DONE else None
    mine = counts_of(kind, user) if done and user.bound_to_unit else None
    listed = [group_row(group, done, mine) for group in groups if group.kind == kind and done]
    asked = setting or GroupSetting(kind=kind)
    form = SettingsForm(
        initial={"k": asked.k or "", "floor": round(asked.floor * 100, 3), "with_answers": asked.with_answers}, auto_id=f"{kind.value}_%s"
    )
    return {
        "kind": kind, "compared": words.COMPARED[kind.value], "grouping": done, "groups": listed, "form": form, "counts_mine": mine is not None,
        "why_not": words.why_not(newest) if newest and newest.state != Grouping.State.DONE else "", "newest": newest,
        "tried": [one | {"chosen": one["k"] == done.k, "smallest": one["sizes"][-1]} for one in done.tried] if done else [],
    }  # fmt: skip


def group_row(group, grouping, mine) -> dict:
    """A group with its share, its picture and the first rule in words."""
    rules = rules_in_words(group.rules, get_language() or "en")
    count = group.size if mine is None else mine.get(group.number, 0)
    whole = (grouping.accounts if grouping else 0) if mine is None else sum(mine.values())
    return {"group": group, "rules": rules, "count": count, "share": count / whole if whole else 0, "spark": group.centre[:24]}


def counts_of(kind, user) -> dict[int, int]:
    """{number: accounts the reader sees} of a grouping."""
    members = Membership.objects.visible_to(user).exclude(**{kind: None})
    return dict(members.values_list(kind).annotate(many=Count("pk")).order_by())


def categories_of(group, user) -> list[dict]:
    """The reader's accounts of the group by category, most first."""
    members = Membership.objects.visible_to(user).of(group)
    rows = members.values_list("account__category").annotate(many=Count("pk")).order_by("-many", "account__category")
    labels, rows = dict(Account.Category.choices), list(rows)
    whole = sum(many for _category, many in rows)
    return [{"label": labels.get(category, category), "count": many, "share": many / whole} for category, many in rows]


def request_waiting() -> bool:
    return GroupingRequest.objects.filter(state=GroupingRequest.State.WAITING).exists()


def groups_of(account_id: int, user) -> list[dict]:
    """The groups of one account, with whether an expert rule put it there."""
    held = Membership.objects.visible_to(user).filter(pk=account_id).first()
    if held is None:
        return []
    by_place = {(group.kind, group.number): group for group in BehaviourGroup.objects.visible_to(user)}
    found = [(kind, by_place.get((kind.value, getattr(held, kind.value)))) for kind in Kind]
    language = get_language() or "en"
    return [
        {"kind": kind, "group": group, "by_rule": held.by_rule(kind.value), "rules": rules_in_words(group.rules, language)[:1]}
        for kind, group in found
        if group
    ]


def names_of(account_ids) -> dict[int, list[str]]:
    """The names of the groups of accounts a page of a list shows: accounts the caller may see."""
    held = list(Membership.objects.filter(account__in=account_ids))
    by_place = {(group.kind, group.number): str(group) for group in BehaviourGroup.objects.all()} if held else {}
    return {row.pk: [by_place[place] for kind in Kind.values if (place := (kind, getattr(row, kind))) in by_place] for row in held}


def chart_of(kind: str, groups, title: str, one: BehaviourGroup | None = None) -> dict:
    """Centres of groups; with `one` it stands out and the others are grey."""
    columns = (one or groups[0]).columns if groups else []
    lines = [(str(group), group.centre, None if one is None else "accent" if group.pk == one.pk else "muted") for group in groups]
    return words.chart(kind, columns, lines, title)
