"""Write playbooks. Plans under way keep the steps they began with."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import Refused
from marketing.retention.models import Playbook, Step, StepKind
from marketing.retention.rules import fit

LONGEST_DAYS, MOST_STEPS = 120, 12


@dataclass(frozen=True)
class StepTerms:
    kind: str
    subject: str
    subject_en: str
    doer: str
    within_days: int
    cost_yuan: Decimal


def suggested(*, outcome, band, tier) -> list[Playbook]:
    """Playbooks in use that fit the case, the most specific first. One query."""
    found = [(fit((outcome, band, tier), (book.outcome, book.band, book.tier)), book) for book in Playbook.objects.active()]
    return [book for points, book in sorted(found, key=lambda pair: (-(pair[0] or 0), pair[1].pk)) if points is not None]


@transaction.atomic
def save(*, name, name_en, outcome, band, tier, is_active, steps, by, playbook=None):
    """A new playbook, or another text of one. Refuses a second one in use for the same case, steps that cannot be followed."""
    _check(name, steps)
    same = Playbook.objects.active().filter(outcome=outcome, band=band, tier=tier).exclude(pk=playbook.pk if playbook else None)
    if is_active and (other := same.first()):
        raise Refused(
            _("“%(name)s” is in use for the same outcome, band and tier: put it out of use first, or choose another case.")
            % {"name": other},
            code="same_case",
        )
    values = {"name": name, "name_en": name_en, "outcome": outcome, "band": band, "tier": tier, "is_active": is_active}
    if playbook is None:
        playbook = Playbook.objects.create(**values)
    else:
        Playbook.objects.filter(pk=playbook.pk).update(**values)
        playbook.refresh_from_db()
        playbook.steps.all().delete()
    Step.objects.bulk_create(Step(playbook=playbook, position=place, **vars(step)) for place, step in enumerate(steps, start=1))
    record(by=by, did="saved playbook", on=playbook, name=name, steps=len(steps))
    return playbook


def _check(name, steps):
    if not name.strip():
        raise Refused(_("Give the playbook a name."), code="nameless")
    if not 1 <= len(steps) <= MOST_STEPS:
        raise Refused(_("A playbook has 1 to %(most)s steps.") % {"most": MOST_STEPS}, code="steps")
    before = 0
    for place, step in enumerate(steps, start=1):
        told = {"place": place, "days": before, "most": LONGEST_DAYS}
        if not step.subject.strip():
            raise Refused(_("Step %(place)s: say what is to be done.") % told, code="subject")
        if not 1 <= step.within_days <= LONGEST_DAYS:
            raise Refused(_("Step %(place)s: between 1 and %(most)s working days.") % told, code="days")
        if step.within_days < before:
            raise Refused(
                _("Step %(place)s comes before the one above it, which has %(days)s days: put them in order.") % told, code="order"
            )
        if step.kind in (StepKind.OFFER, StepKind.PACKAGE) and step.cost_yuan <= 0:
            raise Refused(_("Step %(place)s: say what the offer costs, so that money kept can be held against it.") % told, code="cost")
        if step.cost_yuan < 0:
            raise Refused(_("Step %(place)s: a cost is not below zero.") % told, code="cost")
        before = step.within_days
