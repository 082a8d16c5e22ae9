"""Files as people send them, and the shortest way to have one loaded."""

import datetime as dt
import io
import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from openpyxl import Workbook

from crm.imports import services
from crm.imports.models import ImportBatch

AT = dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)
SHARED_DATA = Path(os.environ.get("GREENLANE_SHARED_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))


def xlsx(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.fixture
def send(administrator):
    """`send(kind, text or bytes)` → a received batch."""

    def sending(kind, content, name="file.csv", **more):
        content = content.encode() if isinstance(content, str) else content
        return services.receive(
            upload=ContentFile(content, name), name=name, kind=kind, at=more.pop("at", AT), by=more.pop("by", administrator), **more
        )

    return sending


@pytest.fixture
def load(send):
    """`load(kind, text or bytes)` → the batch after it was loaded."""

    def loading(kind, content, name="file.csv", **more):
        batch = send(kind, content, name, **more)
        services.queue_unseen(batch=batch)
        services.load(batch_id=batch.pk)
        return ImportBatch.objects.get(pk=batch.pk)

    return loading


@pytest.fixture
def check(send):
    def checking(kind, content, name="file.csv", **more):
        batch = send(kind, content, name, **more)
        services.check(batch_id=batch.pk)
        return ImportBatch.objects.get(pk=batch.pk)

    return checking


@pytest.fixture
def uci_file():
    path = SHARED_DATA / "uci_electricity_weekly.tsf"
    if not path.exists():
        pytest.skip(f"the real consumption file is not at {path}; set GREENLANE_SHARED_DATA")
    return path


def counts(batch):
    return batch.created, batch.updated, batch.unchanged, batch.failed


def codes(batch):
    return [(problem["row"], problem["field"], problem["code"]) for problem in batch.problems]
