"""The first contents: resources in a file of TOML, with their texts, for a new installation to begin from."""

import tomllib
from pathlib import Path
from typing import Any

from django.utils import timezone

from editorial.models import Resource, Space

FIRST = Path(__file__).parent / "data" / "resources.toml"


def load_resources(path: Path = FIRST) -> int:
    """Publish those of ``path`` whose address is not taken; how many. What an editor changed since stays."""
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text())["resource"]
    known = set(Resource.objects.values_list("slug", flat=True))
    new = [_resource(entry) for entry in entries if entry["slug"] not in known]
    return len(Resource.objects.bulk_create(new))


def _resource(entry: dict[str, Any]) -> Resource:
    spaces = {Space(value).column: True for value in entry.pop("spaces")}
    return Resource(**{"published_from": timezone.now(), **entry, **spaces})
