"""Simulations of a policy: ask for one, watch it, read what it would move."""

from functools import partial

from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from crm.people.masking import reader_of
from crm.people.permissions import may
from segmentation.policies.models import Policy
from segmentation.studio import services, tasks
from segmentation.studio.models import Simulation
from segmentation.studio.reading import Read, scope_of
from segmentation.studio.simulating import STEPS
from segmentation.studio.words import problem_words, share_words, step_words


def ring(simulation):
    """Tell a worker. A broker that is down loses nothing: the simulation waits as a row and the sweep finds it."""
    transaction.on_commit(partial(tasks.simulate.delay, simulation.pk), robust=True)


@require_POST
@may("segmentation.edit_policy")
def policy_simulate(request, pk):
    ring(services.ask(policy=get_object_or_404(Policy, pk=pk), by=request.user, at=timezone.now()))
    return redirect("segmentation:policy-detail", pk)


@require_GET
@may("segmentation.view_policy")
def policy_simulation(request, pk):
    """The panel of a policy's page: polled while a worker is at it, then what came out."""
    policy = get_object_or_404(Policy, pk=pk)
    simulation = Simulation.objects.newest_of(policy)
    context = {"policy": policy, "simulation": simulation, "may_edit": request.user.has_perm("segmentation.edit_policy")}
    if simulation is not None:
        context |= _state(simulation)
        if simulation.state == Simulation.State.DONE:
            context |= _result(request, simulation)
    return render(request, "segmentation/studio/simulation.html", context)


def _state(simulation):
    words, done = step_words(), STEPS.index(simulation.step) if simulation.step in STEPS else 0
    return {
        "step": words.get(simulation.step, ""), "done": done, "steps": len(STEPS), "stale": simulation.body != simulation.policy.body,
        "problem": problem_words(simulation.problem, get_language()),
    }  # fmt: skip


def _result(request, simulation):
    read = Read(simulation, scope_of(request.user))
    return {
        "unknown": share_words(simulation.result.get("unknown", {}), get_language()), "read": read, "moved": read.moved(),
        "tiers": read.tiers(), "grades": read.grades(), "quadrants": read.quadrants(),
        "units": read.by_unit(), "managers": read.by_manager(), "reader": reader_of(request),
        "moves": read.moves(reader_of(request), get_language()), "unit": request.user.unit if request.user.bound_to_unit else None,
    }  # fmt: skip


@require_GET
@may("segmentation.view_policy")
def policy_simulation_chart(request, pk):
    policy = get_object_or_404(Policy, pk=pk)
    simulation = Simulation.objects.newest_of(policy) or Simulation(policy=policy)
    return JsonResponse(Read(simulation, scope_of(request.user)).sankey())
