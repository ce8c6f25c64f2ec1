"""The groups of staff, there from the first migration on, and what that of communication does not open."""

from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from labels.models import State
from labels.permissions import COMMUNICATION, GROUPS
from tests import factories

pytestmark = pytest.mark.django_db


def permissions() -> dict[str, set[str]]:
    return {
        group.name: {
            f"{permission.content_type.app_label}.{permission.codename}" for permission in group.permissions.all()
        }
        for group in Group.objects.all()
    }


def test_the_command_makes_the_groups_and_mends_those_of_an_older_version() -> None:
    Group.objects.all().delete()
    Group.objects.create(name=COMMUNICATION).permissions.set([1, 2, 3])
    call_command("make_groups", stdout=StringIO())

    assert permissions() == GROUPS


def test_communication_reads_figures_and_publishes_and_sees_no_application() -> None:
    client, application = Client(), factories.application(state=State.SUBMITTED)
    user: User = factories.organiser(is_staff=True)
    user.groups.add(Group.objects.get(name=COMMUNICATION))
    client.force_login(user)
    lists = [
        "accounts_user",
        "accounts_organisation",
        "accounts_auditentry",
        "core_mail",
        "events_edition",
        "editorial_correspondent",
    ]
    addresses = [reverse(f"admin:{name}_changelist") for name in lists]
    addresses += [reverse("admin:labels_application_changelist"), reverse("admin:labels_application_export")]
    decided = client.post(
        reverse("admin:labels_application_decision", args=[application.pk]), {"action": "approve", "version": "1"}
    )

    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:editorial_resource_changelist")).status_code == 200
    assert {client.get(address).status_code for address in addresses} == {403}
    assert client.get(reverse("admin:labels_application_change", args=[application.pk])).status_code in {403, 404}
    assert decided.status_code in {403, 404}
    application.refresh_from_db()
    assert application.state == State.SUBMITTED
