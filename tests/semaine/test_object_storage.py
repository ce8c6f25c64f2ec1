"""Media in a bucket: the same promises as on a disk, by the real client against a stand-in of its server."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import boto3
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import Client
from django.utils import timezone
from moto import mock_aws
from pytest_django import Settings

from core import retention
from events.images import draw
from events.models import Picture
from events.pictures import attach
from tests import factories, pictures
from tests.purging import purged
from tests.services import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning")]

BUCKET = "semaine-essai"


@pytest.fixture
def bucket(settings: Settings) -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="eu-west-3", aws_access_key_id="x", aws_secret_access_key="x")
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
        options = {"bucket_name": BUCKET, "region_name": "eu-west-3", "access_key": "x", "secret_key": "x"}
        backend = {"BACKEND": "semaine.object_storage.ObjectMediaStorage", "OPTIONS": options}
        settings.STORAGES = {**settings.STORAGES, "default": backend}
        yield client


def names(bucket: Any) -> list[str]:
    return [item["Key"] for item in bucket.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def shown() -> Picture:
    event = factories.event(edition=factories.edition(2024))
    event.publish()
    return attach(event, draw(BytesIO(pictures.image())), kind=Picture.Kind.IMAGE, alt="L’atelier")


def test_a_picture_is_kept_in_the_bucket_and_served_by_the_portal(bucket: Any, client: Client) -> None:
    picture = shown()

    answer = client.get(f"/media/{picture.file.name}")

    assert picture.file.name in names(bucket)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content == bucket.get_object(Bucket=BUCKET, Key=picture.file.name)["Body"].read()


def test_nothing_is_sent_with_the_sums_that_other_storages_than_amazon_s_refuse(bucket: Any) -> None:
    sent: list[dict[str, Any]] = []
    storage: Any = storages["default"]
    storage.connection.meta.client.meta.events.register(
        "before-send.s3.PutObject", lambda request, **_: sent.append(dict(request.headers))
    )

    storage.save("image.png", ContentFile(b"x"))

    (headers,) = sent
    assert not [name for name in headers if "checksum" in name.lower() or name.lower() == "x-amz-trailer"]


def test_what_no_picture_shows_is_erased_at_night_and_the_rest_stays(bucket: Any) -> None:
    picture = shown()
    default_storage.save("orphelin.png", ContentFile(b"x"))
    with time_machine.travel(timezone.now() + timedelta(days=2), tick=False):
        count = purged(retention.FILE)

    assert count == 1
    assert set(names(bucket)) == {name for name in (picture.file.name, picture.small.name) if name}


def test_an_object_that_is_gone_is_absent_and_a_storage_that_refuses_is_a_fault_of_the_disk(bucket: Any) -> None:
    picture = shown()
    bucket.delete_object(Bucket=BUCKET, Key=picture.file.name)

    with pytest.raises(FileNotFoundError):
        default_storage.open(str(picture.file.name))
    assert default_storage.listdir("editorial") == ([], [])


def test_a_bucket_that_refuses_leaves_no_row(bucket: Any) -> None:
    event = factories.event(edition=factories.edition(2024))
    bucket.delete_bucket(Bucket=BUCKET)

    with pytest.raises(OSError, match="refused"):
        attach(event, draw(BytesIO(pictures.image())), kind=Picture.Kind.IMAGE)

    assert not Picture.objects.exists()


def test_a_bucket_that_does_not_answer_leaves_no_row(settings: Settings) -> None:
    options = {"bucket_name": BUCKET, "endpoint_url": f"http://127.0.0.1:{free_port()}", "region_name": "eu-west-3"}
    backend = {
        "BACKEND": "semaine.object_storage.ObjectMediaStorage",
        "OPTIONS": {**options, "access_key": "x", "secret_key": "x"},
    }
    settings.STORAGES = {**settings.STORAGES, "default": backend}

    with pytest.raises(OSError, match="refused"):
        attach(factories.event(edition=factories.edition(2024)), draw(BytesIO(pictures.image())), kind="image")

    assert not Picture.objects.exists()
