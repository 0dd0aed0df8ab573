"""The counts that limits on guessing rest on, beside the data, in the database."""

from collections.abc import Callable
from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, IntegrityError, connections, router


class Counts(DatabaseCache):
    """A cache in the database that says so when the database is away or busy.

    Django's takes that for a row that is there already, which limits take for too many guesses.
    """

    def _base_set(self, mode: str, key: str, value: object, timeout: Any = None) -> Any:
        met: list[DatabaseError] = []

        def note(execute: Callable[..., Any], *arguments: object) -> Any:
            try:
                return execute(*arguments)
            except IntegrityError:
                raise  # somebody else added the row first
            except DatabaseError as error:
                met.append(error)
                raise

        connection = connections[router.db_for_write(self.cache_model_class)]
        with connection.execute_wrapper(note):
            kept = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]
        if met:
            raise met[0]
        return kept
