"""The pictures of an event, from the file that was sent to the files that are served: added, removed, copied, freed.

Files bear random names and are shared by equal pictures; one is erased when no row refers to it any more, after the
commit, and what a crash leaves behind is swept at night.
"""

import logging
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core import strays
from events.images import Drawn
from events.models import Event, Picture

logger = logging.getLogger(__name__)

_COLUMNS = ("kind", "alt", "file", "small", "width", "height", "size", "digest")


@transaction.atomic
def attach(event: Event, drawn: Drawn, *, kind: str, alt: str = "") -> Picture:
    """Show ``drawn``; another image takes the place of the first. Raises OSError, with nothing kept, on a full disk."""
    # Held, so that whoever removes the last row of these files waits, and then finds this one.
    twin = Picture.objects.select_for_update().filter(digest=drawn.digest).first()
    file, small = (twin.file.name, twin.small.name) if twin else _write(drawn)
    if kind == Picture.Kind.IMAGE:
        for other in event.pictures.filter(kind=kind).exclude(digest=drawn.digest):
            remove(other)
    sizes = {"width": drawn.width, "height": drawn.height, "size": len(drawn.data)}
    values = {"file": file, "small": small, "alt": alt, **sizes}
    return Picture.objects.update_or_create(event=event, kind=kind, digest=drawn.digest, defaults=values)[0]


def remove(picture: Picture) -> None:
    """Erase its row, then its files unless another picture shows them; call in a transaction."""
    names = [name for name in (picture.file.name, picture.small.name) if name]
    picture.delete()
    transaction.on_commit(lambda: _free(names), robust=True)


def as_values(event: Event) -> list[dict[str, Any]]:
    """The pictures of ``event`` in JSON, its image first; what ``set_values`` takes back."""
    return [{name: _plain(getattr(picture, name)) for name in _COLUMNS} for picture in event.pictures.all()]


@transaction.atomic
def set_values(event: Event, values: Iterable[Mapping[str, Any]]) -> None:
    """Make the pictures of ``event`` those of ``values``, of ``as_values`` of any event; their files are not copied."""
    wanted = {(value["kind"], value["digest"]): value for value in values}
    digests = [digest for _, digest in wanted]
    list(Picture.objects.select_for_update().filter(digest__in=digests).values_list("pk"))
    for picture in event.pictures.all():
        if (picture.kind, picture.digest) not in wanted:
            remove(picture)
    for (kind, digest), value in wanted.items():
        Picture.objects.update_or_create(event=event, kind=kind, digest=digest, defaults=dict(value))


def unused() -> list[str]:
    """The files that no picture refers to and that were there yesterday already."""
    return strays.find("", {name for pair in Picture.objects.values_list("file", "small") for name in pair})


def _write(drawn: Drawn) -> tuple[str, str]:
    written: list[str] = []
    try:
        for data in (drawn.data, drawn.small):
            name = f"{secrets.token_hex(16)}.{drawn.extension}"
            written.append(default_storage.save(name, ContentFile(data)) if data else "")
    except OSError:
        for name in written:
            default_storage.delete(name)
        raise
    file, small = written
    return file, small


def _free(names: list[str]) -> None:
    for name in names:
        if not Picture.objects.stored_as(name).exists():
            default_storage.delete(name)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int) else value.name
