"""Sessions in the database, found by keys that the portal could have given: a cookie may hold anything."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    def _validate_session_key(self, key: str | None) -> bool:
        """A NUL, which a quoted cookie may hold, is a failure on PostgreSQL."""
        is_ours = bool(key and key.isascii() and key.isalnum())
        # Django has this method, its stubs do not.
        return is_ours and super()._validate_session_key(key)  # type: ignore[misc]
