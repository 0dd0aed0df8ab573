"""Whether a transaction was kept whose COMMIT got no answer.

Each transition adds entries to the trail in its own transaction, so the trail knows: the last entry of it
is there, with its digest, or the transaction was not kept. A visitor carries which entry that is, sealed.
"""

from contextvars import ContextVar

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from competencies.trail.models import Entry, Head
from ladder.web.encryption import Seal

GOOD_FOR = 60 * 60 * 24
_SEAL = Seal(b"ladder outcomes")
_joined: ContextVar[str] = ContextVar("joined", default="")
_kept: ContextVar[str] = ContextVar("kept", default="")


@receiver(post_save, sender=Head)
def remember(sender, instance, **kwargs):
    """Remember the entry that was joined to the chain last, until its transaction is kept."""
    _joined.set(str(instance))
    transaction.on_commit(_keep)


def _keep() -> None:
    _kept.set(_joined.get())
    _joined.set("")


def forget() -> None:
    """Remember no entry: what comes is another request."""
    _joined.set("")
    _kept.set("")


def witness() -> str:
    """Return, sealed, the entry by which the transaction that just broke is known; empty if it wrote none."""
    return _SEAL.seal(_joined.get()) if _joined.get() else ""


def witness_of_kept() -> str:
    """Return, sealed, the last entry that this request has kept already; empty if it kept none."""
    return _SEAL.seal(_kept.get()) if _kept.get() else ""


@transaction.atomic
def is_kept(sealed: str) -> bool | None:
    """Return True if the transaction of a witness was kept, or None where nobody can tell any more.

    Locking the head waits for a transaction that is still about to end.
    """
    try:
        sequence, _colon, digest = _SEAL.unseal(sealed, GOOD_FOR).partition(":")
    except InvalidToken:
        return None
    Head.objects.select_for_update().filter(pk=1).first()
    return Entry.objects.filter(sequence=int(sequence), digest=digest).exists()
