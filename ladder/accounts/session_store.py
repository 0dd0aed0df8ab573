"""Sessions in the database, which outlive a move of the sign-in back end that they name."""

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.sessions.backends import db

MOVED = {"competencies.access.backends.PermissionBackend": "competencies.core.backends.PermissionBackend"}


class SessionStore(db.SessionStore):
    """A session that is read with the back end's path of today."""

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        session = super().decode(session_data)
        if (stored := session.get(BACKEND_SESSION_KEY)) in MOVED:
            session[BACKEND_SESSION_KEY] = MOVED[stored]
        return session
