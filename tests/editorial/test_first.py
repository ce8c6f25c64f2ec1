"""The first contents: loaded once, set as French is set, leading only to pages that are there."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from demo.editorial import CONTENTS
from editorial.first import FIRST, load_resources
from editorial.forms.fields import MarkupField
from editorial.markup import render
from editorial.models import Correspondent, Resource
from tests import factories
from tests.test_consistency import misset

pytestmark = pytest.mark.django_db


def test_an_installation_begins_with_correspondents_and_resources_and_is_then_left_alone() -> None:
    for code in ("76351", "97302"):
        factories.commune(code)
    call_command("load_editorial", verbosity=0)
    Resource.objects.exclude(slug="liste-de-controle").delete()
    Resource.objects.update(title="Revu par l’équipe")
    Correspondent.objects.filter(region="28").update(service="Revu aussi")

    call_command("load_editorial", verbosity=0)

    assert dict(Correspondent.objects.values_list("region", "service")) == {
        "28": "Revu aussi",
        "03": "DGCOPOP de Guyane",
    }
    assert Resource.objects.get().title == "Revu par l’équipe"


def test_each_space_has_something_to_read_at_first(client: Client) -> None:
    load_resources()

    for address in ("/ressources/enseignants/", "/ressources/entreprises/", "/ressources/visiteurs/"):
        assert len(client.get(address).context["sections"]) >= 1


@pytest.mark.parametrize("path", [FIRST, CONTENTS], ids=["production", "demonstration"])
def test_the_first_contents_are_written_as_editors_must(path: Path) -> None:
    texts = [value for entry in _entries(path) for value in entry.values() if isinstance(value, str)]

    assert [fault for text in texts for fault in misset(text)] == []
    for entry in _entries(path):
        MarkupField(required=False).clean(entry.get("text", ""))
        assert len(entry["title"]) <= 120
        assert len(entry["summary"]) <= 300


@pytest.mark.parametrize("path", [FIRST, CONTENTS], ids=["production", "demonstration"])
def test_the_first_contents_lead_to_pages_that_are_there(client: Client, path: Path) -> None:
    load_resources(FIRST)
    links = {link for entry in _entries(path) for link in re.findall(r'href="(/[^"#]*)', render(entry.get("text", "")))}

    statuses = {link: client.get(link).status_code for link in links}
    assert {link: status for link, status in statuses.items() if status not in {200, 302}} == {}


def _entries(path: Path) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text())["resource"]
    return entries
