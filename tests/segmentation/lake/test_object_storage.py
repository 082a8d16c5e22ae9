"""The lake in object storage, on an S3 server in this process."""

import datetime as dt

import boto3
import pytest
from moto.server import ThreadedMotoServer

from crm.changes.services import touch
from segmentation.lake import services
from segmentation.lake.session import lake
from tests.segmentation.billed import bill_accounts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bucket(monkeypatch, settings):
    server = ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"
    for name, value in {
        "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket="utility")
    settings.LAKE_URL = "s3://utility/lake"
    yield client
    server.stop()


def names(bucket):
    return {it["Key"] for it in bucket.list_objects_v2(Bucket="utility").get("Contents", [])}


def test_the_lake_may_lie_in_object_storage(bucket, east, synced, opened):
    bill_accounts(accounts=5, months=3, unit_id=east.pk)
    first = synced()
    assert "lake/bills/period=2026-10/part.parquet" in names(bucket)
    with opened() as session:
        assert services.open_tables(session=session, lake=lake())["bills"].count("*").fetchone() == (15,)
    touch(table="bills", periods=[dt.date(2026, 9, 1)])
    assert len(first.months["bills"]) == 3
    assert synced().months["bills"] == [dt.date(2026, 9, 1)]
    bucket.delete_object(Bucket="utility", Key="lake/bills/period=2026-08/part.parquet")
    assert synced().months["bills"] == [dt.date(2026, 8, 1)]
