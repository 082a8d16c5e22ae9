"""Readings as files, loaded into a lake of the test's own."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile

from crm.imports import services
from crm.imports.models import ImportBatch
from segmentation.readings.models import ReadingsFile
from segmentation.readings.services import load_of

AT = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _own_lake(settings, tmp_path):
    settings.LAKE_URL = (tmp_path / "lake").as_uri()
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def send(administrator):
    """`send(text or bytes, name)` → the batch after it was loaded, or checked with `dry=True`."""

    def sending(content, name="readings.csv", *, dry=False, by=administrator):
        content = content.encode() if isinstance(content, str) else content
        batch = services.receive(upload=ContentFile(content, name), name=name, kind="readings", at=AT, by=by)
        if dry:
            services.check(batch_id=batch.pk)
        else:
            services.queue_unseen(batch=batch)
            services.load(batch_id=batch.pk)
        return ImportBatch.objects.get(pk=batch.pk)

    return sending


@pytest.fixture
def day_of_account(account):
    """`day_of_account("2026-11-02")` → Wh of the intervals of that day as they stand."""

    def read(day, of=account):
        found = load_of(account_id=of.pk).of_day(dt.date.fromisoformat(day))
        return found.wh[0, : int(found.slots[0])].tolist() if len(found) else None

    return read


@pytest.fixture
def files():
    return lambda: ReadingsFile.objects.count()


def lines(number, day="2026-11-02", kwh=lambda slot: 1 + slot / 100, slots=range(96), minutes=15):
    """A day of readings as lines of CSV below their header."""
    out = ["account,start,kwh"]
    for slot in slots:
        minute = slot * minutes
        out.append(f"{number},{day} {minute // 60:02d}:{minute % 60:02d},{kwh(slot):.3f}")
    return "\n".join(out) + "\n"
