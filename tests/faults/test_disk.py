"""The disk is full when a picture arrives: no part of it stays, its sender is told, what was typed is kept."""

import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse

from tests import factories, pictures
from tests.labels import answers
from tests.portal import Portal, posting

pytestmark = [pytest.mark.postgresql, pytest.mark.fault]

# Bytes: more than a page of the log, less than a photograph.
ROOM = 100_000


def no_more_room() -> None:
    """The kernel refuses to write on, in the middle of a file, as it does on a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


def test_a_picture_for_which_there_is_no_room_leaves_no_part_of_it_and_the_text_is_kept(
    start_portal: Callable[..., Portal], postgresql_url: str, tmp_path: Path
) -> None:
    owner = factories.organiser()
    draft = factories.application(by=owner)
    portal = start_portal(before=no_more_room, DATABASE_URL=postgresql_url, REDIS_URL="", MEDIA_ROOT=str(tmp_path))
    photograph = pictures.photograph()
    assert len(photograph) > ROOM
    typed = {**answers.EVENT, "title": "Visite de nuit", "image-alt": "La coulée du métal", "action": "continue"}
    address = reverse("labels:step", args=[draft.reference, "evenement"])

    told = posting(portal.signed_in(owner), address, files={"image-file": ("forge.jpg", photograph)}, **typed)

    assert (told.status_code, "Rien n’est perdu du reste" in told.text) == (200, True)
    assert "Visite de nuit" in told.text
    draft.event.refresh_from_db()
    assert (draft.event.title, draft.event.pictures.count()) == ("Visite de nuit", 0)
    assert list(tmp_path.rglob("*")) == []
