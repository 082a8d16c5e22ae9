"""`manage.py simulate POLICY [--json]`: judge the features of the run in force by a draft, in this process."""

import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.people.errors import Refused
from segmentation.policies.models import Policy
from segmentation.studio import services
from segmentation.studio.models import Simulation
from segmentation.studio.reading import Read
from segmentation.studio.words import problem_words


class Command(BaseCommand):
    requires_system_checks = []
    help = "Simulate a draft policy on the run in force and say how many accounts would move."

    def add_arguments(self, parser):
        parser.add_argument("policy", type=int, help="the key of a draft, as in its address")
        parser.add_argument("--json", action="store_true", help="one line for programs")

    def handle(self, *args, policy, **options):
        draft = Policy.objects.filter(pk=policy).first()
        if draft is None:
            raise CommandError(f"There is no policy {policy}.")
        try:
            asked = services.ask(policy=draft, by=None, at=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        done = services.work(simulation_id=asked.pk, clock=timezone.now)
        if done is None:
            raise CommandError("A worker is at this simulation already; see the page of the policy.")
        if done.state != Simulation.State.DONE:
            raise CommandError(problem_words(done.problem, "en"))
        moved = Read(done, "").moved()
        told = {"accounts": done.result["accounts"], "seconds": done.result["seconds"], "up": moved["up"], "down": moved["down"]}
        self.stdout.write(
            json.dumps(told)
            if options["json"]
            else "{accounts} accounts judged again in {seconds} s: {up} would rise, {down} would fall.".format(**told)
        )
