"""Sessions in the database, found by keys that the portal could have given: a cookie may hold anything.

An organiser who works keeps their session; a member of staff signs in anew each half day.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from accounts.models import User
from core import prepared

RENEWED_AFTER = timedelta(days=1)
STAFF_SESSION = timedelta(hours=12)
# At each page of whoever is signed in, and twice for each message: Django takes longer to write both than they take.
_CHANGE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"
_BY_KEY = prepared.Prepared(lambda key: Session.objects.filter(session_key=key), key=str)


class SessionStore(db.SessionStore):
    # When the stored session ends; None where there is none.
    ends_at: datetime | None = None

    def _validate_session_key(self, key: str | None) -> bool:
        """A NUL, which a quoted cookie may hold, is a failure on PostgreSQL."""
        is_ours = bool(key and key.isascii() and key.isalnum())
        # Django has this method, its stubs do not.
        return is_ours and super()._validate_session_key(key)  # type: ignore[misc]

    def _get_session_from_db(self) -> Session | None:
        # Without a key there is nothing to ask for; what has ended is found no more.
        rows = _BY_KEY.rows(key=self.session_key) if self.session_key else []
        row = next((row for row in rows if row.expire_date > timezone.now()), None)
        self.ends_at = row.expire_date if row else None
        if row is None:
            self._session_key = None
        return row

    def save(self, must_create: bool = False) -> None:
        """A stored session changes by one statement, which is a transaction by itself."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        # Django has this method, its stubs do not.
        row = self.create_model_instance(self._get_session())  # type: ignore[attr-defined]
        ends_at = connection.ops.adapt_datetimefield_value(row.expire_date)
        with prepared.cursor() as cursor:
            cursor.execute(_CHANGE, [row.session_data, ends_at, row.session_key])
            if not cursor.rowcount:
                raise UpdateError


def bound(request: HttpRequest) -> None:
    """End the session of a member of staff half a day after it began, whatever they do."""
    request.session.set_expiry(timezone.now() + STAFF_SESSION)


def end_all(user: Any) -> None:
    """Every session of theirs, on whatever device, with what it kept of their pages."""
    for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if row.get_decoded().get(SESSION_KEY) == str(user.pk):
            row.delete()


def renew_sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Put off the end of an organiser's session that is used, once a day at most: a page costs no write."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        # What did not read the session stays without a cookie, and may be kept by caches.
        if request.session.accessed and SESSION_KEY in request.session and _is_due(request.session):
            _renew(request)
        return response

    return answer


def _renew(request: HttpRequest) -> None:
    """An account that its owner comes back to is in use, though they do not sign in anew."""
    user = request.user
    if user.is_authenticated and not user.is_staff:
        request.session.modified = True
        User.objects.filter(pk=user.pk).update(last_login=timezone.now())


def _is_due(session: Any) -> bool:
    full = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    return (
        session.ends_at is not None and not session.modified and session.ends_at < timezone.now() + full - RENEWED_AFTER
    )
