"""A Sentry server that the portal reports to."""

from collections.abc import Iterator

import pytest
import sentry_sdk

from semaine import failures
from tests.semaine.sentry import Kept


@pytest.fixture
def sent() -> Iterator[Kept]:
    failures.report_to("https://key@sentry.example/1")
    client = sentry_sdk.get_client()
    client.transport = kept = Kept()
    yield kept
    client.close(timeout=0)
    sentry_sdk.init()
