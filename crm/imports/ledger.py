"""What has been loaded before, by the fingerprint of the file."""

import hashlib

from django.utils import timezone

from crm.imports.models import ImportBatch, ImportKind
from crm.imports.problems import FileProblem

# Kinds that write the same table: a later file of one may undo what the other wrote, so that loading it again is something to do after all.
FAMILIES = [{ImportKind.BILLS, ImportKind.CONSUMPTION}]


def fingerprint(chunks) -> str:
    """sha256 of a file read in pieces."""
    digest = hashlib.sha256()
    for piece in chunks:
        digest.update(piece)
    return digest.hexdigest()


def refuse_what_is_loaded(*, kind, sha256):
    """Raises `FileProblem("already_loaded")` when exactly this file went in whole and nothing of its kind was loaded since."""
    loaded = ImportBatch.objects.filter(state=ImportBatch.State.LOADED)
    earlier = loaded.filter(kind=kind, sha256=sha256, failed=0).order_by("-finished_at").select_related("uploaded_by").first()
    if earlier is None:
        return
    family = next((group for group in FAMILIES if kind in group), {kind})
    if loaded.filter(kind__in=family, finished_at__gt=earlier.finished_at).exclude(created=0, updated=0).exists():
        return
    raise FileProblem(
        "already_loaded", at=f"{timezone.localtime(earlier.finished_at):%Y-%m-%d %H:%M}", by=earlier.by_whom, batch=earlier.pk
    )
