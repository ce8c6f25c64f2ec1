"""An application entrusted to the examiners of another région, or to the national team."""

from labels.models import Application
from labels.moves import MoveRefused, Request
from places.models import Region


def is_another(application: Application, request: Request) -> None:
    """The change names one région, which exists and is not the one that examines it; None is the national team."""
    code = request.changes.get("region", "")
    if code is not None and not Region.objects.filter(code=code).exists():
        raise MoveRefused("Cette région n’existe pas.")
    if code == application.region_id:
        raise MoveRefused("Cette demande y est déjà.")


def move(application: Application, request: Request) -> None:
    """Whoever had it in hand there has it no more."""
    code = request.changes["region"]
    is_moved = code != application.event.region_id
    Application.objects.filter(pk=application.pk).update(region=code, is_moved=is_moved, assigned_to=None)
