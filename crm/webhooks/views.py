"""Webhooks as pages: who is told of what, and the log of every attempt."""

import json

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.lists.keyset import Sort, honest_count, keyset_page
from crm.people.permissions import may
from crm.webhooks import services
from crm.webhooks.events import KINDS, message
from crm.webhooks.forms import LogFilter, SubscriptionForm
from crm.webhooks.models import Delivery, Subscription
from crm.webhooks.sending import in_words

may_edit = may("crm.edit_webhooks")
SORTS = {"name": "name", "made": "created_at"}


def _own(request, pk):
    return get_object_or_404(Subscription.objects.visible_to(request.user), pk=pk)


@require_GET
@may_edit
def webhook_list(request):
    subscriptions = Subscription.objects.visible_to(request.user)
    sort = Sort.parse(request.GET.get("sort", ""), SORTS, "name")
    page = keyset_page(subscriptions, sort=sort, cursor=request.GET.get("cursor"))
    for one in page:
        one.kind_names, one.why = [KINDS.get(kind, kind) for kind in one.kinds], in_words(one.disabled_why)
    given_up = list(Subscription.objects.visible_to(request.user).given_up()[:5])
    for one in given_up:
        one.why = in_words(one.disabled_why)
    context = {"page": page, "count": honest_count(subscriptions), "now": timezone.now(), "given_up": given_up}
    return render(request, "crm/webhooks/list.html", context)


@require_http_methods(["GET", "POST"])
@never_cache
@may_edit
def webhook_new(request):
    """A new subscription; its secret is shown in this answer and never again."""
    form = SubscriptionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        made = services.subscribe(**form.cleaned_data, by=request.user, at=now)
        return render(request, "crm/webhooks/secret.html", {"subscription": made, "secret": made.secrets(now)[0]})
    return render(request, "crm/webhooks/form.html", {"form": form}, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@may_edit
def webhook_edit(request, pk):
    one = _own(request, pk)
    form = SubscriptionForm(request.POST or None, initial={"name": one.name, "url": one.url, "kinds": one.kinds})
    if request.method == "POST" and form.is_valid():
        services.change(subscription=one, **form.cleaned_data, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("crm:webhook-list")
    return render(request, "crm/webhooks/form.html", {"form": form, "subscription": one}, status=422 if form.is_bound else 200)


@require_POST
@never_cache
@may_edit
def webhook_act(request, pk, verb):
    """`pause`, `resume`, `test`, `renew-secret`."""
    one, now = _own(request, pk), timezone.now()
    if verb == "renew-secret":
        secret = services.renew_secret(subscription=one, by=request.user, at=now)
        return render(request, "crm/webhooks/secret.html", {"subscription": one, "secret": secret, "renewed": True})
    if verb == "test":
        delivery = services.test(subscription=one, by=request.user, at=now)
        messages.info(request, _("A test event is on its way; the log shows what the receiver answered."))
        return redirect("crm:webhook-delivery", delivery.pk)
    if verb == "pause":
        services.pause(subscription=one, by=request.user)
    elif verb == "resume":
        services.resume(subscription=one, by=request.user, at=now)
    else:
        raise Http404(verb)
    return redirect("crm:webhook-list")


@require_GET
@may_edit
def delivery_list(request):
    """The log."""
    seen = Delivery.objects.visible_to(request.user)
    chosen = LogFilter(request.GET).applied_to(seen)
    rows = chosen.select_related("event", "subscription")
    context = {
        "page": keyset_page(rows, sort=Sort("pk", descending=True), cursor=request.GET.get("cursor")), "count": honest_count(chosen),
        "now": timezone.now(), "states": Delivery.State.choices, "kinds": KINDS.items(),
        "subscriptions": Subscription.objects.visible_to(request.user)[:200],
        "filtered": any(request.GET.get(name) for name in ("state", "kind", "subscription")),
    }  # fmt: skip
    return render(request, "crm/webhooks/log.html", context)


@require_GET
@may_edit
def delivery_detail(request, pk):
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user).select_related("event", "subscription"), pk=pk)
    attempts = list(delivery.attempts.all())
    for attempt in attempts:
        attempt.why = in_words(attempt.error)
    body = json.dumps(message(delivery.event), ensure_ascii=False, indent=2)
    context = {"delivery": delivery, "attempts": attempts, "body": body, "now": timezone.now(), "kind": KINDS.get(delivery.event.kind)}
    moving = delivery.state in (Delivery.State.WAITING, Delivery.State.SENDING)
    part = "#state" if request.htmx else ""
    return render(request, f"crm/webhooks/delivery.html{part}", context | {"moving": moving})


@require_POST
@may_edit
def delivery_replay(request, pk):
    delivery = get_object_or_404(Delivery.objects.visible_to(request.user).select_related("event", "subscription"), pk=pk)
    services.replay(delivery=delivery, by=request.user, at=timezone.now())
    messages.info(request, _("It will be sent again with the same event id."))
    return redirect("crm:webhook-delivery", pk)
