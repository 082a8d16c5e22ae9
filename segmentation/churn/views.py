"""Models of leaving: train one, read its card, compare two, decide which is in force."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.models import Account
from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.models import Unit
from crm.people.permissions import may
from segmentation.churn import charts, services, tasks, words
from segmentation.churn.forms import TermsForm, TrainForm
from segmentation.churn.models import ChurnTerms, ModelText, ModelUse, RiskModel

COMPARED = 30
TRAIN, APPROVE = "segmentation.train_risk_model", "segmentation.approve_risk_model"
# What may be done to a model: by whom asks, and by who decides.
CHANGES = {
    "propose": services.propose,
    "shadow": partial(services.set_shadow, shadow=True),
    "unshadow": partial(services.set_shadow, shadow=False),
}
DECISIONS = {"refuse": services.refuse, "promote": services.promote, "retire": services.retire, "bring_back": services.bring_back}
TIMED = {"promote", "retire", "bring_back", "cancel"}


def ring(model):
    """Tell a worker. A broker that is down loses nothing: the training waits as a row and the sweep finds it."""
    transaction.on_commit(partial(tasks.train.delay, model.pk), robust=True)


@require_GET
@may("segmentation.view_risk_model")
def risk_model_list(request):
    return _list(request, TrainForm(today=timezone.localdate(), terms=ChurnTerms.objects.in_force()))


def _list(request, form, status=200):
    models = RiskModel.objects.visible_to(request.user)
    page = keyset_page(models.select_related("asked_by"), sort=Sort("pk", descending=True), cursor=request.GET.get("cursor"))
    in_force = models.in_force()
    context = {
        "page": page, "count": honest_count(models), "form": form, "in_force": in_force, "terms": ChurnTerms.objects.in_force(),
        "unfinished": models.unfinished().first(), "use": _last_use(in_force), "may_train": request.user.has_perm(TRAIN),
    }  # fmt: skip
    return render(request, "segmentation/churn/list.html", context, status=status)


def _last_use(model):
    return ModelUse.objects.filter(model=model).first() if model else None


@require_POST
@may(TRAIN)
def risk_model_train(request):
    form = TrainForm(request.POST, today=timezone.localdate(), terms=ChurnTerms.objects.in_force())
    if not form.is_valid():
        return _list(request, form, status=422)
    model = services.ask(by=request.user, at=timezone.now(), **form.cleaned_data)
    ring(model)
    return redirect("segmentation:risk-model-detail", model.pk)


@may(TRAIN)
def churn_terms(request):
    form = TermsForm(request.POST or None, instance=ChurnTerms.objects.in_force())
    if request.method == "POST" and form.is_valid():
        services.edit_terms(terms=form.terms(), by=request.user, at=timezone.now())
        messages.success(request, _("Saved. Bands hold from the next recompute on, the rest from the next training."))
        return redirect("segmentation:risk-model-list")
    return render(request, "segmentation/churn/terms.html", {"form": form}, status=422 if form.errors else 200)


def _visible(request, pk):
    return get_object_or_404(RiskModel.objects.visible_to(request.user).select_related("asked_by", "proposed_by", "approved_by"), pk=pk)


@require_GET
@may("segmentation.view_risk_model")
def risk_model_detail(request, pk):
    model = _visible(request, pk)
    uses = list(model.uses.all()[:12])
    context = _watching(request, model) | {
        "card": model.card, "outcomes": _outcomes(model.card), "refused": words.refused(model.card), "left_out": words.left_out(model.card),
        "uses": [{"use": use, "bands": _bands(use)} for use in uses], "use": uses[0] if uses else None,
        "why_not": services.may_promote(model) if model.is_learned else "", "categories": _categories(model.card), "areas": _areas(model.card),
        "others": RiskModel.objects.visible_to(request.user).without_cards().filter(state__in=["trained", "proposed", "in_force", "retired"]).exclude(pk=pk)[:COMPARED],
        "may_approve": request.user.has_perm(APPROVE), "own": model.proposed_by_id == request.user.pk,
    }  # fmt: skip
    return render(request, "segmentation/churn/detail.html", context)


def _watching(request, model):
    return {
        "model": model, "unfinished": model.state in ("waiting", "running"), "error": words.error(model), "stage": words.stage(model),
        "may_train": request.user.has_perm(TRAIN), "asked": _asked(model),
    }  # fmt: skip


def _asked(model):
    told = model.parameters
    return {
        "outcomes": [words.outcome(name) for name in told.get("outcomes", [])], "kinds": [words.kind(name) for name in told.get("candidates", [])], **{
            key: told.get(key) for key in ("seed", "months", "until", "horizon_days")
        }
    }  # fmt: skip


def _outcomes(card):
    return [
        {"name": words.outcome(name), "champion": words.kind(it["champion"]), "candidates": [it2 | {"label": words.kind(it2["name"])} for it2 in it["candidates"]], **{
            key: it.get(key) for key in ("auc", "ap", "brier", "lift10", "ece", "leavers", "rows")
        }}
        for name, it in card.get("outcomes", {}).items()
    ]  # fmt: skip


def _categories(card):
    labels = dict(Account.Category.choices)
    return [it | {"label": labels.get(it["name"], it["name"])} for it in card.get("by_category", [])]


def _areas(card):
    names = {unit.code: str(unit) for unit in Unit.objects.filter(code__in=[it["name"] for it in card.get("by_unit", [])])}
    return [it | {"label": names.get(it["name"], it["name"] or "—")} for it in card.get("by_unit", [])]


def _bands(use):
    labels = {"high": _("High"), "elevated": _("Elevated"), "watch": _("Watch"), "low": _("Low")}
    return [{"label": labels[name], "held": use.held.get(name), **use.expected[name]} for name in labels if name in use.expected]


@require_GET
@may("segmentation.view_risk_model")
def risk_model_progress(request, pk):
    """Polled while a training is unfinished; once it is done the page is loaded anew."""
    model = _visible(request, pk)
    if model.state not in ("waiting", "running"):
        return HttpResponse(status=200, headers={"HX-Refresh": "true"})
    return render(request, "segmentation/churn/detail.html#progress", _watching(request, model))


@require_GET
@may("segmentation.view_risk_model")
def risk_model_compare(request, pk):
    other = request.GET.get("with", "")
    pair = [_visible(request, pk), _visible(request, int(other) if other.isdigit() else 0)]
    names = (
        ("auc", "AUC"),
        ("ap", _("Average precision")),
        ("lift10", _("Lift in the first tenth")),
        ("brier", "Brier"),
        ("ece", _("Calibration error")),
    )
    rows = [{"label": label, "figures": [model.card.get("any", {}).get(key) for model in pair]} for key, label in names]
    context = {
        "pair": pair, "rows": rows, "model": pair[0],
        "outcomes": _precision_by_outcome(pair),
        "same_test": pair[0].card.get("tested_from") == pair[1].card.get("tested_from"),
    }  # fmt: skip
    return render(request, "segmentation/churn/compare.html", context)


def _precision_by_outcome(pair):
    learned = [model.card.get("outcomes", {}) for model in pair]
    return [
        {"label": words.outcome(name), "figures": [it.get(name, {}).get("ap") for it in learned]}
        for name in sorted({*learned[0], *learned[1]})
    ]


@require_GET
@may("segmentation.view_risk_model")
def risk_model_time(request, pk):
    model = _visible(request, pk)
    view = model.card.get("survival") or {}
    cox = [it | {"label": words.column(it["column"])} for it in view.get("cox", [])]
    return render(request, "segmentation/churn/time.html", {"model": model, "view": view, "cox": cox, "fit": words.cox_fit(view)})


@require_GET
@may("segmentation.view_risk_model")
def risk_model_text(request, pk):
    """The model itself as a file: text and numbers, enough to score with elsewhere."""
    kept = get_object_or_404(ModelText, model=_visible(request, pk))
    return JsonResponse(kept.body, headers={"Content-Disposition": f'attachment; filename="risk-model-{pk}.json"'})


@require_GET
@may("segmentation.view_risk_model")
def risk_model_chart(request, pk, chart):
    model = _visible(request, pk)
    if chart == "drift":
        return JsonResponse(charts.drift(model.uses.first()))
    if chart == "survival":
        return JsonResponse(charts.survival(model.card, lambda group: str(dict(Account.Category.choices).get(group, group))))
    if chart not in charts.CHARTS:
        raise Http404
    return JsonResponse(charts.CHARTS[chart](model.card))


@require_POST
@may(TRAIN)
def risk_model_change(request, pk):
    """`do`: cancel, propose, shadow, unshadow."""
    return _do(request, pk, CHANGES | {"cancel": services.cancel})


@require_POST
@may(APPROVE)
def risk_model_decide(request, pk):
    """`do`: promote, refuse, retire, bring_back."""
    return _do(request, pk, DECISIONS)


def _do(request, pk, verbs):
    model, verb = _visible(request, pk), request.POST.get("do", "")
    if verb not in verbs:
        raise Http404
    verbs[verb](model=model, by=request.user, **({"at": timezone.now()} if verb in TIMED else {}))
    return redirect("segmentation:risk-model-detail", model.pk)
