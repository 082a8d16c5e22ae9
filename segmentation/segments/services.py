"""Read, save, freeze, remove a segment; find its members again when a run is published."""

import io
import logging

from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from crm.audit.services import record
from crm.people.errors import AlreadyDone, Refused
from segmentation.groups import services as groups
from segmentation.groups.models import BehaviourGroup
from segmentation.runs.models import Run
from segmentation.segments import judged
from segmentation.segments.fields import catalogue, fields, rule_of_group
from segmentation.segments.models import Segment, names_key
from segmentation.segments.rules import BadRule, parse, tree_of
from segmentation.segments.words import refusal

log = logging.getLogger(__name__)
Kind = Segment.Kind


def read_rule(tree):
    """The parsed rule of a tree. Raises `Refused`, naming the condition in the reader's language."""
    try:
        return parse(tree, fields())
    except BadRule as error:
        raise Refused(refusal(error, catalogue()), code=error.code) from error


@transaction.atomic
def create(*, name, rule, kind, shared, by, at, note="") -> Segment:
    """A segment with its members found. Raises `Refused` for a rule that cannot be read or a name in use."""
    _may_share(by, shared)
    rule = read_rule(rule)
    segment = _saved(Segment(name=name, note=note, rule=tree_of(rule), kind=kind, shared=shared, owner=by, made_at=at))
    record(by=by, did="made a segment", on=segment, name=name)
    _fill(segment, rule, judged.run_in_force(), at)
    return segment


def create_of_group(*, group: BehaviourGroup, by, at, name="", **told) -> Segment:
    """A behaviour group as a segment: its members are whoever the groups in force put there. Raises `Refused` for a group nobody is in."""
    return create(name=name.strip() or str(group), rule=rule_of_group(group), by=by, at=at, **told)


@transaction.atomic
def edit(*, segment, name, rule, kind, shared, by, at, note="") -> Segment:
    """A static segment keeps its members unless its rule changes; then they are found anew, by the run in force."""
    segment = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    _may_change(segment, by)
    _may_share(by, shared and not segment.shared)
    rule, before = read_rule(rule), (segment.rule, segment.kind)
    segment.name, segment.note, segment.kind, segment.shared, segment.rule = name, note, kind, shared, tree_of(rule)
    _saved(segment)
    record(by=by, did="changed a segment", on=segment, name=name)
    if before[0] != segment.rule or (segment.is_living and before[1] != segment.kind):
        _fill(segment, rule, judged.run_in_force(), at)
    return segment


@transaction.atomic
def freeze(*, segment, by) -> Segment:
    """A living segment keeps the members it has from now on."""
    _may_change(segment, by)
    if segment.run_id is None:
        raise Refused(_("Its members are still being found: try again in a minute."), code="not_counted")
    if not Segment.objects.filter(pk=segment.pk, kind=Kind.LIVING).update(kind=Kind.STATIC):
        raise AlreadyDone(_("“%(name)s” is static already.") % {"name": segment.name})
    record(by=by, did="froze a segment", on=segment, name=segment.name)
    segment.refresh_from_db()
    return segment


@transaction.atomic
def remove(*, segment, by):
    """Raises `Refused` while something else is built on it."""
    _may_change(segment, by)
    record(by=by, did="removed a segment", on=segment, name=segment.name)
    try:
        with transaction.atomic():
            segment.delete()
        transaction.on_commit(lambda: cache.delete(names_key(by.pk)))
    except IntegrityError as error:  # ProtectedError is one
        raise Refused(_("“%(name)s” is in use elsewhere; take it out there first.") % {"name": segment.name}, code="in_use") from error


def refresh(*, at, limit=200) -> int:
    """Find the members of segments that the run in force, or its groups, have not been asked about; how many were done. Safe to run twice.

    While groups are being sought or put in force nobody is asked: a segment of a group would find who was in it before.
    """
    run, done = Run.objects.in_force(), 0
    if run is None or groups.in_flux(run=run, at=at):
        return 0
    stale = Segment.objects.stale(run, groups.sought_anew_at())
    for pk in list(stale.order_by("pk").values_list("pk", flat=True)[:limit]):
        done += _refresh_one(stale, pk, run, at)
    return done


@transaction.atomic
def _refresh_one(stale, pk, run, at):
    segment = stale.select_for_update(skip_locked=True, of=("self",)).filter(pk=pk).first()
    if segment is None:
        return 0
    try:
        _fill(segment, parse(segment.rule, fields()), run, at)
    except (BadRule, Refused) as error:  # a unit or a feature that is no more: said on its page, the members stay as they were
        log.warning("segment %s keeps its members: %s", pk, error)
        said = refusal(error, catalogue()) if isinstance(error, BadRule) else str(error)
        Segment.objects.filter(pk=pk).update(run=run, error=said[:300])
    return 1


def _fill(segment, rule, run, at):
    """Members by set difference: who left goes, who came is added, the others are not touched."""
    found = judged.keys(rule=rule, run=run)
    with connection.cursor() as db:
        db.execute("drop table if exists pg_temp.segment_found")
        db.execute("create temp table segment_found (account_id bigint primary key) on commit drop")
        db.copy_expert("copy segment_found from stdin", io.StringIO("".join(f"{key}\n" for key in found)))
        db.execute("analyze segment_found")
        db.execute(_FILL, {"segment": segment.pk, "run": run.pk, "as_of": run.as_of})
    segment.run, segment.counted_at, segment.error = run, at, ""
    Segment.objects.filter(pk=segment.pk).update(run=run, counted_at=at, error="")


_FILL = """
with gone as (
    delete from segmentation_segmentmember m where segment_id = %(segment)s
    and not exists (select from segment_found f where f.account_id = m.account_id) returning account_id
), come as (
    insert into segmentation_segmentmember (segment_id, account_id, since)
    select %(segment)s, f.account_id, %(as_of)s from segment_found f join crm_account a on a.id = f.account_id
    where not exists (select from segmentation_segmentmember m where m.segment_id = %(segment)s and m.account_id = f.account_id)
    returning account_id
), moves as (
    select account_id, 0 as members, 0 as joined, 1 as gone from gone
    union all select account_id, 0, 1, 0 from come
    union all select account_id, 1, 0, 0 from segment_found
)
insert into segmentation_segmentsize (segment_id, run_id, unit_id, members, joined, "left")
select %(segment)s, %(run)s, a.unit_id, sum(members), sum(joined), sum(gone)
from moves join crm_account a on a.id = moves.account_id group by a.unit_id
on conflict (segment_id, run_id, unit_id) do update
set members = excluded.members, joined = segmentation_segmentsize.joined + excluded.joined, "left" = segmentation_segmentsize."left" + excluded."left"
"""


def _saved(segment):
    try:
        with transaction.atomic():
            segment.save()
    except IntegrityError as error:
        if "one_segment_of_a_name" not in str(error):
            raise
        raise Refused(
            _("You already have a segment called “%(name)s”: choose another name.") % {"name": segment.name}, code="name_taken"
        ) from error
    transaction.on_commit(lambda: cache.delete(names_key(segment.owner_id)))
    return segment


def _may_change(segment, by):
    if not segment.may_be_changed_by(by):
        raise Refused(
            _("Only %(owner)s can change this segment; save a copy of your own instead.") % {"owner": segment.owner}, code="not_yours"
        )


def _may_share(by, shared):
    if shared and not by.has_perm("segmentation.share_segment"):
        raise Refused(_("Your role can keep segments for itself; ask an analyst or a supervisor to share one."), code="may_not_share")
