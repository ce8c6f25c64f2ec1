"""What the DGE's team would have published: the press releases and the partners that two public texts tell of."""

import tomllib
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from editorial.first import load_resources
from editorial.models import Partner

CONTENTS = Path(__file__).parent / "editorial.toml"


def load() -> None:
    call_command("load_editorial", verbosity=0)
    load_resources(CONTENTS)
    families: dict[str, list[str]] = tomllib.loads(CONTENTS.read_text())["partners"]
    Partner.objects.bulk_create(
        Partner(name=name, kind=kind, position=rank, published_from=timezone.now())
        for kind, names in families.items()
        for rank, name in enumerate(names)
    )
