"""One application with all that was declared: what the last page of its form shows, and what a move judges and logs."""

from accounts.models import User
from core.prepared import Prepared
from events import contents
from labels.models.applications import Application
from labels.models.querysets import ApplicationQuerySet


def _whole(found: ApplicationQuerySet) -> ApplicationQuerySet:
    return found.select_related("event__edition", "event__organisation", "event__commune").order_by()


def _own(user: int, reference: str) -> ApplicationQuerySet:
    return Application.objects.of(User(pk=user)).filter(reference=reference)


_BY_KEY = Prepared(lambda key: _whole(Application.objects.filter(pk=key)), key=int)
_OF_ORGANISER = Prepared(lambda user, reference: _whole(_own(user, reference)), user=int, reference=str)
_HELD = Prepared(
    lambda user, reference, version: _whole(
        _own(user, reference).editable().filter(version=version).select_for_update(of=("self",), no_key=True)
    ),
    user=int,
    reference=str,
    version=int,
)


def whole(key: int) -> Application:
    return _with_contents(_BY_KEY.get(key=key))


def of_organiser(user: User, reference: str) -> Application:
    """As ``ApplicationQuerySet.of`` lets them see it; raises DoesNotExist."""
    return _with_contents(_OF_ORGANISER.get(user=_key_of(user), reference=reference))


def held(user: User, reference: str, *, seen: int) -> Application | None:
    """An organiser's to change, and kept from others until the caller's transaction ends.

    None when it is theirs no longer, or when somebody has changed since the version ``seen`` what is declared.
    """
    try:
        return _with_contents(_HELD.get(user=_key_of(user), reference=reference, version=seen))
    except Application.DoesNotExist:
        return None


def _key_of(user: User) -> int:
    """Staff sees applications in the admin alone, those that it made before it was staff too: ``of`` finds none then,
    which is a question of another shape.
    """
    if user.is_staff:
        raise Application.DoesNotExist
    return user.pk


def _with_contents(found: Application) -> Application:
    contents.read_ahead(found.event)
    return found
