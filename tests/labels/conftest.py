"""A draft open in the browser; modules that need none of it have drafts of their own."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext
from pytest_django.live_server_helper import LiveServer

from labels.models import Application
from tests import factories
from tests.labels import answers


@pytest.fixture
def draft(client: Client, context: BrowserContext, live_server: LiveServer) -> Application:
    """A draft whose organiser is signed in, in the browser too."""
    draft = answers.begun(client, factories.organiser())
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    return draft
