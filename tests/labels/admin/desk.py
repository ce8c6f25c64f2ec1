"""How tests go to the examiner's desk, and what they read there."""

import re
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.models import Organisation, User
from labels.models import Action, Application

# What the test client answers: Django's responses with `context`, `url` and `json`, which no class declares.
Page = Any

QUEUE = reverse("admin:labels_application_changelist")
EXPORT = reverse("admin:labels_application_export")
BULK = reverse("admin:labels_application_bulk")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def owner_of(application: Application) -> User:
    assert application.created_by
    return application.created_by


def organisation_of(application: Application) -> Organisation:
    assert application.event.organisation
    return application.event.organisation


def page_of(application: Application) -> str:
    return reverse("admin:labels_application_change", args=[application.pk])


def decide(client: Client, application: Application, action: Action, **data: Any) -> Page:
    url = reverse("admin:labels_application_decision", args=[application.pk])
    filters = data.pop("filters", "")
    posted = {"action": action.value, "version": application.version, **data}
    return client.post(f"{url}?_changelist_filters={filters}", posted)


def confirm(client: Client, action: Action, *applications: Application, **data: Any) -> Page:
    """The second step of a decision in bulk."""
    versions = ",".join(f"{application.pk}:{application.version}" for application in applications)
    return client.post(BULK, {"action": action.value, "versions": versions, **data})


def text_of(response: Page) -> str:
    """What a person reads of a page: no tags, no entities, single spaces."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def references(response: Page) -> list[str]:
    return [application.reference for application in response.context["cl"].result_list]


def state_of(application: Application) -> str:
    return Application.objects.values_list("state", flat=True).get(pk=application.pk)
