"""Segments: the list, the builder with its live count, and what one holds."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.display.parts import wants_part
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.errors import Refused
from crm.people.permissions import may
from segmentation.groups.models import BehaviourGroup
from segmentation.segments import judged, services
from segmentation.segments.fields import catalogue, described, rule_of_group
from segmentation.segments.forms import RuleForm, SegmentForm
from segmentation.segments.models import Segment
from segmentation.segments.shown import history, history_chart, in_words, sizes_seen
from segmentation.segments.words import builder_words, operators, sentence

SORTS = {"name": "name", "id": "pk"}
FIRST_RULE = {"all": [{"field": "tier", "is": "in", "value": ["diamond", "platinum", "gold"]}]}


@require_GET
@may("segmentation.view_segment")
def segment_list(request):
    found = Segment.objects.visible_to(request.user).select_related("owner", "run")
    if request.GET.get("mine") == "true":
        found = found.filter(owner=request.user)
    page = keyset_page(found, sort=Sort.parse(request.GET.get("sort", ""), SORTS, "name"), cursor=request.GET.get("cursor"))
    sizes = sizes_seen(page, request.user)
    for segment in page:
        segment.seen = sizes.get(segment.pk)
    context = {"page": page, "count": honest_count(found, page), "may_make": request.user.has_perm("segmentation.edit_segment")}
    return render(request, "segmentation/segments/list.html" + ("#rows" if wants_part(request) else ""), context)


@require_GET
@may("segmentation.view_segment")
def segment_detail(request, pk):
    user = request.user
    segment = get_object_or_404(Segment.objects.visible_to(user).select_related("owner", "run"), pk=pk)
    context = {
        "segment": segment, "words": in_words(segment.rule), "seen": sizes_seen([segment], user).get(segment.pk),
        "history": history(segment, user)[::-1], "may_change": segment.may_be_changed_by(user), "may_make": user.has_perm("segmentation.edit_segment"),
    }  # fmt: skip
    return render(request, "segmentation/segments/detail.html", context)


@require_GET
@may("segmentation.view_segment")
def segment_chart(request, pk):
    segment = get_object_or_404(Segment.objects.visible_to(request.user), pk=pk)
    return JsonResponse(history_chart(history(segment, request.user)))


@may("segmentation.edit_segment")
def segment_new(request):
    form = SegmentForm(request.POST or None, user=request.user, initial=_to_copy(request))
    if request.method == "POST" and form.is_valid():
        return _save(request, form, lambda told: services.create(**told, by=request.user, at=timezone.now()))
    return _builder(request, form, status=422 if form.errors else 200)


def _to_copy(request):
    """`?copy=<key>`: the rule of a segment one sees, under a name of one's own. `?group=<key>`: the rule that a behaviour group is, and its name."""
    if found := _asked(request, "copy", Segment.objects.visible_to(request.user)):
        return {"rule": json.dumps(found.rule), "note": found.note, "kind": found.kind}
    if group := _asked(request, "group", BehaviourGroup.objects.visible_to(request.user).standing()):
        note = _("Behaviour group, %(grouping)s") % {"grouping": group.get_kind_display()}
        return {"rule": json.dumps(rule_of_group(group)), "name": str(group), "note": note}
    return {"rule": json.dumps(FIRST_RULE)}


def _asked(request, name, among):
    key = request.GET.get(name, "")
    return among.filter(pk=key).first() if key.isdigit() and len(key) < 19 else None


@may("segmentation.edit_segment")
def segment_edit(request, pk):
    segment = _changeable(request, pk)
    initial = {name: getattr(segment, name) for name in ("name", "note", "kind", "shared")} | {"rule": json.dumps(segment.rule)}
    form = SegmentForm(request.POST or None, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        return _save(request, form, lambda told: services.edit(segment=segment, **told, by=request.user, at=timezone.now()), segment)
    return _builder(request, form, segment, status=422 if form.errors else 200)


def _changeable(request, pk):
    segment = get_object_or_404(Segment.objects.visible_to(request.user).select_related("owner"), pk=pk)
    if not segment.may_be_changed_by(request.user):
        raise PermissionDenied
    return segment


def _save(request, form, save, segment=None):
    try:
        saved = save(form.told())
    except Refused as refusal:
        form.add_error("name" if refusal.code == "name_taken" else None, str(refusal))
        return _builder(request, form, segment, status=422)
    messages.success(request, _("“%(name)s” is saved and can be used as a filter.") % {"name": saved.name})
    return redirect("segmentation:segment-detail", saved.pk)


def _builder(request, form, segment=None, status=200):
    catalogue = {"fields": described(), "operators": operators(), "words": builder_words()}
    context = {"form": form, "segment": segment, "catalogue": json.dumps(catalogue, ensure_ascii=False)}
    return render(request, "segmentation/segments/builder.html", context, status=status)


@require_POST
@may("segmentation.edit_segment")
def segment_count(request):
    """How many the rule finds among those the reader sees, and what it says in words; or what is wrong with it."""
    form, context = RuleForm(request.POST), {}
    if not form.is_valid():
        return render(request, "segmentation/segments/_count.html", {"refusal": " ".join(form.errors.get("rule", []))})
    try:
        context["found"] = judged.count(rule=form.parsed, user=request.user, run=judged.run_in_force())
    except Refused as refusal:
        context["refusal"] = str(refusal)
    return render(request, "segmentation/segments/_count.html", context | {"words": sentence(form.parsed, catalogue())})


@require_POST
@may("segmentation.edit_segment")
def segment_freeze(request, pk):
    services.freeze(segment=_changeable(request, pk), by=request.user)
    messages.success(request, _("Frozen: its members stay as they are."))
    return redirect("segmentation:segment-detail", pk)


@require_POST
@may("segmentation.edit_segment")
def segment_remove(request, pk):
    services.remove(segment=_changeable(request, pk), by=request.user)
    messages.info(request, _("The segment is removed."))
    return redirect("segmentation:segment-list")
