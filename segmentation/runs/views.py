"""Runs: ask for one, watch it, see what it moved, go back to an older one."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Abs, Coalesce
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.models import Account
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.masking import reader_of
from crm.people.permissions import may
from segmentation.churn.words import run_source
from segmentation.groups import services as groups
from segmentation.runs import comparing, services, shifting, tasks
from segmentation.runs.forms import AskForm
from segmentation.runs.models import Change, Run
from segmentation.runs.shown import bars_of, stages_of
from segmentation.runs.words import error_words, repair_words

TOP_MOVES = 20
COMPARED = 50
POLICIES = ("value_policy", "credit_policy", "warning_policy")


def ring(run):
    """Tell a worker. A broker that is down loses nothing: the run waits as a row and the sweep finds it."""
    transaction.on_commit(partial(tasks.recompute.delay, run.pk), robust=True)


@require_GET
@may("segmentation.view_run")
def run_list(request):
    return _list(request, AskForm(today=timezone.localdate()))


def _list(request, form, status=200):
    runs = Run.objects.visible_to(request.user)
    page = keyset_page(
        runs.select_related("asked_by", *POLICIES).defer("stages"), sort=Sort("pk", descending=True), cursor=request.GET.get("cursor")
    )
    context = {
        "page": page, "count": honest_count(runs), "form": form, "in_force": runs.in_force(),
        "unfinished": runs.unfinished().order_by("id").first(),
        "may_recompute": request.user.has_perm("segmentation.recompute"),
    }  # fmt: skip
    return render(request, "segmentation/runs/list.html", context, status=status)


@require_POST
@may("segmentation.recompute")
def run_ask(request):
    form = AskForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        return _list(request, form, status=422)
    run = services.ask(as_of=form.cleaned_data["as_of"], by=request.user, at=timezone.now())
    ring(run)
    return redirect("segmentation:run-detail", run.pk)


@require_POST
@may("segmentation.edit_group")
def groups_ask(request):
    """Seek the behaviour groups of the run in force anew."""
    asked = groups.ask(run=Run.objects.in_force(), by=request.user, at=timezone.now())
    transaction.on_commit(partial(tasks.regroup.delay, asked.pk), robust=True)
    messages.info(request, _("Groups are being sought; reload this page in a moment."))
    return redirect("segmentation:group-list")


def _visible(request, pk):
    runs = Run.objects.visible_to(request.user).select_related("asked_by", "restores", "value_policy", "credit_policy", "warning_policy")
    return get_object_or_404(runs, pk=pk)


@require_GET
@may("segmentation.view_run")
def run_detail(request, pk):
    run = _visible(request, pk)
    context = _watching(request, run) | {"moves": _top_moves(request, run), "reader": reader_of(request), "tiers": bars_of(run, "tiers")}
    context |= {
        "bands": bars_of(run, "bands"),
        "others": _others(request, run),
        "previous": _linked(request, run.counts.get("previous_run")),
    }
    context["risk_source"] = run_source(run.counts.get("risk"))
    context["policies"] = run.policies_used()
    return render(request, "segmentation/runs/detail.html", context)


def _watching(request, run):
    before = Run.objects.published().filter(restores=None).exclude(pk=run.pk).first()
    return {
        "run": run, "stages": stages_of(run, before), "unfinished": run.state in ("waiting", "running"), "error": error_words(run), "repaired": repair_words(run),
        "may_recompute": request.user.has_perm("segmentation.recompute"), "now": timezone.now(),
    }  # fmt: skip


@require_GET
@may("segmentation.view_run")
def run_progress(request, pk):
    """Polled each second while a run is unfinished; once it is done the page is loaded anew, with what came out."""
    run = _visible(request, pk)
    if run.state not in ("waiting", "running"):
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return render(request, "segmentation/runs/detail.html#progress", _watching(request, run))


def _top_moves(request, run):
    """The moves of the reader's accounts that shifted most."""
    moved = Change.objects.filter(run=run, account__in=Account.objects.visible_to(request.user))
    shift = Abs(Coalesce(F("value_to") - F("value_from"), 0, output_field=Change._meta.get_field("value_to")))
    return moved.annotate(shift=shift).select_related("account__customer").order_by("-shift", "account_id")[:TOP_MOVES]


def _others(request, run):
    return Run.objects.visible_to(request.user).published().exclude(pk=run.pk)[:COMPARED] if run.state == Run.State.PUBLISHED else []


def _linked(request, pk):
    return pk and Run.objects.visible_to(request.user).filter(pk=pk).first()


@require_POST
@may("segmentation.recompute")
def run_cancel(request, pk):
    services.cancel(run=_visible(request, pk), by=request.user, at=timezone.now())
    messages.info(request, _("Cancelled. What was in force stays in force."))
    return redirect("segmentation:run-detail", pk)


@require_POST
@may("segmentation.recompute")
def run_roll_back(request, pk):
    run = services.roll_back(to=_visible(request, pk), by=request.user, at=timezone.now())
    ring(run)
    return redirect("segmentation:run-detail", run.pk)


def _pair(request, pk):
    """(before, after) of a comparison: the run of the page, and `?with=`, by date."""
    this = _visible(request, pk)
    other = get_object_or_404(
        Run.objects.visible_to(request.user).published(), pk=request.GET.get("with") if request.GET.get("with", "").isdigit() else 0
    )
    return sorted((this, other), key=lambda run: (run.as_of, run.pk))


def _scope(user):
    """A supervisor compares their own subtree."""
    return user.unit.code if user.bound_to_unit else ""


@require_GET
@may("segmentation.view_run")
def run_compare(request, pk):
    before, after = _pair(request, pk)
    context = {
        "scores": shifting.score_words().items(),
        "before": before,
        "after": after,
        "run": after,
        "unit": request.user.unit if request.user.bound_to_unit else None,
        "pk": pk,
    }
    try:
        context["matrix"] = comparing.matrix(comparing.transitions(before=before, after=after, unit_code=_scope(request.user)))
    except comparing.ScoresGone as gone:
        context["gone"] = gone.args[0]
    return render(request, "segmentation/runs/compare.html", context)


@require_GET
@may("segmentation.view_run")
def run_compare_chart(request, pk):
    before, after = _pair(request, pk)
    try:
        counts = comparing.transitions(before=before, after=after, unit_code=_scope(request.user))
    except comparing.ScoresGone:
        counts = {}
    return JsonResponse(comparing.sankey(counts, before=before, after=after))


@require_GET
@may("segmentation.view_run")
def run_compare_scores(request, pk):
    """`?of=`: value_score, credit_score or risk_score."""
    before, after = _pair(request, pk)
    of = request.GET.get("of", "")
    try:
        return JsonResponse(
            shifting.scores(before=before, after=after, of=of if of in shifting.SCORES else "value_score", unit_code=_scope(request.user))
        )
    except comparing.ScoresGone:
        return JsonResponse({"kind": "bar", "title": "", "unit": "count", "x": {"label": "", "values": []}, "series": []})


@require_GET
@may("segmentation.view_run")
def run_compare_drift(request, pk):
    before, after = _pair(request, pk)
    rows = shifting.drift(before=before, after=after, language=get_language(), unit_code=_scope(request.user))
    return render(request, "segmentation/runs/drift.html", {"rows": rows, "before": before, "after": after})
